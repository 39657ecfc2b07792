// sympy's own Max and Min. `Max` and `Min` in archives are parsed as these rather than as PyTorch's classes; they drop
// more operands.

extension ExprArena {
  /// The operands of `Max` or `Min` that no other operand is known to dominate.
  ///
  /// `Min(a, a*b)` keeps `a` if `a` and `b` are positive, since `a*b - a = a*(b - 1)` is non-negative.
  ///
  /// - Source: `MinMaxBase._find_localzeros`, sympy 1.14. `GraphModuleDeserializer.sympy_functions` in
  ///   `torch/_export/serde/serialize.py` does not replace these two functions.
  mutating func undominated(_ function: SymFunction, _ operands: [SymExpr]) -> [SymExpr] {
    var kept: [SymExpr] = []
    next: for operand in operands {
      guard sort(of: operand) == .int else {
        kept.append(operand)
        continue
      }
      for position in kept.indices where sort(of: kept[position]) == .int {
        let order = signOfDifference(operand, kept[position])
        let isAtLeast = order.contains(.nonNegative)
        guard isAtLeast || order.contains(.nonPositive) else { continue }
        if isAtLeast == (function == .max) { kept[position] = operand }
        continue next
      }
      kept.append(operand)
    }
    return kept
  }

  /// The sign of `a - b`; if necessary, from the signs of its common factor and of the cofactor.
  private mutating func signOfDifference(_ a: SymExpr, _ b: SymExpr) -> SymExpr.Sign {
    let difference = sub(a, b)
    let known = sign(of: difference)
    if known != [], known != .nonZero { return known }
    guard let content = integerContent(difference).flatMap(Int.init(exactly:)), content > 0 else {
      return known
    }
    let common = Term(coefficient: integer(content), monomial: monomialContent(difference))
    guard let rest = dividedExactly(difference, byTerm: common) else { return known }
    return sign(of: common.monomial) * sign(of: rest)
  }
}
