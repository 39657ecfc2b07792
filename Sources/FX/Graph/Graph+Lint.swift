extension Graph {
  /// Checks that the graph is well formed.
  ///
  /// Values are defined before they are used; names are unique; the recorded uses match the arguments; the links agree
  /// in both directions; placeholders have at most a default; the output comes last and has one argument.
  ///
  /// - Throws: the first problem found.
  /// - Complexity: O(*n*).
  public func lint() throws(GraphError) {
    try lintOrder()
    var defined = NodeSet(for: self)
    var useCounts = ContiguousArray<Int>(repeating: 0, count: nodeCount)
    var lastUser = ContiguousArray<UInt32>(repeating: 0, count: nodeCount)
    for node in nodes {
      guard self.node(named: nameID(of: node)) == node else {
        throw GraphError(.duplicateName(name(of: node)))
      }
      try lintInputs(of: node, defined, &lastUser)
      forEachInput(of: node) { useCounts[Int($0.index)] += 1 }
      try lintArgumentCount(of: node)
      defined.insert(node)
    }
    for node in nodes {
      let users = users(of: node)
      let isConsistent =
        users.count == useCounts[Int(node.index)] && userCount(of: node) == users.count
        && users.allSatisfy { contains($0) }
      guard isConsistent else { throw GraphError(.wrongUses(node: name(of: node))) }
    }
  }

  private func lintOrder() throws(GraphError) {
    var previous = Self.none
    var index = ends.next
    var count = 0
    while index != Self.none {
      guard Int(index) < records.count else { throw GraphError(.brokenOrder(node: "\(index)")) }
      let node = self.node(index)
      guard !records[Int(index)].isErased, links[Int(index)].previous == previous, count < liveCount else {
        throw GraphError(.brokenOrder(node: name(of: node)))
      }
      previous = index
      index = links[Int(index)].next
      count += 1
    }
    guard count == liveCount, ends.previous == previous else {
      throw GraphError(.brokenOrder(node: previous == Self.none ? "" : name(of: node(previous))))
    }
  }

  /// Checks the nodes among the arguments: they must be the recorded inputs and already defined.
  ///
  /// - Parameters:
  ///   - node: the node to check.
  ///   - defined: the nodes before it.
  ///   - lastUser: for each node, one more than the number of the last node seen to use it.
  /// - Throws: what is wrong with the first bad argument.
  private func lintInputs(
    of node: Node, _ defined: NodeSet, _ lastUser: inout ContiguousArray<UInt32>
  ) throws(GraphError) {
    var used: [Node] = []
    var foreign: Node?
    func note(_ input: Node) {
      guard contains(input) else { return foreign = input }
      guard lastUser[Int(input.index)] != node.index + 1 else { return }
      lastUser[Int(input.index)] = node.index + 1
      used.append(input)
    }
    for argument in args(of: node) { argument.forEachNode(note) }
    for entry in kwargs(of: node) { entry.value.forEachNode(note) }
    if let foreign {
      throw GraphError(.foreignArgument(node: name(of: node), argument: "number \(foreign.index)"))
    }
    for input in used where !defined.contains(input) {
      throw GraphError(
        .usedBeforeDefinition(node: name(of: node), argument: name(of: input)), graph: description)
    }
    // An inserted argument comes last among the inputs, see ``insertArgument(_:at:of:)``.
    guard used == inputs(of: node) || NodeSet(used) == NodeSet(inputs(of: node)) else {
      throw GraphError(.wrongUses(node: name(of: node)))
    }
  }

  private func lintArgumentCount(of node: Node) throws(GraphError) {
    let count = argumentCount(of: node)
    switch op(of: node) {
    case .placeholder where count > 1:
      throw GraphError(.malformed(node: name(of: node), expectation: "at most one argument, its default"))
    case .output:
      if let next = next(after: node) { throw GraphError(.afterOutput(node: name(of: next))) }
      guard count == 1 else {
        throw GraphError(.malformed(node: name(of: node), expectation: "one argument, the result"))
      }
    case .callMethod where count == 0:
      throw GraphError(.malformed(node: name(of: node), expectation: "the object as first argument"))
    default: break
    }
  }
}
