import FX

/// Node names: each is created once.
extension ProgramReader {
  /// Adds a node under the name that the archive gives it.
  ///
  /// A node with a generated name is renamed to make way; any other node with that name is an error.
  mutating func define(
    _ op: Graph.Op, _ target: TargetID, _ name: JSONString, args: [Node.Argument],
    kwargs: [Node.KeywordArgument]
  ) throws(JSONFailure) -> Node {
    try countNode()
    let id = name.withBytes { current.graph.internName($0) }
    if let node = current.graph.createNode(op, target: target, name: id, args: args, kwargs: kwargs) {
      return node
    }
    guard let other = current.graph.node(named: id), current.autoNamed.remove(other) else {
      throw scanner.failure(.duplicateName(name.text), at: name)
    }
    let node = current.graph.createNode(
      op, current.graph.targets[Int(target.index)], args: args, kwargs: kwargs, name: name.text)
    current.graph.exchangeNames(other, node)
    current.autoNamed.insert(other)
    return node
  }

  /// Adds a node whose name the archive never reads.
  mutating func defineUnnamed(
    _ op: Graph.Op, _ target: Node.Target, wish: String? = nil, args: [Node.Argument],
    kwargs: [Node.KeywordArgument] = []
  ) throws(JSONFailure) -> Node {
    try countNode()
    let node = current.graph.createNode(op, target, args: args, kwargs: kwargs, name: wish)
    current.autoNamed.insert(node)
    return node
  }

  /// The node called `name`.
  @inline(__always)
  mutating func node(named name: JSONString) throws(JSONFailure) -> Node {
    let id = name.withBytes { current.graph.internName($0) }
    guard let node = current.graph.node(named: id) else {
      throw scanner.failure(.undefinedName(name.text), at: name)
    }
    return node
  }

  /// Checks the limits before a node is added.
  mutating func countNode() throws(JSONFailure) {
    nodeCount += 1
    guard current.graph.nodeCount < scanner.limits.nodesPerGraph else {
      throw scanner.failure(.limitExceeded(what: "nodes of a graph", limit: scanner.limits.nodesPerGraph))
    }
    guard nodeCount <= scanner.limits.nodes else {
      throw scanner.failure(.limitExceeded(what: "nodes", limit: scanner.limits.nodes))
    }
  }
}

extension JSONString {
  /// Calls `body` with the decoded bytes.
  @inline(__always)
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if !hasEscapes { return body(bytes) }
    var text = text
    return text.withUTF8(body)
  }
}
