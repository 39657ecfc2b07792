import SymbolicExpressions
import SymbolicShapes

extension ShapeEnv {
  /// Whether two expressions are equal for all values that the ranges allow, by a short proof.
  func provesEqual(_ a: SymExpr, _ b: SymExpr) -> Bool {
    a == b || prove(SymBool(arena.eq(a, b)), budget: Self.equalityBudget)?.holds == true
  }

  private static let equalityBudget = ProofBudget(work: 20_000, cases: 16, facts: 24)
}
