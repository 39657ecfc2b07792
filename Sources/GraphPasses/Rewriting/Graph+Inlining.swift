public import FX

extension Graph {
  /// Copies the nodes of another graph, except its output, to the insertion point.
  ///
  /// - Parameters:
  ///   - other: the graph to copy.
  ///   - values: the replacement for each node of `other`. Nodes with an entry are not copied; every copied node gets
  ///     one.
  ///   - added: the new nodes are appended to it.
  /// - Returns: what `other` returns, in terms of this graph, or `nil` if it has no output.
  /// - Throws: ``GraphPassError/Kind/unknownNode(_:)`` if `other` is out of order.
  public mutating func copyNodes(
    from other: Graph, values: inout NodeMap<Node.Argument>, added: inout [Node]
  ) throws(GraphPassError) -> Node.Argument? {
    for node in other.nodes where values[node] == nil {
      func lookUp(_ input: Node) throws(GraphPassError) -> Node.Argument {
        guard let value = values[input] else { throw GraphPassError(.unknownNode(other.name(of: input))) }
        return value
      }
      if other.op(of: node) == .output { return try other.argument(0, of: node)?.mapNodes(lookUp) }
      let copy = try copyNode(node, from: other, lookUp)
      values[node] = .node(copy)
      added.append(copy)
    }
    return nil
  }
}

extension GraphModule {
  /// Inlines the graph of a submodule in place of its first call.
  ///
  /// The submodule is kept for other calls; ``deleteAllUnusedSubmodules()`` removes it.
  ///
  /// - Parameters:
  ///   - path: the submodule's dotted path.
  ///   - eliminatesDeadCode: whether nodes that become unused are erased.
  /// - Returns: the replacement for each node of the submodule's graph.
  /// - Throws: ``GraphPassError/Kind/notCalled(module:)``, or an error about missing arguments; ``GraphError`` if the
  ///   result is not well formed. The module is then unchanged.
  /// - Source: `_inline_module` in `torch/fx/experimental/const_fold.py`, v2.13.
  @discardableResult
  public mutating func inlineSubmodule(
    _ path: String, eliminatesDeadCode: Bool = true
  ) throws -> NodeMap<Node.Argument> {
    guard let inner = submodule(at: path)?.graph, !inner.nodes.isEmpty,
      let call = graph.findNodes(.callModule, target: Node.Target(path)).first
    else { throw GraphPassError(.notCalled(module: path)) }
    var edited = self
    var values: NodeMap<Node.Argument> = [:]
    for (position, input) in inner.findNodes(.placeholder).enumerated() {
      let given = graph.kwargs(of: call)[inner.name(of: input)] ?? graph.argument(position, of: call)
      guard let argument = given ?? inner.argument(0, of: input) else {
        throw GraphPassError(.missingInput(inner.name(of: input), call: graph.name(of: call)))
      }
      values[input] = argument
    }
    var added: [Node] = []
    let result = try edited.graph.inserting(before: call) { graph in
      try graph.copyNodes(from: inner, values: &values, added: &added)
    }
    guard let result else { throw GraphPassError(.noOutput("submodule '\(path)'")) }
    try edited.graph.substitute(result, for: call)
    if eliminatesDeadCode { try edited.eliminateDeadCode() }
    self = edited
    return values
  }
}

extension Graph {
  /// Replaces a call by an argument, and item selections from the call by its items; erases the call.
  mutating func substitute(_ result: Node.Argument, for call: Node) throws(GraphError) {
    switch result {
    case .tuple(let items), .list(let items):
      for user in users(of: call) where op(of: user) == .callFunction && target(of: user) == .getitem {
        guard case .int(let index)? = argument(1, of: user) else { continue }
        let place = index < 0 ? index + items.count : index
        guard items.indices.contains(place) else { continue }
        replaceAllUses(of: user, with: items[place])
        try erase(user)
      }
    default: break
    }
    replaceAllUses(of: call, with: result)
    try erase(call)
  }
}
