import SymbolicExpressions

/// Relations whose symbols are shifted to where their ranges begin: `u` in [L, …] becomes `t + L − 1`, `t ≥ 1`.
///
/// Then products show their sign: `s·t − s` with `s, t ≥ 2` becomes a sum of positive terms.
///
/// Source: `_maybe_evaluate_static_worker`.
extension ShapeEnv {
  /// A symbol, what stands for it, and how much less than it the new symbol is.
  struct Shift {
    let symbol: SymExpr.Symbol
    let form: SymExpr
    let offset: Int
  }

  /// The shifts of all symbols of `expression` that have a lower end; of those without an example value only,
  /// if so asked.
  ///
  /// A linear relation needs none: shifted, it has as many symbols and the same range.
  func shifts(of expression: SymExpr, unbackedOnly: Bool) -> [Shift] {
    var shifts: [Shift] = []
    if arena.isLinearRelation(expression) { return shifts }
    for symbol in arena.freeSymbols(of: expression) {
      if unbackedOnly, hint(of: symbol) != nil { continue }
      guard let lower = lowerEnd(of: symbol),
        case .int(let range) = facts.ranges.ranges[Int(symbol.index)]
      else { continue }
      let (offset, underflow) = lower.subtractingReportingOverflow(1)
      if underflow { continue }
      let positive = arena.symbol("_" + arena.name(of: symbol), [.integer, .positive])
      guard let shifted = arena.asSymbol(positive) else { continue }
      reserveColumns(through: shifted)
      let (upper, overflow) = range.upper.subtractingReportingOverflow(offset)
      facts.ranges.ranges[Int(shifted.index)] = .int(
        IntRange(lower: 1, upper: range.upper == .max || overflow ? .max : upper))
      shifts.append(Shift(symbol: symbol, form: arena.add(positive, arena.integer(offset)), offset: offset))
    }
    return shifts
  }

  func lowerEnd(of symbol: SymExpr.Symbol) -> Int? {
    guard Int(symbol.index) < facts.ranges.ranges.count,
      case .int(let range) = facts.ranges.ranges[Int(symbol.index)], range.lower != .min
    else { return nil }
    return range.lower
  }

  /// `expression` with the shifts made, in canonical form.
  ///
  /// A relation is looked at before it is multiplied out, and again afterwards: products of shifted symbols
  /// then have terms of both signs and may show nothing any more.
  func shifted(_ expression: SymExpr, by shifts: [Shift]) -> SymExpr {
    if shifts.isEmpty { return expression }
    let form = arena.substitute(expression, isExpanding: false) { symbol in
      shifts.first { $0.symbol == symbol }?.form
    }
    return arena.canonicalBool(arena.expanded(form))
  }
}
