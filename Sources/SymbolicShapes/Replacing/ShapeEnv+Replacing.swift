public import SymbolicExpressions

/// Why a fact cannot hold beside what is known.
enum Contradiction: Error {
  /// Nothing is left of a symbol's range.
  case emptyRange(SymExpr.Symbol)
  /// The range of a symbol does not hold its example value.
  case exampleOutOfRange(SymExpr.Symbol)
  /// A symbol would be replaced by something whose range is another.
  case rangeNotKept(SymExpr.Symbol)
}

/// Ranges that get tighter, and symbols for which something else stands.
///
/// Source: `ShapeEnv._update_var_to_range`, `_set_replacement`.
extension ShapeEnv {
  /// Says that `symbol` lies in `range`.
  ///
  /// An empty intersection with what is known leaves that as it was: the two contradict each other, and a run
  /// will fail the one or the other.
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

  /// Does what teaches something, and notes where that cannot hold beside the rest.
  func notingContradiction(_ body: () throws(Contradiction) -> Void) {
    do { try body() } catch { noteContradiction() }
  }

  /// Notes that the facts cannot all hold.
  func noteContradiction() {
    if facts.areContradictory { return }
    facts.areContradictory = true
    changed(.contradiction)
  }

  /// Intersects the range of `symbol` with `range`, which was concluded from facts.
  func refine(_ symbol: SymExpr.Symbol, to range: IntRange) throws(Contradiction) {
    reserveColumns(through: symbol)
    let index = Int(symbol.index)
    guard case .int(let old) = facts.ranges.ranges[index] else { return }
    if range.isEmpty { throw .emptyRange(symbol) }
    var range = range
    // A size that could only be 0 or 1 would leave nothing where sizes are taken to be at least 2.
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

  /// Replaces `symbol` by `target` from now on, if nothing known about `symbol` is lost by it.
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
      if !bound.isSubset(of: own), let other = onlySymbol(of: target),
        let (_, inverse) = arena.trySolve(
          arena.eq(arena.handle(of: symbol), target), for: arena.handle(of: other), floorDivInequality: false)
      {
        try learning(.replacement, from: arena.handle(of: symbol)) { () throws(Contradiction) in
          try refineByInverse(other, inverse)
        }
        if case .int(let again) = arena.range(of: target, in: facts.ranges) { bound = again }
        if !bound.isSubset(of: own) { throw .rangeNotKept(symbol) }
      }
      if let other = arena.asSymbol(target), facts.sizeLike[index] || facts.sizeLike[Int(other.index)] {
        noteSizeLike(symbol)
        noteSizeLike(other)
      }
      guard bound.isSubset(of: own) else { return }
    }
    if facts.replacements[index] == arena.handle(of: symbol) { facts.replaced.append(symbol) }
    facts.replacements[index] = target
    note(.replacement(symbol, target))
    changed(.replacement(symbol, target))
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
