// Products as they were written: `s0·(s1 + 1)`. SymInts keep them until they are decided on; the sign and range of such
// a product tell more than those of its terms.

extension ExprArena {
  /// `a · b` without expanding sums; a literal is still multiplied into a sum.
  public mutating func mulUnexpanded(_ a: SymExpr, _ b: SymExpr) -> SymExpr {
    guard isSum(a) || isSum(b), !isLiteral(a), !isLiteral(b), !isAbsorbing(a), !isAbsorbing(b) else {
      return mul(a, b)
    }
    return multiply(factorTerm(a), factorTerm(b))
  }

  /// `e` with every product of sums expanded, including those in calls; `e` itself beyond ``operandLimit``.
  public mutating func expanded(_ e: SymExpr) -> SymExpr {
    guard flags(of: e).contains(.unexpanded), mayExpand else { return e }
    // Shared parts would else be expanded once for each use.
    if let known = answer(.expand, e, .zero) { return known }
    let record = record(of: e)
    let result = build(record, operands(of: record).map { expanded($0) })
    memo.remember(.expand, e, .zero, result)
    return result
  }

  /// A product or power like `record`, of other operands, with sums kept; nil for anything else.
  mutating func buildUnexpanded(_ record: Record, _ operands: [SymExpr]) -> SymExpr? {
    switch record.kind {
    case .product, .scale: return multiplied(operands, keepingSums: true)
    case .power where isSum(operands[0]): return operands[1].small.map { power(operands[0], $0) }
    default: return nil
    }
  }

  /// A term whose monomial is `e`, even if that is a sum.
  private func factorTerm(_ e: SymExpr) -> Term {
    isSum(e) ? Term(coefficient: .one, monomial: e) : term(of: e)
  }
}
