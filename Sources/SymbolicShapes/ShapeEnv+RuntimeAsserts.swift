public import SymbolicExpressions

/// Checks: decided now, guarded on, or left for the run.
///
/// Source: `torch._check`, `ShapeEnv.guard_or_defer_runtime_assert`.
extension ShapeEnv {
  /// Demands that `condition` holds.
  ///
  /// - Returns: false when it is known not to hold; the caller words the refusal.
  public func check(_ condition: SymBool, _ message: @autoclosure () -> String = "") -> Bool {
    let condition = resolve(condition)
    if let constant = condition.constant { return constant }
    if !isUnconstrainedNonNegative(condition.expression), let known = staticallyKnown(condition) {
      return known
    }
    let simplified = simplify(condition.expression)
    if let hint = hint(of: SymBool(simplified)) {
      takeGuard(hint ? SymBool(simplified) : not(SymBool(simplified)))
      return hint
    }
    let canonical = arena.canonicalBool(condition.expression)
    learning(.runtimeAssert, from: canonical) { learnRelation(condition.expression) }
    let newest = arena.freeSymbols(of: canonical).filter { arena.assumptions(of: $0).contains(.unbacked) }
      .max { creationRank($0) < creationRank($1) }
    facts.runtimeAsserts.append(
      (newest, RuntimeAssert(expression: canonical, message: message(), origin: origin)))
    addAxioms(of: simplify(canonical))
    changed()
    return true
  }

  /// Unbacked symbols are numbered in the order of their making; floats after integers of the same number.
  private func creationRank(_ symbol: Symbol) -> (Int, Int) {
    let name = arena.name(of: symbol)
    let isFloat = name.hasPrefix("zuf")
    return (Int(name.dropFirst(isFloat ? 3 : 1)) ?? 0, isFloat ? 1 : 0)
  }

  /// A bare `u >= 0` of a symbol nothing is known about is recorded without being asked.
  private func isUnconstrainedNonNegative(_ expression: SymExpr) -> Bool {
    guard case .relation(.ge, let lhs, let rhs) = arena.view(of: expression), rhs == .zero,
      let symbol = arena.asSymbol(lhs), Int(symbol.index) < facts.kinds.count,
      case .int(let range) = facts.ranges.ranges[Int(symbol.index)]
    else { return false }
    return range.lower == .min && range.upper == .max && !isReplaced(symbol)
  }

  /// `torch._check_is_size`: `value` is at least zero, and a size where such a thing matters.
  public func checkIsSize(_ value: SymInt) -> Bool {
    let holds = check(ge(value, 0))
    if holds, let expression = value.symbolicExpression { markSizeLike(expression) }
    return holds
  }

  /// `ShapeEnv._constrain_range_for_size`: makes `value`, when it is a lone symbol, a size in `range`.
  public func constrainRangeForSize(_ value: SymInt, _ range: IntRange) {
    guard let expression = value.symbolicExpression, let symbol = arena.asSymbol(resolve(expression)) else {
      return
    }
    narrow(symbol, to: IntRange(lower: Swift.max(0, range.lower), upper: range.upper))
    markSizeLike(expression)
  }

  /// Notes that a lone symbol is a size.
  public func markSizeLike(_ expression: SymExpr) {
    guard let symbol = arena.asSymbol(resolve(expression)) else { return }
    reserveColumns(through: symbol)
    facts.sizeLike[Int(symbol.index)] = true
  }
}
