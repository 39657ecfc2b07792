public import FX
public import FakeTensors
import OperatorSchemas
import ShapePropagation
public import SymbolicShapes

extension GraphModule {
  /// Removes views that show an earlier tensor as it is.
  ///
  ///     %t = transpose(%x, 0, 1)
  ///     %u = transpose(%t, 0, 1)         %x again
  ///     %r = relu(%u)                    %r = relu(%x)
  ///
  /// A view of the same memory with the same sizes, strides, offset and dtype has the same elements, whatever operators
  /// lead to it. No output turns into an input or another output.
  ///
  /// - Parameters:
  ///   - values: the value of each node.
  ///   - shapes: the environment of the values.
  /// - Returns: for each removed node, the node that replaces it.
  /// - Throws: ``FX/GraphError`` when the graph is not well formed.
  @discardableResult
  public mutating func removeIdentityViews(
    values: NodeMap<FakeValue>, _ shapes: ShapeEnv
  ) throws -> NodeMap<Node> {
    try lint()
    let memory = WrittenMemory(self, values: values)
    let isVisible = graph.visibleNodes
    var replaced: NodeMap<Node> = [:]
    for node in graph.nodes {
      guard let tensor = values[node]?.tensor, !memory.reshapes(tensor) else { continue }
      var source = graph.viewed(by: node)
      while let candidate = source {
        guard let value = values[candidate]?.tensor, value.storage == tensor.storage else { break }
        if tensor.isLike(value, shapes), tensor.requiresGrad == value.requiresGrad,
          !(isVisible.outputs.contains(node) && isVisible.all.contains(candidate))
        {
          graph.replaceAllUses(of: node, with: candidate)
          try graph.erase(node)
          replaced[node] = candidate
          break
        }
        source = graph.viewed(by: candidate)
      }
    }
    return replaced
  }
}

extension Graph {
  /// The outputs, and with them the inputs.
  var visibleNodes: (outputs: NodeSet, all: NodeSet) {
    let outputs = outputNode.map { inputs(of: $0) } ?? []
    return (NodeSet(outputs), NodeSet(outputs + findNodes(.placeholder)))
  }

  /// The tensor that a view operator views.
  fileprivate func viewed(by node: Node) -> Node? {
    guard op(of: node) == .callFunction, target(of: node).isOperatorOverload,
      let name = OperatorName(target(of: node).text), let schema = SchemaTable.schema(for: name),
      schema.isView, case .node(let source)? = argument(0, of: node)
    else { return nil }
    return source
  }
}
