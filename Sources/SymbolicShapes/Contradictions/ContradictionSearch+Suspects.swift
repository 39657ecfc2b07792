import SymbolicExpressions

/// What was learned about the symbols of a condition when no proof identifies the facts that contradict it.
///
/// Not all of PyTorch's conclusions are sound, so it can refuse a check that some values satisfy.
extension ContradictionSearch {
  private static let mostSuspects = 8

  /// The facts behind the ranges and replacements of the symbols of `condition`, the latest first.
  func suspectedFacts(_ condition: SymExpr) -> [KnownFact] {
    var symbols = Set(shapes.arena.freeSymbols(of: condition))
    var found: [KnownFact] = []
    for learnt in shapes.facts.history.prefix(before.history).reversed() where found.count < Self.mostSuspects
    {
      guard speaks(learnt.fact, of: symbols) else { continue }
      // The symbols of a replacement are suspects, too.
      if case .replacement(_, let target) = learnt.fact {
        symbols.formUnion(shapes.arena.freeSymbols(of: target))
      }
      let fact = KnownFact(text: text(of: learnt), reason: learnt.reason)
      if !found.contains(fact) { found.append(fact) }
    }
    return found
  }

  private func speaks(_ fact: Learning.Fact, of symbols: Set<SymExpr.Symbol>) -> Bool {
    switch fact {
    case .range(let symbol, _), .replacement(let symbol, _): symbols.contains(symbol)
    case .renaming(let renaming): symbols.contains(renaming.from) || symbols.contains(renaming.to)
    case .divisible(let remainder): shapes.arena.freeSymbols(of: remainder).contains { symbols.contains($0) }
    }
  }

  /// The condition that a fact was learned from, or the fact itself if it was stated outright.
  private func text(of learnt: Learning) -> String {
    if let cause = learnt.reason.cause,
      learnt.reason.kind == .guardTaken || learnt.reason.kind == .runtimeAssert
    {
      return shapes.arena.text(of: cause)
    }
    switch learnt.fact {
    case .range(let symbol, let range):
      let ends = RangeSide.allCases.filter { $0.isBounded(range) }
      return ends.map { "\(shapes.arena.name(of: symbol)) \($0.sign) \($0.end(of: range))" }.joined(
        separator: ", ")
    case .replacement(let symbol, let target):
      return shapes.arena.text(of: shapes.arena.eq(shapes.arena.handle(of: symbol), target))
    case .renaming(let renaming):
      return shapes.arena.text(
        of: shapes.arena.eq(shapes.arena.handle(of: renaming.from), shapes.arena.handle(of: renaming.to)))
    case .divisible(let remainder): return shapes.arena.text(of: shapes.arena.eq(remainder, .zero))
    }
  }
}
