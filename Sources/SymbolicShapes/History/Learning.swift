public import SymbolicExpressions

/// One fact learned about a symbol, and why.
public struct Learning: Hashable, Sendable {
  /// The kinds of facts that are learned.
  public enum Fact: Hashable, Sendable {
    /// The symbol lies in this range, which is narrower than before.
    case range(SymExpr.Symbol, IntRange)
    /// The symbol is replaced by the expression.
    case replacement(SymExpr.Symbol, SymExpr)
    /// A symbol that a step created is one that the program knows; both names are kept.
    case renaming(Renaming)
    /// A remainder is zero.
    case divisible(SymExpr)
  }

  /// What was learned.
  public let fact: Fact
  /// Why.
  public let reason: Reason
}

extension Learning {
  /// Why something is known.
  public struct Reason: Hashable, Sendable {
    /// The ways in which facts arise.
    public enum Kind: UInt8, Sendable {
      /// It was stated when the symbol was created or declared, by the archive or by an operator.
      case declared
      /// A step required it without a check, as `constrain_range` does.
      case constrained
      /// It follows from `cause`, a guard.
      case guardTaken
      /// It follows from `cause`, a runtime assert.
      case runtimeAssert
      /// The symbol was found to be another name for `cause`.
      case renaming
      /// `cause` was found where the program binds the symbol.
      case binding
      /// `cause` replaces the symbol, or the symbol occurs in `cause`.
      case replacement
      /// It holds for the example inputs that the program was traced with.
      case example
    }

    /// How it arose.
    public let kind: Kind
    /// The expression it follows from.
    public let cause: SymExpr?
    /// The step that caused it.
    public let origin: ShapeEnv.Origin
  }
}

extension ShapeEnv {
  /// What was learned about symbols since they were declared, in that order.
  public var history: [Learning] { facts.history }

  /// Records a fact that is being learned.
  func note(_ fact: Learning.Fact) {
    facts.history.append(
      Learning(
        fact: fact,
        reason: Learning.Reason(kind: learningFrom.kind, cause: learningFrom.cause, origin: origin))
    )
  }

  /// Runs `body`; the facts it learns follow from `cause`.
  func learning<Result, Failure: Error>(
    _ kind: Learning.Reason.Kind, from cause: SymExpr?, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outer = learningFrom
    learningFrom = (kind, cause)
    defer { learningFrom = outer }
    return try body()
  }
}
