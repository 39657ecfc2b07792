extension Graph {
  /// Whether the node has the same arguments in both graphs; nodes are compared by number.
  ///
  /// For copies of one graph, in which a number identifies the same node; see ``sharedNodeCount(with:)``.
  ///
  /// - Precondition: both graphs have a node with this number.
  public func hasEqualArguments(_ node: Node, in other: Graph) -> Bool {
    let position = Int(node.index)
    precondition(position < records.count && position < other.records.count, "\(node) is not in both graphs")
    let (mine, theirs) = (records[position], other.records[position])
    guard mine.args.count == theirs.args.count, mine.kwargs.count == theirs.kwargs.count else { return false }
    return zip(mine.args.indices, theirs.args.indices).allSatisfy {
      argumentPool[$0] == other.argumentPool[$1]
    }
      && zip(mine.kwargs.indices, theirs.kwargs.indices).allSatisfy {
        keywordPool[$0] == other.keywordPool[$1]
      }
  }
}

extension Graph: Equatable {
  /// Whether both have the same nodes in the same order: ops, targets, names and arguments.
  ///
  /// Node numbers, metadata and the origin of the graphs do not matter.
  public static func == (lhs: Graph, rhs: Graph) -> Bool {
    guard lhs.nodes.count == rhs.nodes.count else { return false }
    var counterparts: NodeMap<Node> = [:]
    for (left, right) in zip(lhs.nodes, rhs.nodes) {
      counterparts[left] = right
      // A node that is used before it is defined has no counterpart, so it equals no node of the other graph.
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
