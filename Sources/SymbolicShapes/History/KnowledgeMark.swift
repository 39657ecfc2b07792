public import SymbolicExpressions

/// How much was known at one moment of a run: what is learnt later comes after it.
public struct KnowledgeMark: Hashable, Sendable {
  /// Names what was known.
  public let version: UInt64
  /// Which number the next fresh integer gets.
  public let nextUnbackedInt: Int
  /// Which number the next fresh float gets.
  public let nextUnbackedFloat: Int
  fileprivate let history: Int
  fileprivate let guards: Int
  fileprivate let runtimeAsserts: Int
}

extension ShapeEnv {
  /// How much is known now.
  public var mark: KnowledgeMark {
    KnowledgeMark(
      version: facts.version, nextUnbackedInt: facts.nextUnbackedInt,
      nextUnbackedFloat: facts.nextUnbackedFloat, history: facts.history.count, guards: facts.guards.count,
      runtimeAsserts: facts.runtimeAsserts.count)
  }

  /// Whether a fact was met that cannot hold beside the others or the example values.
  public var isContradictory: Bool { facts.areContradictory }

  /// Calls `body` with the symbols that facts learnt since `mark` speak of; some come several times.
  public func forEachSymbol(learntSince mark: KnowledgeMark, _ body: (SymExpr.Symbol) -> Void) {
    for learning in facts.history.dropFirst(mark.history) {
      switch learning.fact {
      case .range(let symbol, _): body(symbol)
      case .replacement(let symbol, let target):
        body(symbol)
        forEachRelatedSymbol(of: target, body)
      case .renaming(let renaming):
        body(renaming.from)
        body(renaming.to)
      case .divisible(let remainder): forEachRelatedSymbol(of: remainder, body)
      }
    }
    for fact in facts.guards.dropFirst(mark.guards) { forEachRelatedSymbol(of: fact.expression, body) }
    for fact in facts.runtimeAsserts.dropFirst(mark.runtimeAsserts) {
      forEachRelatedSymbol(of: fact.assert.expression, body)
    }
  }

  /// Calls `body` with every symbol on which an answer about `expression` can depend: its own and those of
  /// their replacements.
  ///
  /// Learns nothing, where ``find(_:)`` shortens the way.
  public func forEachRelatedSymbol(of expression: SymExpr, _ body: (SymExpr.Symbol) -> Void) {
    for symbol in arena.freeSymbols(of: expression) {
      body(symbol)
      guard isReplaced(symbol) else { continue }
      // A symbol never occurs in its own replacement, so the way ends.
      forEachRelatedSymbol(of: facts.replacements[Int(symbol.index)], body)
    }
  }
}
