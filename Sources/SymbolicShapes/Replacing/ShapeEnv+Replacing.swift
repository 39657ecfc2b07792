public import SymbolicExpressions

/// Why a fact contradicts what is known.
enum Contradiction: Error {
  /// The symbol's range became empty.
  case emptyRange(SymExpr.Symbol)
  /// The symbol's range does not contain its hint.
  case exampleOutOfRange(SymExpr.Symbol)
  /// The symbol's replacement would have a different range.
  case rangeNotKept(SymExpr.Symbol)
}

/// Narrowing ranges and replacing symbols.
///
/// Source: `ShapeEnv._update_var_to_range`, `_set_replacement`.
extension ShapeEnv {
  /// Narrows `symbol` to `range`.
  ///
  /// If the intersection with the known range is empty, that range is kept: the two contradict each other, and one of
  /// them will fail at run time.
  public func narrow(_ symbol: SymExpr.Symbol, to range: IntRange) {
    reserveColumns(through: symbol)
    if case .int(let given) = facts.given.ranges.ranges[Int(symbol.index)] {
      let both = given.intersection(range)
      if !both.isEmpty, both != given {
        facts.given.ranges.ranges[Int(symbol.index)] = .int(both)
        facts.given.constrained.append(symbol)
        changed(.given(symbol, both))
      }
    }
    learning(.constrained, from: nil) {
      notingContradiction { () throws(Contradiction) in try refine(symbol, to: range) }
    }
  }

  /// Runs `body`, which learns facts, and records a contradiction if there is one.
  func notingContradiction(_ body: () throws(Contradiction) -> Void) {
    do { try body() } catch { noteContradiction() }
  }

  /// Records that the facts contradict each other.
  func noteContradiction() {
    if facts.areContradictory { return }
    facts.areContradictory = true
    changed(.contradiction)
  }

  /// Intersects the range of `symbol` with `range`, which was derived from facts.
  func refine(_ symbol: SymExpr.Symbol, to range: IntRange) throws(Contradiction) {
    reserveColumns(through: symbol)
    let index = Int(symbol.index)
    guard case .int(let old) = facts.ranges.ranges[index] else { return }
    if range.isEmpty { throw .emptyRange(symbol) }
    var range = range
    // Sizes are assumed to be at least 2, so a size that can only be 0 or 1 would have an empty range.
    if facts.sizeLike[index], range.upper < 2 { range.upper = 2 }
    let new = old.intersection(range)
    if new.isEmpty { throw .emptyRange(symbol) }
    if new != old {
      facts.ranges.ranges[index] = .int(new)
      note(.range(symbol, new))
      changed(.range(symbol, new))
    }
    if case .int(let hint)? = facts.hints[index], !new.contains(hint) { throw .exampleOutOfRange(symbol) }
  }

  /// Replaces `symbol` by `target`, unless that would lose known facts about `symbol`.
  func setReplacement(_ symbol: SymExpr.Symbol, _ target: SymExpr) throws(Contradiction) {
    guard target != facts.replacements[Int(symbol.index)], !arena.freeSymbols(of: target).contains(symbol)
    else {
      return
    }
    reserveColumnsForAllSymbols()
    let index = Int(symbol.index)
    if case .int(let own) = facts.ranges.ranges[index],
      case .int(var bound) = arena.range(of: target, in: facts.ranges)
    {
      try learning(.replacement, from: target) { () throws(Contradiction) in try refine(symbol, to: bound) }
      var isKept = bound.isSubset(of: own)
      if !bound.isSubset(of: own), let other = onlySymbol(of: target),
        let (_, inverse) = arena.trySolve(
          arena.eq(arena.handle(of: symbol), target), for: arena.handle(of: other), floorDivInequality: false)
      {
        try learning(.replacement, from: arena.handle(of: symbol)) { () throws(Contradiction) in
          try refineByInverse(other, inverse)
        }
        if case .int(let again) = arena.range(of: target, in: facts.ranges) { bound = again }
        isKept = bound.isSubset(of: IntRange(lower: own.lower, upper: own.upper.orInfinite))
        if !isKept { throw .rangeNotKept(symbol) }
      }
      if let other = arena.asSymbol(target), facts.sizeLike[index] || facts.sizeLike[Int(other.index)] {
        noteSizeLike(symbol)
        noteSizeLike(other)
      }
      guard isKept, !facts.sizeLike[index] || isSizeLike(target) else { return }
    }
    if facts.replacements[index] == arena.handle(of: symbol) { facts.replaced.append(symbol) }
    facts.replacements[index] = target
    note(.replacement(symbol, target))
    changed(.replacement(symbol, target))
  }

  /// Whether `target` is at least 2 when size-like symbols are: only then it takes the place of a size-like symbol.
  private func isSizeLike(_ target: SymExpr) -> Bool {
    var ranges = facts.ranges
    for symbol in arena.freeSymbols(of: target) where facts.sizeLike[Int(symbol.index)] {
      ranges.ranges[Int(symbol.index)] = .int(IntRange(lower: 2, upper: .max))
    }
    guard case .int(let bound) = arena.range(of: target, in: ranges) else { return false }
    return bound.lower >= 2
  }

  private func onlySymbol(of expression: SymExpr) -> SymExpr.Symbol? {
    let symbols = arena.freeSymbols(of: expression)
    return symbols.count == 1 ? symbols.first : nil
  }

  private func refineByInverse(_ symbol: SymExpr.Symbol, _ inverse: SymExpr) throws(Contradiction) {
    switch arena.range(of: inverse, in: facts.ranges) {
    case .int(let range): try refine(symbol, to: range)
    case .float(let range):
      let limit = 9e18
      try refine(
        symbol,
        to: IntRange(
          lower: range.lower > -limit ? Int(range.lower.rounded(.up)) : .min,
          upper: range.upper < limit ? Int(range.upper.rounded(.down)) : .max))
    case .bool: break
    }
  }
}

extension Int {
  /// Infinity for the bound of a size, `sys.maxsize - 1`: `u + 1` of such a size has no bound here, where PyTorch has one
  /// beyond 64 bits.
  fileprivate var orInfinite: Int { self >= .max - 1 ? .max : self }
}
