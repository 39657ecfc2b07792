public import FX

/// Some calls of a graph as a module of their own.
public struct GraphPart: Sendable {
  /// The calls; its inputs are called like the nodes that compute them.
  public var module: GraphModule
  /// The nodes of the whole graph whose values are the inputs, in order.
  public var inputs: [Node]
  /// The nodes of the whole graph whose values are returned, in order.
  public var outputs: [Node]
}

extension GraphModule {
  /// Copies some calls of the graph into a module of their own.
  ///
  ///     %a = relu(%x)                    part [%b]:
  ///     %b = add(%a, %w)                 %a = input, %w = get_attr[w]
  ///     %c = mul(%b, %a)                 %b = add(%a, %w)
  ///     return c                         return (b,)
  ///
  /// Values from outside become inputs; attributes are copied. The module returns a tuple.
  ///
  /// - Parameters:
  ///   - nodes: the calls.
  ///   - outputs: the calls whose values are returned; by default those that are used outside.
  /// - Returns: the part.
  /// - Throws: ``GraphPassError/Kind/unknownNode(_:)`` for a node that is no call of the graph, or an output that is not
  ///   among the calls.
  public func part(_ nodes: [Node], returning outputs: [Node]? = nil) throws(GraphPassError) -> GraphPart {
    for node in nodes where !graph.contains(node) {
      throw GraphPassError(.unknownNode("number \(node.index)"))
    }
    for node in nodes where [.placeholder, .output].contains(graph.op(of: node)) {
      throw GraphPassError(.unknownNode(graph.name(of: node)))
    }
    let inside = NodeSet(nodes)
    var part = SplitPart(name: "part")
    let calls = graph.nodes.filter { inside.contains($0) }
    for input in calls.flatMap({ graph.inputs(of: $0) }) where !inside.contains(input) {
      guard part.copies[input] == nil else { continue }
      let isAttribute = graph.op(of: input) == .getAttr
      if !isAttribute { part.addInput(input) }
      let copy =
        isAttribute
        ? part.graph.getAttr(graph.target(of: input).text) : part.graph.placeholder(graph.name(of: input))
      part.note(copy, for: input, of: graph)
    }
    for node in calls {
      let copies = part.copies
      part.copies[node] = part.graph.copyNode(node, from: graph) { .node(copies[$0] ?? $0) }
      if outputs == nil, graph.users(of: node).contains(where: { !inside.contains($0) }) {
        part.addOutput(node)
      }
    }
    for node in outputs ?? [] {
      guard inside.contains(node) else { throw GraphPassError(.unknownNode(graph.name(of: node))) }
      part.addOutput(node)
    }
    part.graph.output(.tuple(part.outputs.compactMap { part.copies[$0] }.map { .node($0) }))
    return GraphPart(
      module: GraphModule(part.graph, of: self), inputs: part.inputs, outputs: part.outputs)
  }
}
