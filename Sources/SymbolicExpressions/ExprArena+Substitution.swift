// Replacing parts of expressions, and evaluating them.

extension ExprArena {
  /// `e` with symbols replaced; built anew through the laws.
  public mutating func substitute(_ e: SymExpr, _ replacement: (Symbol) -> SymExpr?) -> SymExpr {
    var done: [SymExpr: SymExpr] = [:]
    return rebuilt(e, &done) { arena, part in
      guard arena.hasSymbols(part) else { return part }
      return arena.asSymbol(part).flatMap(replacement)
    }
  }

  /// `e` with every occurrence of `atom` replaced.
  public mutating func replace(_ e: SymExpr, atom: SymExpr, with target: SymExpr) -> SymExpr {
    var done: [SymExpr: SymExpr] = [:]
    return rebuilt(e, &done) { arena, part in
      if part == atom { return target }
      return arena.hasSymbols(part) ? nil : part
    }
  }

  /// Rebuilds `e` from its parts, where `known` says what a part becomes at once.
  private mutating func rebuilt(
    _ e: SymExpr, _ done: inout [SymExpr: SymExpr], _ known: (borrowing ExprArena, SymExpr) -> SymExpr?
  ) -> SymExpr {
    guard e.small == nil else { return e }
    if let result = known(self, e) ?? done[e] { return result }
    let result: SymExpr
    switch view(of: e) {
    case .integer, .float, .infinite, .boolean, .symbol, .tooLarge: result = e
    case .add(let terms): result = sum(terms.map { rebuilt($0, &done, known) })
    case .mul(let factors): result = product(factors.map { rebuilt($0, &done, known) })
    case .pow(let base, let exponent): result = pow(rebuilt(base, &done, known), integer(exponent))
    case .call(let function, let arguments):
      result = apply(function, arguments.map { rebuilt($0, &done, known) }) ?? e
    case .relation(let kind, let a, let b):
      result = relation(kind, rebuilt(a, &done, known), rebuilt(b, &done, known))
    case .and(let parts): result = and(parts.map { rebuilt($0, &done, known) })
    case .or(let parts): result = or(parts.map { rebuilt($0, &done, known) })
    case .not(let part): result = not(rebuilt(part, &done, known))
    }
    done[e] = result
    return result
  }

  /// The value of `e` where its symbols have the given values; `nil` when one has none, or it is undefined or
  /// does not fit 64 bits.
  public mutating func evaluate(_ e: SymExpr, _ value: (Symbol) -> Number?) -> Number? {
    var isComplete = true
    let result = substituteNumbers(e) { symbol in
      guard let number = value(symbol) else {
        isComplete = false
        return nil
      }
      return number
    }
    guard isComplete else { return nil }
    if let integer = integerValue(of: result) { return .int(integer) }
    if let truth = booleanValue(of: result) { return .bool(truth) }
    return isLiteral(result) ? doubleValue(of: result).map { .float($0) } : nil
  }

  private mutating func substituteNumbers(_ e: SymExpr, _ value: (Symbol) -> Number?) -> SymExpr {
    var targets: [Symbol: SymExpr] = [:]
    for symbol in freeSymbols(of: e) {
      if let number = value(symbol) { targets[symbol] = literal(number) }
    }
    return substitute(e) { targets[$0] }
  }
}
