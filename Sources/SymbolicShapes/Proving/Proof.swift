public import SymbolicExpressions

/// One thing that a proof rests on.
public enum Premise: Hashable, Sendable {
  /// The range of a symbol.
  case range(SymExpr.Symbol)
  /// The range of a larger expression, which follows from those of its symbols.
  case bounds(SymExpr)
  /// The guard with this place in ``ShapeEnv/guards``.
  case guardTaken(Int)
  /// The assert with this place in ``ShapeEnv/runtimeAsserts``.
  case runtimeAssert(Int)
  /// A condition that the program declares, such as the range of a derived dim.
  case declared(SymExpr)
  /// What a symbol is another name of.
  case definition(of: SymExpr.Symbol)
  /// What a function means: `c·(n//c) ≤ n < c·(n//c) + c`, or that `Max(a, b)` is `a` or `b`.
  case meaning(of: SymExpr)
}

extension ShapeEnv {
  /// Why a condition holds, or why it never does, for every assignment that the facts allow.
  public struct Proof: Sendable {
    /// What was asked, after replacements.
    public let condition: SymExpr
    /// Whether it always holds or never.
    public let holds: Bool
    /// What it follows from; empty when it follows from arithmetic alone.
    public let premises: [Premise]
  }
}
