import FX
import FakeTensors
public import SymbolicExpressions
public import SymbolicShapes

/// What is known about one symbol, and why.
public struct SymbolStory {
  /// A reason, with the node behind it.
  public struct Cause: Sendable {
    /// The reason.
    public let reason: Learning.Reason
    /// The node that caused it; `nil` for facts from the archive.
    public let provenance: Provenance?

    /// Creates a cause from a reason, with the node that `context` knows for it.
    public init(_ reason: Learning.Reason, in context: PropagationContext) {
      self.reason = reason
      provenance = context.provenance(of: reason.origin)
    }
  }

  /// A guard or an assert that mentions the symbol.
  public struct Condition: Sendable {
    /// The kinds of conditions.
    public enum Kind: Hashable, Sendable {
      /// The guard at this position in ``ShapeEnv/guards``.
      case guardTaken(Int)
      /// The assert at this position in ``ShapeEnv/runtimeAsserts``.
      case runtimeAssert(Int)

      var isGuard: Bool {
        switch self {
        case .guardTaken: true
        case .runtimeAssert: false
        }
      }
    }

    /// The kind of condition.
    public let kind: Kind
    /// The condition, as it was recorded.
    public let expression: SymExpr
    /// The node that caused it.
    public let provenance: Provenance?
  }

  /// The symbol.
  public let symbol: SymExpr.Symbol
  /// Its name.
  public let name: String
  /// Where its value is found first.
  public let binding: AuthorNames.Spelling?
  /// The node that created it, if this run did.
  public let maker: Provenance?
  /// The values it can have.
  public let range: ValueRange
  /// The cause of its lower bound; `nil` if there is none.
  public let lowerCause: Cause?
  /// The cause of its upper bound; `nil` if there is none.
  public let upperCause: Cause?
  /// Its replacement, with the cause.
  public let replacement: (target: SymExpr, cause: Cause?)?
  /// Other names of the same value, each with its cause.
  public let otherNames: [(symbol: SymExpr.Symbol, cause: Cause)]
  /// Remainders that are known to be zero.
  public let divisibility: [(remainder: SymExpr, cause: Cause)]
  /// The guards and asserts that mention it.
  public let conditions: [Condition]

  /// Collects what `context` knows about `symbol` now.
  ///
  /// At most `limit` other names, remainders, guards and asserts each, the first ones: a program can have as many of them
  /// for each symbol as it has nodes.
  public init(
    of symbol: SymExpr.Symbol, in context: PropagationContext, names: AuthorNames, limit: Int = .max
  ) {
    let shapes = context.mode.shapes
    func cause(_ reason: Learning.Reason) -> Cause { Cause(reason, in: context) }
    self.symbol = symbol
    name = shapes.arena.name(of: symbol)
    binding = names.binding(of: symbol)
    maker = context.provenance(of: shapes.birth(of: symbol))
    range = shapes.range(of: symbol) ?? .int(.unbounded)
    let history = shapes.history
    let ends = BoundHistory(history)
    var causes: (lower: Learning.Reason?, upper: Learning.Reason?)
    if case .int(let range) = range {
      causes.lower = range.lower == .min ? nil : ends.reason(of: symbol, lower: range.lower, shapes)
      causes.upper = range.isBoundedAbove ? ends.reason(of: symbol, upper: range.upper, shapes) : nil
    }
    lowerCause = causes.lower.map(cause)
    upperCause = causes.upper.map(cause)
    let lastReplacement = history.last {
      if case .replacement(symbol, _) = $0.fact { true } else { false }
    }
    let target = shapes.find(symbol)
    replacement =
      shapes.isReplaced(symbol) ? (target, lastReplacement.map { cause($0.reason) }) : nil
    otherNames = history.first(limit) { learnt in
      guard case .renaming(let renaming) = learnt.fact else { return nil }
      if renaming.to == symbol { return (renaming.from, cause(learnt.reason)) }
      return renaming.from == symbol ? (renaming.to, cause(learnt.reason)) : nil
    }
    divisibility = history.first(limit) { learnt in
      guard case .divisible(let remainder) = learnt.fact, shapes.mentions(remainder, symbol) else {
        return nil
      }
      return (remainder, cause(learnt.reason))
    }
    conditions =
      shapes.guards.enumerated().first(limit) { index, taken in
        guard shapes.mentions(taken.expression, symbol) else { return nil }
        return Condition(
          kind: .guardTaken(index), expression: taken.expression,
          provenance: context.provenance(of: taken.origin))
      }
      + shapes.runtimeAsserts.enumerated().first(limit) { index, fact in
        guard shapes.mentions(fact.assert.expression, symbol) else { return nil }
        return Condition(
          kind: .runtimeAssert(index), expression: fact.assert.expression,
          provenance: context.provenance(of: fact.assert.origin))
      }
  }
}

extension Sequence {
  /// The first `limit` results of `transform` that are not `nil`.
  fileprivate func first<Result>(_ limit: Int, _ transform: (Element) -> Result?) -> [Result] {
    var results: [Result] = []
    for element in self {
      if results.count == limit { break }
      if let result = transform(element) { results.append(result) }
    }
    return results
  }
}

extension ShapeEnv {
  /// Whether `expression` mentions `symbol`, under any of its names.
  public func mentions(_ expression: SymExpr, _ symbol: SymExpr.Symbol) -> Bool {
    if arena.contains(expression, symbol) { return true }
    let own = resolve(arena.handle(of: symbol))
    guard let known = arena.asSymbol(own) else { return false }
    return arena.contains(resolve(expression), known)
  }
}

/// Finds the step that set the bound of a range.
private struct BoundHistory {
  let history: [Learning]

  init(_ history: [Learning]) { self.history = history }

  func reason(of symbol: SymExpr.Symbol, lower: Int, _ shapes: ShapeEnv) -> Learning.Reason? {
    reason(of: symbol, shapes, depth: 4) { $0.lower == lower }
  }

  func reason(of symbol: SymExpr.Symbol, upper: Int, _ shapes: ShapeEnv) -> Learning.Reason? {
    reason(of: symbol, shapes, depth: 4) { $0.upper == upper }
  }

  /// The reason of the first step that set the bound; a bound taken from another name has the reason it has there.
  private func reason(
    of symbol: SymExpr.Symbol, _ shapes: ShapeEnv, depth: Int, _ isEnd: (IntRange) -> Bool
  ) -> Learning.Reason? {
    for learnt in history {
      guard case .range(symbol, let range) = learnt.fact, isEnd(range) else { continue }
      guard learnt.reason.kind == .renaming, depth > 0, let cause = learnt.reason.cause,
        let other = shapes.arena.asSymbol(cause)
      else { return learnt.reason }
      return reason(of: other, shapes, depth: depth - 1, isEnd) ?? learnt.reason
    }
    // The bound is known for its other name.
    guard depth > 0, let known = shapes.arena.asSymbol(shapes.find(symbol)), known != symbol else {
      return nil
    }
    return reason(of: known, shapes, depth: depth - 1, isEnd)
  }
}
