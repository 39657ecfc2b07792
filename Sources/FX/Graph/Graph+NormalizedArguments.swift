public import OperatorSchemas

extension Graph {
  /// The arguments of a call of an operator, by the names and in the order of its schema.
  ///
  /// Arguments that the node does not give have the schema's defaults. A pass can so ask for an argument without
  /// caring how the program's author wrote it:
  ///
  ///     aten.add.Tensor(x, y)                 self: x, other: y, alpha: 1
  ///     aten.add.Tensor(x, other=y, alpha=2)  self: x, other: y, alpha: 2
  ///
  /// - Parameters:
  ///   - node: a call of an operator overload.
  ///   - schema: the operator's schema; PyTorch's own when absent.
  /// - Returns: one argument for each of the schema's, in its order.
  /// - Throws: ``GraphError`` when no schema is known, or when the arguments do not fit it.
  /// - Source: `normalize_function` in `torch/fx/operator_schemas.py`, v2.13, which calls `self` by the name `input`.
  public func normalizedArguments(
    of node: Node, schema: FunctionSchema? = nil
  ) throws(GraphError) -> [Named<Node.Argument>] {
    guard let schema = schema ?? knownSchema(of: node) else {
      throw GraphError(.noSchema(node: name(of: node), target: target(of: node).text))
    }
    let positional = args(of: node)
    let keywords = kwargs(of: node)
    let positionalCount = schema.arguments.prefix { !$0.isKeywordOnly }.count
    guard positional.count <= positionalCount else {
      throw GraphError(
        .tooManyArguments(node: name(of: node), expected: positionalCount, received: positional.count))
    }
    try checkNames(of: keywords, schema, given: positional.count, node)
    var normalized: [Named<Node.Argument>] = []
    normalized.reserveCapacity(schema.arguments.count)
    for (position, argument) in schema.arguments.enumerated() {
      if position < positional.count {
        normalized.append(Named(argument.name, positional[position]))
      } else if let value = keywords[argument.name] ?? argument.defaultValue.map(Node.Argument.init) {
        normalized.append(Named(argument.name, value))
      } else {
        throw GraphError(.missingArgument(node: name(of: node), name: argument.name))
      }
    }
    return normalized
  }

  private func knownSchema(of node: Node) -> FunctionSchema? {
    guard op(of: node) == .callFunction else { return nil }
    return OperatorName(target(of: node).text).flatMap { SchemaTable.schema(for: $0) }
  }

  /// Checks that each keyword is an argument that is not given yet.
  private func checkNames(
    of keywords: NodeArguments<Node.KeywordArgument>, _ schema: FunctionSchema, given: Int, _ node: Node
  ) throws(GraphError) {
    var seen: Set<String> = []
    for keyword in keywords {
      guard let position = schema.arguments.firstIndex(where: { $0.name == keyword.name }) else {
        throw GraphError(.unknownArgument(node: name(of: node), name: keyword.name))
      }
      guard position >= given, seen.insert(keyword.name).inserted else {
        throw GraphError(.repeatedArgument(node: name(of: node), name: keyword.name))
      }
    }
  }
}

extension Node.Argument {
  /// The default of an operator's argument.
  public init(_ value: DefaultValue) {
    switch value {
    case .none: self = .none
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .float(let value): self = .float(value)
    case .string(let value): self = .string(value)
    case .dtype(let type): self = .dtype(type)
    case .layout(let layout): self = .layout(layout)
    case .memoryFormat(let format): self = .memoryFormat(format)
    case .device(let device): self = .device(device)
    case .emptyList: self = .list([])
    case .intList(let values): self = .list(values.map { .int($0) })
    case .floatList(let values): self = .list(values.map { .float($0) })
    case .boolList(let values): self = .list(values.map { .bool($0) })
    case .stringList(let values): self = .list(values.map { .string($0) })
    }
  }
}
