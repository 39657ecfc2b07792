public import SymbolicExpressions

/// A moment of a run, by how much was known; whatever is learned later comes after it.
public struct KnowledgeMark: Hashable, Sendable {
  /// The version of what was known.
  public let version: UInt64
  /// The number of the next fresh integer.
  public let nextUnbackedInt: Int
  /// The number of the next fresh float.
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

  /// Whether a fact contradicted the others or the hints.
  public var isContradictory: Bool { facts.areContradictory }

  /// Calls `body` with the symbols in the facts learned since `mark`; some may occur more than once.
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

  /// Calls `body` with every symbol that an answer about `expression` can depend on: its own symbols and those of their
  /// replacements.
  ///
  /// Unlike ``find(_:)``, shortens no paths and so learns nothing.
  public func forEachRelatedSymbol(of expression: SymExpr, _ body: (SymExpr.Symbol) -> Void) {
    for symbol in arena.freeSymbols(of: expression) {
      body(symbol)
      guard isReplaced(symbol) else { continue }
      // A symbol never occurs in its own replacement, so this ends.
      forEachRelatedSymbol(of: facts.replacements[Int(symbol.index)], body)
    }
  }
}
