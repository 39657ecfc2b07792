public import SymbolicExpressions

/// Questions about sizes with consequences: a guard where the example values decide, a default or an error
/// where only a run can tell.
extension ShapeEnv {
  /// Decides `condition`, with a guard on the hints when it is not known.
  ///
  /// - Throws: ``SymbolicShapeError`` of kind `dataDependent` when only a run can tell, `contradiction` when the
  ///   guard cannot hold beside what is known, with what it conflicts with.
  /// - Source: `ShapeEnv.evaluate_expr`.
  public func evaluate(_ condition: SymBool) throws(SymbolicShapeError) -> Bool {
    let before = knownNow
    do { return try evaluate(condition, fallback: nil) } catch {
      let taken = hint(of: condition) == false ? arena.not(condition.expression) : condition.expression
      throw explained(error, taken, before)
    }
  }

  func evaluate(_ condition: SymBool, fallback: Bool?) throws(SymbolicShapeError) -> Bool {
    let resolved = resolve(condition)
    if let constant = resolved.constant { return constant }
    if isSumOfNonNegatives(resolved.expression) { return true }
    if let known = staticallyKnown(resolved) { return known }
    var asked = resolved.expression
    if !isBacked(asked) {
      asked = eliminatingUnbacked(asked)
      if !isBacked(asked) {
        if let fallback { return fallback }
        return try undecided(condition)
      }
    }
    guard let hint = hint(asBuilt: condition) ?? hint(of: SymBool(asked)) else {
      if fallback != nil { throw dataDependentError(condition.expression, .dataDependent) }
      return try undecided(condition)
    }
    try takeGuard(hint ? asked : arena.not(asked))
    return hint
  }

  /// `condition`, with a guard where hints decide, and false where only a run can tell.
  ///
  /// Source: `guard_or_false`.
  public func guardOrFalse(_ condition: SymBool) -> Bool { guardOr(false, condition) }

  /// `condition`, with a guard where hints decide, and true where only a run can tell.
  ///
  /// Source: `guard_or_true`.
  public func guardOrTrue(_ condition: SymBool) -> Bool { guardOr(true, condition) }

  private func guardOr(_ fallback: Bool, _ condition: SymBool) -> Bool {
    do { return try evaluate(condition, fallback: fallback) } catch { return hint(of: condition) ?? fallback }
  }

  /// Whether two sizes are equal, with a guard when it is not known.
  public func evaluateEqual(_ a: SymInt, _ b: SymInt) throws(SymbolicShapeError) -> Bool {
    if a == b { return true }
    return try evaluate(eq(a, b))
  }

  /// The number behind `value`, with a guard that fixes it.
  ///
  /// - Throws: ``SymbolicShapeError`` of kind `dataDependentInteger` when only a run can tell.
  /// - Source: `SymNode.guard_int`.
  public func evaluateInt(_ value: SymInt) throws(SymbolicShapeError) -> Int {
    let simplified = simplify(value)
    if let constant = simplified.constant { return constant }
    let form = expression(simplified)
    reserveColumnsForAllSymbols()
    if case .int(let range) = arena.range(of: form, in: facts.ranges), range.lower == range.upper {
      return range.lower
    }
    guard case .int(let hint)? = hint(of: form) else { return try unknownInteger(form) }
    let (before, condition) = (knownNow, arena.eq(form, arena.integer(hint)))
    do { try takeGuard(condition) } catch { throw explained(error, condition, before) }
    return hint
  }

  /// The number behind `value`, with a guard that fixes it.
  ///
  /// - Throws: ``SymbolicShapeError`` of kind `dataDependent` when only a run can tell.
  /// - Source: `SymNode.guard_float`.
  public func evaluateFloat(_ value: SymFloat) throws(SymbolicShapeError) -> Double {
    let form = simplify(value.expression)
    if let constant = arena.doubleValue(of: form) { return constant }
    guard case .float(let hint)? = hint(of: form) else {
      throw dataDependentError(value.expression, .dataDependent)
    }
    let (before, condition) = (knownNow, arena.eq(form, arena.float(hint)))
    do { try takeGuard(condition) } catch { throw explained(error, condition, before) }
    return hint
  }

