public import SymbolicExpressions

/// Decisions about sizes.
///
/// Where hints decide, they add a guard; data-dependent conditions give a default or an error.
extension ShapeEnv {
  /// Decides `condition`; guards on its hint if it is not statically known.
  ///
  /// - Throws: ``SymbolicShapeError`` of kind `dataDependent` if the condition is data-dependent; of kind
  ///   `contradiction`, with the conflicting facts, if the guard contradicts what is known.
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

  /// The truth of `condition`: guards where hints decide, false if it is data-dependent.
  ///
  /// Source: `guard_or_false`.
  public func guardOrFalse(_ condition: SymBool) -> Bool { guardOr(false, condition) }

  /// The truth of `condition`: guards where hints decide, true if it is data-dependent.
  ///
  /// Source: `guard_or_true`.
  public func guardOrTrue(_ condition: SymBool) -> Bool { guardOr(true, condition) }

  private func guardOr(_ fallback: Bool, _ condition: SymBool) -> Bool {
    do { return try evaluate(condition, fallback: fallback) } catch { return hint(of: condition) ?? fallback }
  }

  /// Whether asking if one of the `sizes` is 1 may add a guard.
  ///
  /// It does not for numbers, for symbols whose range excludes 1, and for sizes that only a run knows.
  package func isOpenWhetherOne(_ sizes: Sizes) -> Bool {
    for position in sizes.indices {
      guard let form = sizes[position].symbolicExpression else { continue }
      if let symbol = arena.asSymbol(form), excludesOne(symbol) { continue }
      let resolved = resolve(form)
      if arena.hasSymbols(resolved), !arena.hasUnbacked(resolved) { return true }
    }
    return false
  }

  private func excludesOne(_ symbol: SymExpr.Symbol) -> Bool {
    guard Int(symbol.index) < facts.hints.count, case .int(let range) = facts.ranges.ranges[Int(symbol.index)]
    else { return false }
    return range.lower > 1
  }

  /// Whether two sizes are equal; guards if that is not statically known.
  public func evaluateEqual(_ a: SymInt, _ b: SymInt) throws(SymbolicShapeError) -> Bool {
    if a == b { return true }
    return try evaluate(eq(a, b))
  }

  /// The integer behind `value`; guards on it.
  ///
  /// - Throws: ``SymbolicShapeError`` of kind `dataDependentInteger` if the value is data-dependent.
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

  /// The number behind `value`; guards on it.
  ///
  /// - Throws: ``SymbolicShapeError`` of kind `dataDependent` if the value is data-dependent.
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

  /// The hint of `expression`; nil unless every symbol has one.
  public func hint(of expression: SymExpr) -> SymExpr.Number? {
    let resolved = resolve(expression)
    if arena.hasUnbacked(resolved) { return nil }
    return arena.evaluate(resolved) { symbol in
      Int(symbol.index) < facts.hints.count ? facts.hints[Int(symbol.index)] : nil
    }
  }

  /// The hint of `condition`; nil unless every symbol has one.
  public func hint(of condition: SymBool) -> Bool? {
    if case .bool(let value)? = hint(of: condition.expression) { return value }
    return nil
  }

  /// The hint of `condition` as it was built, before replacements; `nil` if it contains unbacked symbols, even ones
  /// that have become known since.
  func hint(asBuilt condition: SymBool) -> Bool? {
    guard !arena.hasUnbacked(condition.expression),
      case .bool(let value)? = arena.evaluate(condition.expression, { hint(of: $0) })
    else { return nil }
    return value
  }

  /// Whether every symbol of `expression` has a hint.
  func isBacked(_ expression: SymExpr) -> Bool {
    arena.freeSymbols(of: expression).allSatisfy { hint(of: $0) != nil }
  }

  /// The hint of `value`; nil unless every symbol has one.
  public func hint(of value: SymInt) -> Int? {
    if let constant = value.constant { return constant }
    if case .int(let hint)? = hint(of: expression(value)) { return hint }
    return nil
  }

  /// Whether `value` is unbacked: it has no hint.
  public func isUnbacked(_ value: SymInt) -> Bool {
    guard let expression = value.symbolicExpression else { return false }
    return arena.hasUnbacked(resolve(expression))
  }

  /// Records a guard on `condition`.
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

  /// `expression` with every integer symbol replaced by its hint, if it has one.
  func substitutingHints(in expression: SymExpr) -> SymExpr {
    var targets: [(symbol: SymExpr.Symbol, value: SymExpr)] = []
    for symbol in arena.freeSymbols(of: expression) {
      if case .int(let value)? = hint(of: symbol) { targets.append((symbol, arena.integer(value))) }
    }
    return arena.substitute(expression) { symbol in targets.first { $0.symbol == symbol }?.value }
  }
}
