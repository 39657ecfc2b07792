extension Graph {
  /// Checks that the graph is well formed.
  ///
  /// Values are defined before they are used; names are unique; the recorded uses are those of the arguments;
  /// links run both ways; placeholders have at most a default, and the output, which is last, has one result.
  ///
  /// - Throws: the first thing found to be wrong.
  /// - Complexity: O(*n*).
  public func lint() throws(GraphError) {
    try lintOrder()
    var seen = NodeSet(for: self)
    var seenNames = StringTable()
    for node in nodes {
      let name = name(of: node)
      try lintArguments(of: node, definedBefore: seen)
      seen.insert(node)
      let count = seenNames.count
      _ = seenNames.intern(name)
      guard seenNames.count > count, self.node(named: name) == node else {
        throw GraphError(.duplicateName(name))
      }
    }
    try lintUserCounts()
  }

  private func lintOrder() throws(GraphError) {
    var previous = Self.none
    var index = ends.next
    var count = 0
    while index != Self.none {
      guard Int(index) < records.count else { throw GraphError(.brokenOrder(node: "\(index)")) }
      let node = Node(index: index)
      guard !records[Int(index)].isErased, links[Int(index)].previous == previous, count < liveCount else {
        throw GraphError(.brokenOrder(node: name(of: node)))
      }
      previous = index
      index = links[Int(index)].next
      count += 1
    }
    guard count == liveCount, ends.previous == previous else {
      throw GraphError(.brokenOrder(node: previous == Self.none ? "" : name(of: Node(index: previous))))
    }
  }

  private func lintArguments(of node: Node, definedBefore seen: NodeSet) throws(GraphError) {
    var used: [Node] = []
    var usedSet = Set<Node>()
    let note = { (input: Node) in if usedSet.insert(input).inserted { used.append(input) } }
    for argument in args(of: node) { argument.forEachNode(note) }
    for entry in kwargs(of: node) { entry.value.forEachNode(note) }
    for input in used where !contains(input) {
      throw GraphError(.foreignArgument(node: name(of: node), argument: "\(input.index)"))
    }
    for input in used where !seen.contains(input) {
      throw GraphError(
        .usedBeforeDefinition(node: name(of: node), argument: name(of: input)), graph: description)
    }
    guard used == inputs(of: node) else { throw GraphError(.wrongUses(node: name(of: node))) }
    switch op(of: node) {
    case .placeholder where argumentCount(of: node) > 1:
      throw GraphError(.malformed(node: name(of: node), expectation: "at most one argument, its default"))
    case .output where next(after: node) != nil:
      throw GraphError(.afterOutput(node: next(after: node).map { name(of: $0) } ?? ""))
    case .output where argumentCount(of: node) != 1:
      throw GraphError(.malformed(node: name(of: node), expectation: "one argument, the result"))
    case .callMethod where argumentCount(of: node) == 0:
      throw GraphError(.malformed(node: name(of: node), expectation: "the object as first argument"))
    default: break
    }
  }

  /// Compares the recorded users of all nodes with the recorded inputs.
  private func lintUserCounts() throws(GraphError) {
    var counts = [Int](repeating: 0, count: nodeCount)
    for node in nodes { forEachInput(of: node) { counts[Int($0.index)] += 1 } }
    for node in nodes {
      let users = users(of: node)
      let isConsistent =
        users.count == counts[Int(node.index)] && userCount(of: node) == users.count
        && users.allSatisfy { contains($0) }
      guard isConsistent else { throw GraphError(.wrongUses(node: name(of: node))) }
    }
  }
}
