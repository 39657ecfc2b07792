import SymbolicExpressions

/// Shifts symbols so that their ranges start at 1: `u` in [L, …] becomes `t + L − 1`, `t ≥ 1`.
///
/// Products then reveal their sign: `s·t − s` with `s, t ≥ 2` becomes a sum of positive terms.
///
/// Source: `_maybe_evaluate_static_worker`.
extension ShapeEnv {
  /// A symbol, the form that replaces it, and the offset of the new symbol.
  struct Shift {
    let symbol: SymExpr.Symbol
    let form: SymExpr
    let offset: Int
  }

  /// The shifts of all symbols of `expression` with a lower bound; with `unbackedOnly`, of those without a hint only.
  ///
  /// A linear relation needs no shifts: shifting changes neither its number of symbols nor its range. With `oo`, a shifted
  /// product has no value: `oo*(t − 1)` is not `oo*t − oo`. PyTorch stops there with an error of sympy.
  func shifts(of expression: SymExpr, unbackedOnly: Bool) -> [Shift] {
    var shifts: [Shift] = []
    if arena.isLinearRelation(expression) || arena.hasInfinity(expression) { return shifts }
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

  /// `expression` with the shifts applied, in canonical form.
  ///
  /// A relation is examined before it is expanded, and again afterwards: expanded products of shifted symbols have
  /// terms of both signs, which may hide the sign of the whole. Once the run has spent its budget, `expression` itself.
  func shifted(_ expression: SymExpr, by shifts: [Shift]) -> SymExpr {
    if shifts.isEmpty || !arena.mayExpand { return expression }
    let form = arena.substitute(expression, isExpanding: false) { symbol in
      shifts.first { $0.symbol == symbol }?.form
    }
    return arena.canonicalBool(arena.expanded(form))
  }
}
