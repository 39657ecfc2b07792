public import SymbolicExpressions

/// Checks: decided statically, guarded on, or deferred to run time.
///
/// Source: `torch._check`, `ShapeEnv.guard_or_defer_runtime_assert`.
extension ShapeEnv {
  /// Requires `condition` to hold.
  ///
  /// - Returns: false if it is known not to hold; the caller reports the error.
  public func check(_ condition: SymBool, _ message: @autoclosure () -> String = "") -> Bool {
    (try? isAccepted(condition, hasExample: nil, message())) ?? false
  }

  /// Requires `condition` to hold: guards where hints decide, otherwise defers a runtime assert.
  ///
  /// - Parameters:
  ///   - condition: the condition that must hold.
  ///   - hasExample: whether the checked value was computed from backed values only. By default, whether its expression
  ///     has no unbacked symbols.
  ///   - message: the message of the runtime assert.
  /// - Throws: ``SymbolicShapeError`` of kind `checkFailed` if the condition is known not to hold, `contradiction` if
  ///   it contradicts what is known; both carry the conflicting facts.
  public func require(
    _ condition: SymBool, hasExample: Bool? = nil, _ message: @autoclosure () -> String = ""
  ) throws(SymbolicShapeError) {
    let before = knownNow
    let isAccepted: Bool
    do { isAccepted = try self.isAccepted(condition, hasExample: hasExample, message()) } catch {
      throw explained(error, condition.expression, before)
    }
    if !isAccepted { throw explained(failedCheck(condition.expression), condition.expression, before) }
  }

  /// Adds the facts that `condition` conflicts with to `error`, if it reports a conflict.
  func explained(
    _ error: SymbolicShapeError, _ condition: SymExpr, _ before: KnownBefore
  ) -> SymbolicShapeError {
    guard error.kind == .checkFailed || error.kind == .contradiction else { return error }
    var error = error
    error.conflict = conflict(with: condition, before)
    return error
  }

  /// Guards on or defers `condition`; false if it is known not to hold.
  private func isAccepted(
    _ condition: SymBool, hasExample: Bool?, _ message: @autoclosure () -> String
  ) throws(SymbolicShapeError) -> Bool {
    let resolved = resolve(condition)
    let isGuard = hasExample ?? !arena.hasUnbacked(condition.expression) && isBacked(resolved.expression)
    return isGuard
      ? try evaluate(condition, fallback: nil) : try guardOrDefer(resolved.expression, message())
  }

  /// Source: `ShapeEnv.guard_or_defer_runtime_assert`.
  private func guardOrDefer(_ expression: SymExpr, _ message: String) throws(SymbolicShapeError) -> Bool {
    if let constant = arena.booleanValue(of: expression) { return constant }
    if isSumOfNonNegatives(expression) { return true }
    if !isUnconstrainedNonNegative(expression) {
      if let known = staticallyKnown(SymBool(expression)) { return known }
      let form = eliminatingUnbacked(expression)
      if isBacked(form) { return try evaluate(SymBool(form), fallback: nil) }
    }
    let canonical = arena.canonicalBool(expression)
    try learn(expression, .runtimeAssert, as: canonical)
    let newest = arena.freeSymbols(of: canonical).filter { arena.assumptions(of: $0).contains(.unbacked) }
      .max { creationRank($0) < creationRank($1) }
    facts.runtimeAsserts.append(
      (newest, RuntimeAssert(expression: canonical, message: message, origin: origin)))
    addAxioms(of: simplify(canonical))
    changed(.runtimeAssert(canonical, message: message))
    return true
  }

  /// Whether `expression` says that a sum of non-negative symbols and numbers is at least 0, a fast path to true.
  ///
  /// Source: `ShapeEnv._maybe_fast_eval_comparison`.
  func isSumOfNonNegatives(_ expression: SymExpr) -> Bool {
    guard case .relation(let kind, let lhs, let rhs) = arena.view(of: expression) else { return false }
    let sum: SymExpr
    if kind == .ge, rhs == .zero {
      sum = lhs
    } else if kind == .le, lhs == .zero {
      sum = rhs
    } else {
      return false
    }
    let terms: [SymExpr]
    if case .add(let parts) = arena.view(of: sum) { terms = parts } else { terms = [sum] }
    return terms.allSatisfy { term in
      if let value = arena.integerValue(of: term) { return value >= 0 }
      guard let symbol = arena.asSymbol(term), Int(symbol.index) < facts.ranges.ranges.count,
        case .int(let range) = facts.ranges.ranges[Int(symbol.index)]
      else { return false }
      return range.lower >= 0
    }
  }

  /// The order in which unbacked symbols were created; for equal numbers, floats come after integers.
  private func creationRank(_ symbol: SymExpr.Symbol) -> (Int, Int) {
    let name = arena.name(of: symbol)
    let isFloat = name.hasPrefix("zuf")
    return (Int(name.dropFirst(isFloat ? 3 : 1)) ?? 0, isFloat ? 1 : 0)
  }

  /// Whether `expression` is a bare `u >= 0` or `0 <= u` of an unconstrained symbol.
  ///
  /// It is recorded without being evaluated.
  private func isUnconstrainedNonNegative(_ expression: SymExpr) -> Bool {
    guard case .relation(let kind, let lhs, let rhs) = arena.view(of: expression),
      let symbol = kind == .ge && rhs == .zero
        ? arena.asSymbol(lhs)
        : kind == .le && lhs == .zero ? arena.asSymbol(rhs) : nil,
      self.kind(of: symbol) == .unbackedInt, Int(symbol.index) < facts.kinds.count,
      case .int(let range) = facts.ranges.ranges[Int(symbol.index)]
    else { return false }
    return range == .unbounded
  }

  /// `torch._check_is_size`: `value` is non-negative and size-like.
  public func checkIsSize(_ value: SymInt) -> Bool {
    let holds = check(ge(value, 0))
    if holds, let expression = value.symbolicExpression { markSizeLike(expression) }
    return holds
  }

  /// `ShapeEnv._constrain_range_for_size`: if `value` is a lone symbol, makes it size-like and narrows it to `range`.
  public func constrainRangeForSize(_ value: SymInt, _ range: IntRange) {
    guard let expression = value.symbolicExpression, let symbol = arena.asSymbol(resolve(expression)) else {
      return
    }
    narrow(symbol, to: IntRange(lower: Swift.max(0, range.lower), upper: range.upper))
    markSizeLike(expression)
  }

  /// Marks a lone symbol as size-like.
  public func markSizeLike(_ expression: SymExpr) {
    guard let symbol = arena.asSymbol(resolve(expression)) else { return }
    reserveColumns(through: symbol)
    noteSizeLike(symbol)
  }

  func noteSizeLike(_ symbol: SymExpr.Symbol) {
    if facts.sizeLike[Int(symbol.index)] { return }
    facts.sizeLike[Int(symbol.index)] = true
    changed(.sizeLike(symbol))
  }
}
