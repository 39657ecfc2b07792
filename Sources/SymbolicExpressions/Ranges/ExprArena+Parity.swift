// Parity: whether an integer is odd or even, as sympy derives it without knowing the value.

import DenseTables

extension ExprArena {
  /// Whether `e` is odd, if that follows from its form alone: `2·x + 1`, or `x·(x + 1)` unless it is expanded.
  public mutating func isOdd(_ e: SymExpr) -> Bool? {
    guard sort(of: e) == .int else { return nil }
    // Only these are nested; shared parts would else be examined once for each use.
    guard e.small == nil, !flags(of: e).isDisjoint(with: [.unexpanded, .hasExtrema]) else {
      return derivedParity(of: e)
    }
    switch parities[e.index] {
    case 1: return false
    case 2: return true
    case 3: return nil
    default:
      let odd = derivedParity(of: e)
      parities[e.index] = odd == nil ? 3 : odd == true ? 2 : 1
      return odd
    }
  }

  private mutating func derivedParity(of e: SymExpr) -> Bool? {
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
    for position in 0..<factorCount(term.monomial) {
      switch isOdd(factor: powerHandle(term.monomial, position)) {
      case false: return false
      case nil: odd = nil
      default: break
      }
    }
    return odd == nil && hasEvenNeighbours(term.monomial) ? false : odd
  }

  /// The factors of larger products are not compared.
  private static var mostComparedParts: UInt32 { 256 }

  /// Whether the sum of two neighbouring factors is odd, so that one of them is even.
  private mutating func hasEvenNeighbours(_ monomial: SymExpr) -> Bool {
    guard flags(of: monomial).contains(.unexpanded), partCount(of: monomial) <= Self.mostComparedParts else {
      return false
    }
    var (previous, order): (SymExpr?, PrintingOrder) = (nil, PrintingOrder())
    for factor in order.factors(of: monomial, self) {
      if let previous, isOdd(add(previous, factor)) == true { return true }
      previous = factor
    }
    return false
  }

  /// Factor number `position` of a monomial with its exponent.
  private func powerHandle(_ monomial: SymExpr, _ position: Int) -> SymExpr {
    let record = record(of: monomial)
    return record.kind == .product ? operand(record, position) : monomial
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
