extension Graph {
  /// Swaps the names of two nodes.
  public mutating func exchangeNames(_ first: Node, _ second: Node) {
    let (firstName, secondName) = (nameID(of: first), nameID(of: second))
    records[livePosition(of: first)].name = secondName
    records[livePosition(of: second)].name = firstName
    setNode(first, named: secondName)
    setNode(second, named: firstName)
  }

  /// The name that the node would derive from its target, before it is made unique.
  ///
  ///     torch.ops.aten.add.Tensor    add_tensor
  ///     _operator.getitem            getitem
  public func nameCandidate(of node: Node) -> String { Self.nameCandidate(op(of: node), target(of: node)) }

  /// Gives every node the name that it would have if the graph had been built in its order.
  ///
  /// - Parameter isKept: whether a node keeps its name; by default none does.
  /// - Returns: the old and the new names of the nodes whose name changed, in the order of the graph.
  /// - Source: `rename_nodes_to_canonical` in `torch/fx/passes/canonicalize.py`, v2.15.
  @discardableResult
  public mutating func renameNodesFromTargets(
    keeping isKept: (Node) -> Bool = { _ in false }
  ) -> [(old: String, new: String)] {
    var renamed: [(old: String, new: String)] = []
    let nodes = self.nodes
    namespace.releaseAll()
    nodesByName = []
    for node in nodes where isKept(node) { _ = namespace.claim(nameID(of: node)) }
    for node in nodes {
      if !isKept(node) {
        let old = name(of: node)
        records[livePosition(of: node)].name = namespace.createName(nameCandidate(of: node))
        if name(of: node) != old { renamed.append((old, name(of: node))) }
      }
      setNode(node, named: nameID(of: node))
    }
    return renamed
  }
}
