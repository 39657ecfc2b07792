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
    var inputs = LintedInputs(nodeCount)
    for node in nodes {
      guard self.node(named: nameID(of: node)) == node else {
        throw GraphError(.duplicateName(name(of: node)))
      }
      try lintInputs(of: node, defined, &inputs)
      for input in inputs.recorded { useCounts[Int(input.index)] += 1 }
      try lintArgumentCount(of: node)
      defined.insert(node)
    }
    let records = records
    for node in nodes {
      var count = 0
      var isConsistent = true
      uses.forEachUser(at: Int(node.index)) { user in
        count += 1
        if Int(user) >= records.count || records[Int(user)].isErased { isConsistent = false }
      }
      guard isConsistent, count == useCounts[Int(node.index)], count == userCount(of: node) else {
        throw GraphError(.wrongUses(node: name(of: node)))
      }
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
  ///   - inputs: what was found at the nodes before; afterwards, what was found at this one.
  /// - Throws: what is wrong with the first bad argument.
  private func lintInputs(
    of node: Node, _ defined: NodeSet, _ inputs: inout LintedInputs
  ) throws(GraphError) {
    inputs.clear()
    for argument in args(of: node) { argument.forEachNode { inputs.written.append($0) } }
    for entry in kwargs(of: node) { entry.value.forEachNode { inputs.written.append($0) } }
    forEachInput(of: node) { inputs.recorded.append($0) }
    // Loops, because a closure that captures the graph would copy it.
    for input in inputs.written where !contains(input) {
      throw GraphError(.foreignArgument(node: name(of: node), argument: "number \(input.index)"))
    }
    inputs.removeRepetitions(at: node)
    for input in inputs.written where !defined.contains(input) {
      throw GraphError(
        .usedBeforeDefinition(node: name(of: node), argument: name(of: input)), graph: description)
    }
    // An inserted argument comes last among the inputs, see ``insertArgument(_:at:of:)``.
    guard inputs.written == inputs.recorded || NodeSet(inputs.written) == NodeSet(inputs.recorded) else {
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

/// The inputs of one node after another, in memory that is reused.
private struct LintedInputs {
  /// The nodes among the arguments, each once after ``removeRepetitions(at:)``.
  var written: [Node] = []
  /// The nodes that the graph has as the inputs.
  var recorded: [Node] = []
  /// For each node, one more than the number of the last node seen to use it.
  private var lastUser: ContiguousArray<UInt32>

  init(_ nodeCount: Int) { lastUser = ContiguousArray(repeating: 0, count: nodeCount) }

  mutating func clear() {
    written.removeAll(keepingCapacity: true)
    recorded.removeAll(keepingCapacity: true)
  }

  /// Leaves the first of equal nodes among the arguments of `user`; all must belong to the graph.
  mutating func removeRepetitions(at user: Node) {
    var count = 0
    for position in written.indices {
      let node = written[position]
      guard lastUser[Int(node.index)] != user.index + 1 else { continue }
      lastUser[Int(node.index)] = user.index + 1
      written[count] = node
      count += 1
    }
    written.removeLast(written.count - count)
  }
}
