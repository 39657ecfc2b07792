public import SymbolicExpressions

/// A premise of a proof.
public enum Premise: Hashable, Sendable {
  /// The range of a symbol.
  case range(SymExpr.Symbol)
  /// The range of a larger expression, which follows from the ranges of its symbols.
  case bounds(SymExpr)
  /// The guard at this position in ``ShapeEnv/guards``.
  case guardTaken(Int)
  /// The assert at this position in ``ShapeEnv/runtimeAsserts``.
  case runtimeAssert(Int)
  /// A condition that the program declares, such as the range of a derived dim.
  case declared(SymExpr)
  /// The expression that a symbol is another name for.
  case definition(of: SymExpr.Symbol)
  /// The meaning of a function: `c·(n//c) ≤ n < c·(n//c) + c`, or that `Max(a, b)` is `a` or `b`.
  case meaning(of: SymExpr)
}

extension ShapeEnv {
  /// Why a condition always or never holds, for every assignment that the facts allow.
  public struct Proof: Sendable {
    /// The condition, after replacements.
    public let condition: SymExpr
    /// Whether it always holds; otherwise it never does.
    public let holds: Bool
    /// What it follows from; empty when it follows from arithmetic alone.
    public let premises: [Premise]
  }
}
