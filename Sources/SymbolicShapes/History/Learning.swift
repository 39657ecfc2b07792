public import SymbolicExpressions

/// One thing that was learnt about a symbol, and why.
public struct Learning: Hashable, Sendable {
  /// What was learnt.
  public enum Fact: Hashable, Sendable {
    /// The symbol lies in this range, which is narrower than what was known.
    case range(SymExpr.Symbol, IntRange)
    /// Something else stands for the symbol from then on.
    case replacement(SymExpr.Symbol, SymExpr)
    /// A symbol that a step made is one that the program knows; both names are kept.
    case renaming(Renaming)
    /// A remainder is zero.
    case divisible(SymExpr)
  }

  /// What was learnt.
  public let fact: Fact
  /// Why.
  public let reason: Reason
}

extension Learning {
  /// Why something is known.
  public struct Reason: Hashable, Sendable {
    /// The ways in which facts come about.
    public enum Kind: UInt8, Sendable {
      /// It was said when the symbol was made or declared: by the archive, or by the operator that made it.
      case declared
      /// A step demands it without a check, as `constrain_range` does.
      case constrained
      /// It follows from `cause`, a guard.
      case guardTaken
      /// It follows from `cause`, an assert that a run makes.
      case runtimeAssert
      /// The symbol was found to be `cause`, another name.
      case renaming
      /// `cause` was found where the program binds the symbol.
      case binding
      /// `cause` stands for the symbol, or the symbol in `cause`.
      case replacement
      /// It is so in the example that the program was traced with.
      case example
    }

    /// How it came about.
    public let kind: Kind
    /// The expression that it follows from.
    public let cause: SymExpr?
    /// The step that caused it.
    public let origin: ShapeEnv.Origin
  }
}

extension ShapeEnv {
  /// What was learnt about symbols since they were declared, in that order.
  public var history: [Learning] { facts.history }

  /// Remembers a fact that is learnt at the moment.
  func note(_ fact: Learning.Fact) {
    facts.history.append(
      Learning(
        fact: fact,
        reason: Learning.Reason(kind: learningFrom.kind, cause: learningFrom.cause, origin: origin))
    )
  }

  /// Learns what `body` does as something that follows from `cause`.
  func learning<Result, Failure: Error>(
    _ kind: Learning.Reason.Kind, from cause: SymExpr?, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outer = learningFrom
    learningFrom = (kind, cause)
    defer { learningFrom = outer }
    return try body()
  }
}
