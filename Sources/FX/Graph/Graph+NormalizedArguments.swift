public import OperatorSchemas

extension Graph {
  /// The arguments of an operator call, in the order and with the names of its schema.
  ///
  /// Arguments that are not given have the schema's defaults. A pass can therefore read an argument however the
  /// program's author wrote it:
  ///
  ///     aten.add.Tensor(x, y)                 self: x, other: y, alpha: 1
  ///     aten.add.Tensor(x, other=y, alpha=2)  self: x, other: y, alpha: 2
  ///
  /// - Parameters:
  ///   - node: a call of an operator overload.
  ///   - schema: the operator's schema; by default PyTorch's.
  /// - Returns: one argument for each of the schema's, in its order.
  /// - Throws: ``GraphError`` if no schema is known or the arguments do not fit it.
  /// - Source: `normalize_function` in `torch/fx/operator_schemas.py`, v2.13, which renames `self` to `input`.
  public func normalizedArguments(
    of node: Node, schema: FunctionSchema? = nil
  ) throws(GraphError) -> [Named<Node.Argument>] {
    guard let schema = schema ?? knownSchema(of: node) else {
      throw GraphError(.noSchema(node: name(of: node), target: target(of: node).text))
    }
    let (positional, keywords) = (args(of: node), kwargs(of: node))
    var normalized: [Named<Node.Argument>] = []
    normalized.reserveCapacity(schema.arguments.count)
    do {
      try schema.bindArguments(positional: positional.count, keywords: keywords.map(\.name)) {
        source, place in
        guard let argument = place.map({ schema.arguments[$0] }) else { return }
        switch source {
        case .positional(let position): normalized.append(Named(argument.name, positional[position]))
        case .keyword(let position): normalized.append(Named(argument.name, keywords[position].value))
        case .omitted:
          if let value = argument.defaultValue {
            normalized.append(Named(argument.name, Node.Argument(value)))
          }
        }
      }
    } catch { throw GraphError(error, at: name(of: node)) }
    return normalized
  }

  private func knownSchema(of node: Node) -> FunctionSchema? {
    guard op(of: node) == .callFunction else { return nil }
    return SchemaTable.schema(named: target(of: node).text)
  }
}

extension GraphError {
  fileprivate init(_ mismatch: ArgumentMismatch, at node: String) {
    switch mismatch {
    case .tooMany(let expected, let received):
      self.init(.tooManyArguments(node: node, expected: expected, received: received))
    case .unknown(let name): self.init(.unknownArgument(node: node, name: name))
    case .repeated(let name): self.init(.repeatedArgument(node: node, name: name))
    case .missing(let name): self.init(.missingArgument(node: node, name: name))
    }
  }
}

extension Node.Argument {
  /// Creates an argument from a schema's default.
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
