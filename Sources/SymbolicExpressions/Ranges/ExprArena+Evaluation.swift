extension SymExpr {
  /// The value of an expression.
  public enum Number: Hashable, Sendable {
    case int(Int)
    case float(Double)
    case bool(Bool)

    /// The value as a float; `true` is 1.
    public var double: Double {
      switch self {
      case .int(let value): Double(value)
      case .float(let value): value
      case .bool(let value): value ? 1 : 0
      }
    }
  }
}

extension SymExpr.Number: CustomStringConvertible {
  /// The value as Python writes it.
  public var description: String {
    switch self {
    case .int(let value): "\(value)"
    case .float(let value): "\(value)"
    case .bool(let value): value ? "True" : "False"
    }
  }
}

extension ExprArena {
  /// The value of `e`; nil if it is undefined (division by 0), does not fit 64 bits, or a symbol has no value.
  ///
  /// - Complexity: O(*n*) for *n* distinct parts.
  public func evaluate(_ e: SymExpr, _ value: (SymExpr.Symbol) -> SymExpr.Number?) -> SymExpr.Number? {
    var shared = SharedValues()
    return evaluate(e, sharing: &shared, value)
  }

  /// The value of `e`, which is one of several expressions that are evaluated with the same values of symbols.
  ///
  /// - Complexity: O(*n*) for *n* distinct parts of all of them.
  package func evaluate(
    _ e: SymExpr, sharing shared: inout SharedValues, _ value: (SymExpr.Symbol) -> SymExpr.Number?
  ) -> SymExpr.Number? {
    if let small = e.small { return .int(small) }
    let record = record(of: e)
    switch record.kind {
    case .constant: return constantValue(e)
    case .integer: return .int(record.integer)
    case .float: return .float(record.double)
    case .symbol: return value(SymExpr.Symbol(index: record.lhs))
    default: break
    }
    if let known = shared.known(e) { return known }
    let result = evaluate(record, &shared, value)
    shared.note(result, of: e)
    return result
  }

  private func evaluate(
    _ record: Record, _ shared: inout SharedValues, _ value: (SymExpr.Symbol) -> SymExpr.Number?
  ) -> SymExpr.Number? {
    switch record.kind {
    case .unary, .binary, .nary: return evaluateCall(record, &shared, value)
    case .and, .or:
      for position in 0..<record.operandCount {
        guard case .bool(let part) = evaluate(operand(record, position), sharing: &shared, value) else {
          return nil
        }
        if part == (record.kind == .or) { return .bool(part) }
      }
      return .bool(record.kind == .and)
    case .not:
      guard case .bool(let operand) = evaluate(SymExpr(bits: record.lhs), sharing: &shared, value) else {
        return nil
      }
      return .bool(!operand)
    default: break
    }
    guard var result = evaluate(operand(record, 0), sharing: &shared, value) else { return nil }
    for position in 1..<record.operandCount {
      guard let next = evaluate(operand(record, position), sharing: &shared, value),
        let combined = combine(record, result, next)
      else { return nil }
      result = combined
    }
    return result
  }

  private func constantValue(_ e: SymExpr) -> SymExpr.Number? {
    switch e {
    case .true, .false: .bool(e == .true)
    case .infinity, .intInfinity: .float(.infinity)
    case .negativeInfinity, .negativeIntInfinity: .float(-.infinity)
    default: nil
    }
  }

  /// One step of a sum, a product, a power or a comparison.
  private func combine(_ record: Record, _ a: SymExpr.Number, _ b: SymExpr.Number) -> SymExpr.Number? {
    if record.kind == .relation {
      let kind = record.relation
      switch (a, b) {
      case (.int(let x), .int(let y)): return .bool(kind.holds(x, y))
      default: return .bool(kind.holds(a.double, b.double))
      }
    }
    guard case .int(let x) = a, case .int(let y) = b else {
      switch record.kind {
      case .sum: return .float(a.double + b.double)
      case .power: return .float(ElementaryFunctions.pow(a.double, b.double))
      default: return .float(a.double * b.double)
      }
    }
    if record.kind == .power { return Self.power(x, y).map { .int($0) } }
    let (result, overflow) =
      record.kind == .sum ? x.addingReportingOverflow(y) : x.multipliedReportingOverflow(by: y)
    return overflow ? nil : .int(result)
  }

  /// `x ** n` for `n ≥ 0`; nil on overflow.
  static func power(_ x: Int, _ n: Int) -> Int? {
    if n < 0 { return nil }
    if x == 0 || x == 1 { return n == 0 ? 1 : x }
    if x == -1 { return n % 2 == 0 ? 1 : -1 }
    guard n < Int.bitWidth else { return nil }
    var result = 1
    for _ in 0..<n {
      let (next, overflow) = result.multipliedReportingOverflow(by: x)
      if overflow { return nil }
      result = next
    }
    return result
  }

  private func evaluateCall(
    _ record: Record, _ shared: inout SharedValues, _ value: (SymExpr.Symbol) -> SymExpr.Number?
  ) -> SymExpr.Number? {
    let function = record.callee
    switch function {
    case .where:
      guard case .bool(let condition) = evaluate(operand(record, 0), sharing: &shared, value) else {
        return nil
      }
      return evaluate(operand(record, condition ? 1 : 2), sharing: &shared, value)
    case .piecewise:
      for position in stride(from: 0, to: record.operandCount - 1, by: 2) {
        guard case .bool(let condition) = evaluate(operand(record, position + 1), sharing: &shared, value)
        else {
          return nil
        }
        if condition { return evaluate(operand(record, position), sharing: &shared, value) }
      }
      return nil
    default: break
    }
    var arguments: [SymExpr.Number] = []
    for position in 0..<record.operandCount {
      guard let argument = evaluate(operand(record, position), sharing: &shared, value) else { return nil }
      arguments.append(argument)
    }
    return function.value(of: arguments)
  }
}

extension SymFunction {
  /// The value of a call with evaluated arguments; nil if undefined.
  ///
  /// Computed by the laws for literals, in a temporary arena.
  package func value(of arguments: [SymExpr.Number]) -> SymExpr.Number? {
    if case .int(let x)? = arguments.first, arguments.count == 2, case .int(let y) = arguments[1] {
      switch self {
      case .floorDiv, .cleanDiv, .mod, .pythonMod:
        guard y != 0, y != -1 || x != .min else { return nil }
        return .int(
          self == .floorDiv || self == .cleanDiv ? floorQuotient(x, y) : y == -1 ? 0 : floorRemainder(x, y))
      case .powByNatural: return ExprArena.power(x, y).map { .int($0) }
      case .max: return .int(Swift.max(x, y))
      case .min: return .int(Swift.min(x, y))
      default: break
      }
    }
    var arena = ExprArena()
    let literals = arguments.map { arena.literal($0) }
    guard let result = arena.apply(self, literals) else { return nil }
    if let value = arena.integerValue(of: result) { return .int(value) }
    if let value = arena.booleanValue(of: result) { return .bool(value) }
    return arena.isLiteral(result) ? arena.doubleValue(of: result).map { .float($0) } : nil
  }
}
