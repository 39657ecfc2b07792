extension Graph {
  /// Adds an input; `*args` takes all remaining inputs.
  @discardableResult
  public mutating func placeholder(_ name: String, default defaultValue: Node.Argument? = nil) -> Node {
    createNode(.placeholder, Node.Target(name), args: defaultValue.map { [$0] } ?? [])
  }

  /// Adds the value of an attribute of the module, by dotted path.
  @discardableResult
  public mutating func getAttr(_ path: String) -> Node { createNode(.getAttr, Node.Target(path)) }

  /// Adds a call of an operator or function.
  @discardableResult
  public mutating func callFunction(
    _ target: Node.Target, _ args: [Node.Argument] = [], kwargs: KeyValuePairs<String, Node.Argument> = [:]
  ) -> Node {
    createNode(.callFunction, target, args: args, kwargs: kwargs.map { Named($0, $1) })
  }

  /// Adds a call of a method of the first argument.
  @discardableResult
  public mutating func callMethod(
    _ name: String, _ args: [Node.Argument], kwargs: KeyValuePairs<String, Node.Argument> = [:]
  ) -> Node {
    createNode(.callMethod, Node.Target(name), args: args, kwargs: kwargs.map { Named($0, $1) })
  }

  /// Adds a call of a submodule, by dotted path.
  @discardableResult
  public mutating func callModule(
    _ path: String, _ args: [Node.Argument] = [], kwargs: KeyValuePairs<String, Node.Argument> = [:]
  ) -> Node {
    createNode(.callModule, Node.Target(path), args: args, kwargs: kwargs.map { Named($0, $1) })
  }

  /// Adds the results of the graph.
  @discardableResult
  public mutating func output(_ result: Node.Argument) -> Node {
    createNode(.output, "output", args: [result])
  }

  /// Runs `body` with new nodes going before `node`, then restores the insertion point.
  public mutating func inserting<Result, Failure: Error>(
    before node: Node, _ body: (inout Graph) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try inserting(at: .before(node), body)
  }

  /// Runs `body` with new nodes going right after `node`, then restores the insertion point.
  public mutating func inserting<Result, Failure: Error>(
    after node: Node, _ body: (inout Graph) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try inserting(at: .after(node), body)
  }

  private mutating func inserting<Result, Failure: Error>(
    at point: InsertionPoint, _ body: (inout Graph) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let saved = insertionPoint
    insertionPoint = point
    defer { insertionPoint = saved }
    return try body(&self)
  }
}
