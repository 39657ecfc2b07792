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

extension Graph {
  /// Whether a node is the same call as a node of another graph: target and arguments, with nodes by name.
  package func isSameCall(_ node: Node, as other: Node, in graph: borrowing Graph) -> Bool {
    guard op(of: node) == graph.op(of: other), target(of: node) == graph.target(of: other) else {
      return false
    }
    let (args, others) = (args(of: node), graph.args(of: other))
    let (kwargs, otherKwargs) = (kwargs(of: node), graph.kwargs(of: other))
    guard args.count == others.count, kwargs.count == otherKwargs.count else { return false }
    for position in args.indices where !isSame(args[position], as: others[position], in: graph) {
      return false
    }
    for position in kwargs.indices {
      guard kwargs[position].name == otherKwargs[position].name,
        isSame(kwargs[position].value, as: otherKwargs[position].value, in: graph)
      else { return false }
    }
    return true
  }

  private func isSame(
    _ argument: Node.Argument, as other: Node.Argument, in graph: borrowing Graph
  ) -> Bool {
    switch (argument, other) {
    case (.node(let node), .node(let other)): return name(of: node) == graph.name(of: other)
    case (.tuple(let items), .tuple(let others)), (.list(let items), .list(let others)):
      return areSame(items, others, in: graph)
    case (.slice(let slice), .slice(let other)): return areSame(slice.bounds, other.bounds, in: graph)
    case (.dict(let entries), .dict(let others)):
      return entries.map(\.key) == others.map(\.key)
        && areSame(entries.map(\.value), others.map(\.value), in: graph)
    // As they are written: -0.0 is not 0.0, and NaN is NaN.
    case (.float(let value), .float(let other)): return "\(value)" == "\(other)"
    case (.complex(let real, let imaginary), .complex(let otherReal, let otherImaginary)):
      return "\(real) \(imaginary)" == "\(otherReal) \(otherImaginary)"
    default: return argument == other
    }
  }

  private func areSame(
    _ items: [Node.Argument], _ others: [Node.Argument], in graph: borrowing Graph
  ) -> Bool {
    guard items.count == others.count else { return false }
    for position in items.indices where !isSame(items[position], as: others[position], in: graph) {
      return false
    }
    return true
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
