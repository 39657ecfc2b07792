public import FX
public import FakeTensors
import OperatorSchemas
import ShapePropagation
public import SymbolicShapes
import TensorVocabulary

extension GraphModule {
  /// Removes calls whose result is their argument: views of the same sizes, copies, sums and pads of nothing.
  ///
  ///     %v = view(%a, [2, 4])     %a has these sizes
  ///     %r = relu(%v)                                       %r = relu(%a)
  ///
  /// No output turns into an input or another output. Copies of memory that is written to stay, which PyTorch does not
  /// ask because its graphs have no such writes.
  ///
  /// - Parameters:
  ///   - values: the value of each node.
  ///   - shapes: the environment of the values.
  /// - Returns: for each removed node, the node that replaces it.
  /// - Throws: ``FX/GraphError`` when the graph is not well formed.
  /// - Source: `remove_noop_ops` in `torch/_inductor/fx_passes/post_grad.py`, v2.13.
  @discardableResult
  public mutating func removeNoOps(values: NodeMap<FakeValue>, _ shapes: ShapeEnv) throws -> NodeMap<Node> {
    try lint()
    let memory = WrittenMemory(self, values: values)
    let inputs = NodeSet(graph.findNodes(.placeholder))
    let outputs = graph.visibleNodes.outputs
    let storages = { [nodes = graph.nodes] (set: NodeSet) in
      Set(nodes.filter { set.contains($0) }.compactMap { values[$0]?.tensor?.storage })
    }
    let (inputStorages, outputStorages) = (storages(inputs), storages(outputs))
    var replaced: NodeMap<Node> = [:]
    for node in graph.nodes where graph.op(of: node) == .callFunction {
      guard let name = OperatorName(graph.target(of: node).text),
        let rule = NoOp.rule(for: name), let schema = SchemaTable.schema(for: name),
        case .node(let source)? = NoOp.source(of: node, in: graph, name),
        let result = values[node]?.tensor, let value = values[source]?.tensor, result.isLike(value, shapes)
      else { continue }
      let isView = result.storage == value.storage
      if memory.reshapes(value) || !isView && memory.touches(result, value) { continue }
      let sourceIsVisible = inputStorages.contains(value.storage) || outputStorages.contains(value.storage)
      if !isView, outputStorages.contains(result.storage), sourceIsVisible { continue }
      if outputs.contains(node), inputs.contains(source) || outputs.contains(source) { continue }
      func known(_ argument: Node.Argument) -> FakeValue {
        switch argument {
        case .node(let input): values[input] ?? .none
        case .list(let items): .list(items.map { known($0) })
        default: FakeValue(argument, in: shapes)
        }
      }
      let call = try BoundCall(
        TracedOperator(schema, shapes), graph.args(of: node).map { known($0) },
        graph.kwargs(of: node).map { ($0.name, known($0.value)) })
      guard try rule(call, value, shapes) else { continue }
      graph.replaceAllUses(of: node, with: source)
      try graph.erase(node)
      replaced[node] = source
    }
    return replaced
  }
}

/// The calls that may do nothing, and when they do.
private enum NoOp {
  typealias Rule = @Sendable (BoundCall, FakeTensor, ShapeEnv) throws -> Bool

  static func rule(for name: OperatorName) -> Rule? { rules[name.description] ?? rules[name.packet] }

  /// The argument that equals the result.
  static func source(of node: Node, in graph: Graph, _ name: OperatorName) -> Node.Argument? {
    switch name.packet {
    case "aten.cat":
      guard case .list(let items)? = graph.argument(0, of: node) else { return nil }
      return items.first
    case "aten.slice_scatter", "aten.copy": return graph.argument(1, of: node)
    default: return graph.argument(0, of: node)
    }
  }

  private static let rules: [String: Rule] = {
    var rules: [String: Rule] = [
      "aten.slice": { call, source, shapes in
        // PyTorch looks at the arguments as they are written.
        guard !call["start"].isNone, !call["end"].isNone else { return false }
        return try spansAll(call, source, shapes)
      },
      "aten.slice_scatter": { call, _, shapes in try spansAll(call, try call.tensor("self"), shapes) },
      "aten.repeat": { call, _, _ in call.ints("repeats")?.allSatisfy { $0 == 1 } == true },
      "aten.constant_pad_nd": { call, _, _ in call.ints("pad")?.allSatisfy { $0 == 0 } == true },
      "aten.pow": { call, _, _ in
        if case .symInt(let exponent) = call["exponent"] { exponent.constant == 1 } else { false }
      },
      "aten.cat": { call, _, _ in call["tensors"].elements?.count == 1 },
      "aten.view.default": { call, source, shapes in
        guard let sizes = call.sizes("size"), sizes.count == source.rank else { return false }
        return zip(sizes, source.sizes).allSatisfy { shapes.staticallyKnownTrue(shapes.eq($0, $1)) }
      },
      "aten.view.dtype": { call, source, _ in call.dtype("dtype") == source.dtype },
      "prims.convert_element_type": { call, source, _ in call.dtype("dtype") == source.dtype },
    ]
    for name in ["ceil", "floor", "round", "trunc"] {
      rules["aten.\(name)"] = { _, source, _ in source.dtype.isIntegral }
    }
    for name in ["alias", "clone", "copy"] { rules["aten.\(name)"] = { _, _, _ in true } }
    return rules
  }()

  private static func spansAll(_ call: BoundCall, _ whole: FakeTensor, _ shapes: ShapeEnv) throws -> Bool {
    let dim = DecompositionTable.wrap(try call.int("dim"), whole.rank)
    let isStart = call["start"].isNone || call.ints("start") == [0]
    guard isStart, call.ints("step") == [1], whole.sizes.indices.contains(dim) else { return false }
    guard let end = call.sizes("end")?.first else { return true }
    if let end = end.constant, end == Int.max { return true }
    return shapes.staticallyKnownTrue(shapes.ge(end, whole.sizes[dim]))
  }
}

extension FakeTensor {
  /// Whether both are statically known to have the same metadata.
  func isLike(_ other: FakeTensor, _ shapes: ShapeEnv) -> Bool {
    let same = { (one: SymInt, two: SymInt) in one == two || shapes.staticallyKnownTrue(shapes.eq(one, two)) }
    return dtype == other.dtype && device == other.device && layout == other.layout && rank == other.rank
      && zip(sizes, other.sizes).allSatisfy { same($0, $1) }
      && zip(strides, other.strides).allSatisfy { same($0, $1) } && same(storageOffset, other.storageOffset)
      && isConjugate == other.isConjugate && isNegative == other.isNegative
  }
}
