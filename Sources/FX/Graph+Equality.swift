extension Graph: Equatable {
  /// Whether both have the same nodes in the same order: ops, targets, names and arguments.
  ///
  /// Numbers of nodes and what is noted about them do not matter.
  public static func == (lhs: Graph, rhs: Graph) -> Bool {
    guard lhs.nodes.count == rhs.nodes.count else { return false }
    var counterparts: NodeMap<Node> = [:]
    for (left, right) in zip(lhs.nodes, rhs.nodes) {
      counterparts[left] = right
      let translate = { (node: Node) in
        Node.Argument.node(counterparts[node] ?? Node(index: Graph.none))
      }
      let isEqual =
        lhs.op(of: left) == rhs.op(of: right) && lhs.target(of: left) == rhs.target(of: right)
        && lhs.name(of: left) == rhs.name(of: right)
        && lhs.args(of: left).map { $0.mapNodes(translate) } == Array(rhs.args(of: right))
        && lhs.kwargs(of: left).map { Named($0.name, $0.value.mapNodes(translate)) }
          == Array(rhs.kwargs(of: right))
      guard isEqual else { return false }
    }
    return true
  }
}
