extension Graph {
  /// Adds an input; `*args` takes all remaining inputs.
  @discardableResult
  public mutating func placeholder(_ name: String, default defaultValue: Node.Argument? = nil) -> Node {
    createNode(.placeholder, Node.Target(name), args: defaultValue.map { [$0] } ?? [])
  }

  /// Adds a node for an attribute of the module, by dotted path.
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

  /// Adds a call of an operator, with nodes and constants as arguments.
  ///
  /// ```swift
  /// let product = graph.call("aten.mul.Tensor", x, 2)
  /// let sum = graph.call("aten.add.Tensor", product, y, kwargs: ["alpha": 3])
  /// let rows = graph.call("aten.cat.default", [x, y])
  /// ```
  ///
  /// - Parameters:
  ///   - name: the operator as printed in graphs (`aten.mul.Tensor`, `higher_order.cond`) or in full
  ///     (`torch.ops.aten.mul.Tensor`). Other functions need their full name: `_operator.getitem`, `math.ceil`.
  ///   - args: the positional arguments; `nil` is Python's `None`, an array is a list.
  ///   - kwargs: the keyword arguments.
  /// - Returns: the new node.
  @discardableResult
  public mutating func call(
    _ name: String, _ args: (any NodeArgumentConvertible)?...,
    kwargs: KeyValuePairs<String, (any NodeArgumentConvertible)?> = [:]
  ) -> Node {
    createNode(
      .callFunction, Node.Target(operator: name), args: args.map(Self.argument), kwargs: Self.named(kwargs))
  }

  /// Adds a call of a method of `object`, with nodes and constants as arguments.
  @discardableResult
  public mutating func call(
    method name: String, of object: Node, _ args: (any NodeArgumentConvertible)?...,
    kwargs: KeyValuePairs<String, (any NodeArgumentConvertible)?> = [:]
  ) -> Node {
    createNode(
      .callMethod, Node.Target(name), args: [.node(object)] + args.map(Self.argument),
      kwargs: Self.named(kwargs))
  }

  /// Adds a call of a submodule, by dotted path, with nodes and constants as arguments.
  @discardableResult
  public mutating func call(
    module path: String, _ args: (any NodeArgumentConvertible)?...,
    kwargs: KeyValuePairs<String, (any NodeArgumentConvertible)?> = [:]
  ) -> Node {
    createNode(.callModule, Node.Target(path), args: args.map(Self.argument), kwargs: Self.named(kwargs))
  }

  private static func argument(_ value: (any NodeArgumentConvertible)?) -> Node.Argument {
    if let value { value.nodeArgument } else { .none }
  }

  private static func named(
    _ kwargs: KeyValuePairs<String, (any NodeArgumentConvertible)?>
  ) -> [Node.KeywordArgument] {
    kwargs.map { Named($0, argument($1)) }
  }

  /// Adds the output of the graph: a node, or an array of nodes as a list.
  @discardableResult
  public mutating func output(_ result: some NodeArgumentConvertible) -> Node { output(result.nodeArgument) }

  /// Adds the outputs of the graph.
  @discardableResult
  public mutating func output(_ result: Node.Argument) -> Node {
    createNode(.output, "output", args: [result])
  }

  /// Runs `body` with new nodes inserted before `node`, then restores the insertion point.
  public mutating func inserting<Result, Failure: Error>(
    before node: Node, _ body: (inout Graph) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try inserting(at: .before(node), body)
  }

  /// Runs `body` with new nodes inserted right after `node`, then restores the insertion point.
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
