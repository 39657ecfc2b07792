// Sums with remainders, written so that interval arithmetic sees what depends on what.

extension ExprArena {
  /// A sum whose terms `c·x − c·(x % m)` are written `c·m·(x // m)`; `nil` when it has none.
  ///
  /// The ranges of its operands must be known.
  ///
  /// - Source: `_rewrite_mod_subtractions_in_add`, `torch/utils/_sympy/value_ranges.py`.
  mutating func rewrittenForRange(
    _ e: SymExpr, _ record: Record, in symbolRanges: borrowing SymbolRanges
  ) -> SymExpr? {
    guard record.kind == .sum, record.flags.contains(.hasQuotients),
      semantics.contains(.boundsRemaindersByQuotients), termCount(e) <= Self.maxDivisionSteps
    else { return nil }
    var (rest, quotients) = (e, [SymExpr]())
    for position in 0..<termCount(e) {
      let remainder = term(e, position)
      guard let coefficient = integerValue(of: remainder.coefficient),
        let (base, divisor) = remainderOperands(remainder.monomial, in: symbolRanges),
        let taken = multiple(of: base, by: coefficient, in: rest)
      else { continue }
      rest = sub(sub(rest, taken), handle(of: remainder))
      quotients.append(mul(mul(neg(remainder.coefficient), floorDiv(base, divisor)), divisor))
    }
    guard !quotients.isEmpty else { return nil }
    let result = sum([rest] + quotients)
    return result == e ? nil : result
  }

  /// The operands of a remainder that is `base − divisor·(base // divisor)`.
  private mutating func remainderOperands(
    _ e: SymExpr, in symbolRanges: borrowing SymbolRanges
  ) -> (base: SymExpr, divisor: SymExpr)? {
    for function in [SymFunction.mod, .pythonMod] {
      guard let operands = operands(of: e, function), operands.count == 2,
        isAtLeast(1, operands[1], in: symbolRanges),
        function == .pythonMod || isAtLeast(0, operands[0], in: symbolRanges)
      else { continue }
      return (operands[0], operands[1])
    }
    return nil
  }

  private mutating func isAtLeast(_ bound: Int, _ e: SymExpr, in symbolRanges: borrowing SymbolRanges) -> Bool
  {
    if sign(of: e).isSuperset(of: bound == 0 ? .nonNegative : .positive) { return true }
    guard case .int(let range) = range(of: e, in: symbolRanges) else { return false }
    return range.lower >= bound
  }

  /// `−coefficient·base` when `sum` holds all of it, term by term.
  private mutating func multiple(of base: SymExpr, by coefficient: Int, in sum: SymExpr) -> SymExpr? {
    for position in 0..<termCount(base) {
      let part = term(base, position)
      guard let factor = integerValue(of: part.coefficient) else { return nil }
      let (product, overflow) = coefficient.multipliedReportingOverflow(by: factor)
      guard !overflow, product != .min, let held = self.coefficient(of: part.monomial, in: sum) else {
        return nil
      }
      let needed = -product
      guard held.signum() == needed.signum(), needed > 0 ? held >= needed : held <= needed else { return nil }
    }
    return mul(integer(coefficient), neg(base))
  }

  /// The coefficient of `monomial` in `sum`; `nil` when it does not occur or is no integer.
  private func coefficient(of monomial: SymExpr, in sum: SymExpr) -> Int? {
    for position in 0..<termCount(sum) {
      let part = term(sum, position)
      if part.monomial == monomial { return integerValue(of: part.coefficient) }
    }
    return nil
  }
}