  /// The example value of `expression`, when every symbol has one.
  public func hint(of expression: SymExpr) -> SymExpr.Number? {
    let resolved = resolve(expression)
    if arena.hasUnbacked(resolved) { return nil }
    return arena.evaluate(resolved) { symbol in
      Int(symbol.index) < facts.hints.count ? facts.hints[Int(symbol.index)] : nil
    }
  }

  /// The value at the example sizes, when every symbol has one.
  public func hint(of condition: SymBool) -> Bool? {
    if case .bool(let value)? = hint(of: condition.expression) { return value }
    return nil
  }

  /// The value at the example sizes of `condition` as it was built, before replacements: `nil` for one that
  /// speaks of unbacked symbols, even if they have turned out to be known since.
  func hint(asBuilt condition: SymBool) -> Bool? {
    guard !arena.hasUnbacked(condition.expression),
      case .bool(let value)? = arena.evaluate(condition.expression, { hint(of: $0) })
    else { return nil }
    return value
  }

  /// Whether every symbol of `expression` has an example value.
  func isBacked(_ expression: SymExpr) -> Bool {
    arena.freeSymbols(of: expression).allSatisfy { hint(of: $0) != nil }
  }

  /// The value at the example sizes, when every symbol has one.
  public func hint(of value: SymInt) -> Int? {
    if let constant = value.constant { return constant }
    if case .int(let hint)? = hint(of: expression(value)) { return hint }
    return nil
  }

  /// Whether a run is needed to know `value`: it has no hint.
  public func isUnbacked(_ value: SymInt) -> Bool {
    guard let expression = value.symbolicExpression else { return false }
    return arena.hasUnbacked(resolve(expression))
  }

  /// Records that `condition` was taken to hold.
  private func takeGuard(_ condition: SymExpr) throws(SymbolicShapeError) {
    try learn(condition, .guardTaken, as: condition)
    facts.guards.append(Guard(expression: condition, origin: origin))
    addAxioms(of: simplify(condition))
    changed(.guardTaken(condition))
  }

  // Errors

  func failedCheck(_ expression: SymExpr) -> SymbolicShapeError {
    let text = arena.text(of: simplify(expression))
    return SymbolicShapeError(
      .checkFailed, expression: expression, simplified: text,
      message: "The check \(arena.text(of: expression)) does not hold")
  }

  func contradictionError(_ expression: SymExpr, _ reason: Contradiction) -> SymbolicShapeError {
    SymbolicShapeError(
      .contradiction, expression: expression, simplified: arena.text(of: simplify(expression)),
      message: "\(arena.text(of: expression)) cannot hold: \(text(of: reason))")
  }

  private func text(of reason: Contradiction) -> String {
    switch reason {
    case .emptyRange(let symbol): "nothing is left of the range of \(arena.name(of: symbol))"
    case .exampleOutOfRange(let symbol): "the example of \(arena.name(of: symbol)) is out of its range"
    case .rangeNotKept(let symbol): "\(arena.name(of: symbol)) would lose its range"
    }
  }

  func dataDependentError(_ expression: SymExpr, _ kind: SymbolicShapeError.Kind) -> SymbolicShapeError {
    let simplified = simplify(expression)
    let hinted = substitutingHints(in: simplified)
    let text = arena.text(of: simplified)
    let sizeLike = arena.freeSymbols(of: simplified).filter { facts.sizeLike[Int($0.index)] }
      .map { arena.name(of: $0) }
    let what =
      kind == .dataDependent
      ? "Could not guard on data-dependent expression "
      : "Could not extract specialized integer from data-dependent expression "
    return SymbolicShapeError(
      kind, expression: expression, simplified: text,
      message: what + "\(arena.text(of: hinted)) (unhinted: \(text)).  "
        + "(Size-like symbols: \(sizeLike.isEmpty ? "none" : sizeLike.joined(separator: ", ")))")
  }

  /// `expression` with every integer symbol that has an example value replaced by it.
  func substitutingHints(in expression: SymExpr) -> SymExpr {
    var targets: [(symbol: SymExpr.Symbol, value: SymExpr)] = []
    for symbol in arena.freeSymbols(of: expression) {
      if case .int(let value)? = hint(of: symbol) { targets.append((symbol, arena.integer(value))) }
    }
    return arena.substitute(expression) { symbol in targets.first { $0.symbol == symbol }?.value }
  }
}
