extension Graph {
  /// Removes a node from the graph.
  ///
  /// Its number and its name are not reused.
  ///
  /// - Throws: ``GraphError/Kind/hasUsers(node:users:)`` if other nodes use its value;
  ///   ``GraphError/Kind/unknownNode(_:)`` if the graph does not contain it.
  public mutating func erase(_ node: Node) throws(GraphError) {
    guard contains(node) else { throw GraphError(.unknownNode("number \(node.index)")) }
    guard userCount(of: node) == 0 else {
      throw GraphError(.hasUsers(node: name(of: node), users: users(of: node).map { name(of: $0) }))
    }
    uses.removeInputs(of: node)
    switch insertionPoint {
    case .before(node): insertionPoint = next(after: node).map { .before($0) } ?? .end
    case .after(node): insertionPoint = previous(before: node).map { .after($0) } ?? .start
    default: break
    }
    unlink(node)
    setNode(nil, named: records[Int(node.index)].name)
    records[Int(node.index)].isErased = true
    records[Int(node.index)].args.count = 0
    records[Int(node.index)].kwargs.count = 0
  }
}
