import FX

/// Statements of code as nodes.
extension GraphBuilder {
  /// Adds the nodes of the statements of one line.
  ///
  /// - Returns: whether one of them returned.
  mutating func add(_ statements: [PythonStatement]) throws(TextError) -> Bool {
    var index = 0
    while index < statements.count {
      let statement = statements[index]
      index += 1
      switch statement.kind {
      case .assign(let target, let value): try add(target, value)
      case .release(let names): try release(names)
      case .returns(let value):
        addOutput(try argument(results(value)), at: statement.start)
        return true
      case .update(let object, let mark, let value):
        // A change is followed by the name of its node: `x[0] = y;  setitem = x`.
        guard index < statements.count, case .assign(let target, _) = statements[index].kind else {
          throw failure(
            .unexpected(expected: "the name of this change, as in 'x += 1;  iadd = x'", found: "none"),
            at: statement.start)
        }
        index += 1
        try add(target, changing: object, mark, value)
      case .expression(let value): try check(value)
      case .declare, .pass: break
      case .unpack(let names, _):
        throw failure(
          .unsupported("an assignment to several names"), at: names.first?.spot ?? statement.start)
      }
    }
    return false
  }

  /// What a return statement returns, without the call that nests it.
  private func results(_ value: PythonExpression) -> PythonExpression {
    if case .call(let function, let arguments, _) = value.kind, let first = arguments.first,
      function.dottedName?.hasSuffix("tree_unflatten") ?? false
    {
      return first
    }
    return value
  }

  /// A call whose result nobody uses; generated code has them for its own bookkeeping.
  private func check(_ value: PythonExpression) throws(TextError) {
    if case .ellipsis = value.kind { throw failure(.elided, at: value.start) }
    if case .call(let function, _, _) = value.kind, let name = function.dottedName,
      name.hasSuffix(".clear") || name.hasSuffix(".__enter__") || name.hasSuffix(".__exit__")
    {
      return
    }
    throw failure(.unexpected(expected: "an assignment", found: "an expression"), at: value.start)
  }

  private mutating func add(
    _ target: PythonStatement.Target, changing object: PythonExpression, _ mark: String,
    _ value: PythonExpression
  ) throws(TextError) {
    var args: [Node.Argument]
    if mark == "=" {
      guard case .item(let base, let key) = object.kind else {
        throw failure(.unsupported("an assignment to this"), at: object.start)
      }
      args = [try argument(base), try argument(key)]
    } else {
      args = [try argument(object)]
    }
    args.append(try argument(value))
    guard let function = PythonFunctions.updates[mark] else { return }
    try add(
      .callFunction, Node.Target("_operator.\(function)"), args, name: target.name, targetSpot: object.start,
      annotation: target.annotation)
  }

  private mutating func add(
    _ target: PythonStatement.Target, _ value: PythonExpression
  ) throws(TextError) {
    let (op, function, args, kwargs) = try call(value)
    try add(
      op, function, args, kwargs, name: target.name, targetSpot: value.start, annotation: target.annotation)
  }

  private typealias Call = (Graph.Op, Node.Target, [Node.Argument], [Node.KeywordArgument])

  /// What the right side of an assignment does.
  private func call(_ value: PythonExpression) throws(TextError) -> Call {
    if let path = try modulePath(value), !path.isEmpty { return (.getAttr, Node.Target(path), [], []) }
    switch value.kind {
    case .binary(let mark, let left, let right):
      guard let name = PythonFunctions.binary[mark] else {
        throw failure(.unsupported("the operator '\(mark)'"), at: value.start)
      }
      return (.callFunction, Node.Target("_operator.\(name)"), [try argument(left), try argument(right)], [])
    case .unary(let mark, let operand):
      guard let name = PythonFunctions.unary[mark] else {
        throw failure(.unsupported("the operator '\(mark)'"), at: value.start)
      }
      return (.callFunction, Node.Target("_operator.\(name)"), [try argument(operand)], [])
    case .item(let base, let key):
      return (.callFunction, .getitem, [try argument(base), try argument(key)], [])
    case .attribute(let base, let name):
      return (.callFunction, "builtins.getattr", [try argument(base), .string(name)], [])
    case .call(let function, let arguments, let keywords):
      return try call(function, arguments, keywords)
    default:
      throw failure(.unexpected(expected: "a call or an operation", found: "a value"), at: value.start)
    }
  }

  private func call(
    _ function: PythonExpression, _ arguments: [PythonExpression], _ keywords: [PythonExpression.Keyword]
  ) throws(TextError) -> Call {
    let args = try self.arguments(arguments)
    let kwargs = try keywordArguments(keywords)
    if let path = try modulePath(function), !path.isEmpty {
      return (.callModule, Node.Target(path), args, kwargs)
    }
    switch function.kind {
    case .attribute(let base, let name):
      if case .name(let object) = base.kind, node(object) != nil {
        return (.callMethod, Node.Target(name), [.node(try node(object, at: base.start))] + args, kwargs)
      }
    case .call(let getattr, let parts, _):
      if case .name("getattr") = getattr.kind, parts.count == 2, let name = parts[1].string {
        return (.callMethod, Node.Target(name), [try argument(parts[0])] + args, kwargs)
      }
    default: break
    }
    guard let name = function.dottedName else {
      throw failure(.unsupported("a call of this"), at: function.start)
    }
    let root = String(name.prefix { $0 != "." })
    if name.contains("."), root != "torch", !Self.isModule(root), node(root) == nil {
      throw failure(.undefined(root, later: laterDefinition(root)), at: function.start)
    }
    return (.callFunction, PythonFunctions.target(name), args, kwargs)
  }

  private static func isModule(_ name: String) -> Bool {
    ["math", "operator", "_operator", "builtins", "fx_pytree", "pytree", "einops", "inductor_prims"].contains(
      name)
      || name.hasPrefix("torch")
  }

  /// The dotted path below `self`: `layers.0.weight` for `getattr(self.layers, "0").weight`; empty for `self`, `nil` for
  /// anything else.
  private func modulePath(_ expression: PythonExpression) throws(TextError) -> String? {
    switch expression.kind {
    case .name("self"): return ""
    case .attribute(let base, let name):
      return try modulePath(base).map { $0.isEmpty ? name : "\($0).\(name)" }
    case .call(let function, let arguments, _):
      guard case .name("getattr") = function.kind, arguments.count == 2, let name = arguments[1].string else {
        return nil
      }
      return try modulePath(arguments[0]).map { $0.isEmpty ? name : "\($0).\(name)" }
    default: return nil
    }
  }
}
