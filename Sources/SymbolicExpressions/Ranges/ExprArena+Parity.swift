// Parity: whether an integer is odd or even, as sympy derives it without knowing the value.

extension ExprArena {
  /// Whether `e` is odd, if that follows from its form alone: `2·x + 1`, or `x·(x + 1)` unless it is expanded.
  public mutating func isOdd(_ e: SymExpr) -> Bool? {
    guard sort(of: e) == .int else { return nil }
    var odd = false
    for position in 0..<termCount(e) {
      guard let isOdd = isOdd(term(e, position)) else { return nil }
      odd = odd != isOdd
    }
    return odd
  }

  private mutating func isOdd(_ term: Term) -> Bool? {
    guard let coefficient = integerValue(of: term.coefficient) else { return nil }
    if coefficient % 2 == 0 { return false }
    if term.monomial == .one { return true }
    var odd: Bool? = true
    var previous: SymExpr?
    for factor in PrintingOrder.factors(of: term.monomial, self) {
      switch isOdd(factor: factor) {
      case false: return false
      case nil where odd != false: odd = nil
      default: break
      }
      // If the sum of two numbers is odd, one of them is even.
      if let previous, flags(of: term.monomial).contains(.unexpanded), isOdd(add(previous, factor)) == true {
        odd = false
      }
      previous = factor
    }
    return odd
  }

  /// `Max` and `Min` are odd or even if all their operands are.
  private mutating func isOdd(factor: SymExpr) -> Bool? {
    if isSum(factor) { return isOdd(factor) }
    if record(of: factor).kind == .power { return isOdd(factor: SymExpr(bits: record(of: factor).lhs)) }
    guard let operands = operands(of: factor, .max) ?? operands(of: factor, .min) else { return nil }
    guard let first = isOdd(operands[0]) else { return nil }
    for operand in operands.dropFirst() where isOdd(operand) != first { return nil }
    return first
  }
}
