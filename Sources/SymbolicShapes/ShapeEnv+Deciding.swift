public import SymbolicExpressions

/// Answers of static evaluation by expression, valid for one version of the facts.
struct StaticMemo {
  private var answers: ContiguousArray<UInt64> = []

  /// `nil` when the question was not asked under `version`; else the answer, which may be "unknown".
  func answer(for expression: SymExpr, version: UInt64) -> Bool?? {
    let index = Int(expression.bits)
    guard index < answers.count, answers[index] >> 2 == version else { return nil }
    switch answers[index] & 3 {
    case 1: return .some(.some(true))
    case 2: return .some(.some(false))
    default: return .some(.none)
    }
  }

  mutating func note(_ answer: Bool?, for expression: SymExpr, version: UInt64) {
    guard expression.small == nil else { return }
    let index = Int(expression.bits)
    if index >= answers.count {
      answers.append(contentsOf: repeatElement(0, count: index + 1 - answers.count + answers.count / 2))
    }
    answers[index] = version << 2 | (answer == nil ? 0 : answer == true ? 1 : 2)
  }
}

/// Questions about sizes: without consequences, with a guard, with a default.
extension ShapeEnv {
  /// The truth of `condition`, when it follows from what is known.
  ///
  /// Adds nothing.
  ///
  /// Source: `ShapeEnv._maybe_evaluate_static`.
  public func staticallyKnown(_ condition: SymBool) -> Bool? {
    if let constant = condition.constant { return constant }
    if let known = staticMemo.answer(for: condition.expression, version: facts.version) { return known }
    let answer = decide(condition.expression)
    staticMemo.note(answer, for: condition.expression, version: facts.version)
    return answer
  }

  /// Whether `condition` holds for certain.
  ///
  /// Source: `statically_known_true`.
  @inlinable
  public func staticallyKnownTrue(_ condition: SymBool) -> Bool {
    condition.constant ?? (staticallyKnown(condition) == true)
  }

  private func decide(_ expression: SymExpr) -> Bool? {
    let simplified = simplify(expression)
    if let value = arena.booleanValue(of: simplified) { return value }
    let canonical = applyingAxioms(arena.canonicalBool(simplified))
    if let value = arena.booleanValue(of: canonical) { return value }
    if let value = rangeDecision(canonical) { return value }
    let shifted = shiftingToPositive(canonical)
    return shifted == canonical ? nil : rangeDecision(shifted)
  }

  private func rangeDecision(_ expression: SymExpr) -> Bool? {
    if let value = arena.booleanValue(of: expression) { return value }
    reserveColumnsForAllSymbols()
    guard case .bool(let canBeFalse, let canBeTrue) = arena.range(of: expression, in: facts.ranges) else {
      return nil
    }
    return canBeFalse == canBeTrue ? nil : canBeTrue
  }

  func reserveColumnsForAllSymbols() {
    if arena.symbolCount > facts.kinds.count {
      reserveColumns(through: Symbol(index: UInt32(arena.symbolCount - 1)))
    }
  }

  /// `expression` with the parts that are known facts replaced by their truth.
  private func applyingAxioms(_ expression: SymExpr) -> SymExpr {
    guard !facts.axioms.isEmpty else { return expression }
    if let truth = facts.axioms[expression] { return truth ? .true : .false }
    switch arena.view(of: expression) {
    case .and(let parts): return arena.and(parts.map(applyingAxioms))
    case .or(let parts): return arena.or(parts.map(applyingAxioms))
    case .not(let part): return arena.not(applyingAxioms(part))
    default: return expression
    }
  }

  /// Each symbol with a finite lower bound L written as `t + L − 1` with `t ≥ 1`, so that products show
  /// their sign: `s·t − s` with `s, t ≥ 2` becomes a sum of positive terms.
  ///
  /// Only expressions that are not linear gain by it.
  private func shiftingToPositive(_ expression: SymExpr) -> SymExpr {
    guard arena.isNonlinear(expression) else { return expression }
    var shifts: [(symbol: Symbol, form: SymExpr)] = []
    for symbol in arena.freeSymbols(of: expression) {
      guard case .int(let range) = facts.ranges.ranges[Int(symbol.index)], range.lower != .min,
        range.lower != 1
      else { continue }
      let positive = arena.symbol("_" + arena.name(of: symbol), [.integer, .positive])
      guard let shifted = arena.asSymbol(positive) else { continue }
      reserveColumns(through: shifted)
      let (upper, overflow) = range.upper.subtractingReportingOverflow(range.lower - 1)
      facts.ranges.ranges[Int(shifted.index)] = .int(
        IntRange(lower: 1, upper: range.upper == .max || overflow ? .max : upper))
      shifts.append((symbol, arena.add(positive, arena.integer(range.lower - 1))))
    }
    guard !shifts.isEmpty else { return expression }
    let replaced = arena.substitute(expression) { symbol in shifts.first { $0.symbol == symbol }?.form }
    return arena.canonicalBool(replaced)
  }

  // With consequences

  /// Decides `condition`, with a guard on the hints when it is not known.
  ///
  /// - Throws: ``SymbolicShapeError`` of kind `dataDependent` when only a run can tell.
  /// - Source: `ShapeEnv.evaluate_expr`.
  public func evaluate(_ condition: SymBool) throws(SymbolicShapeError) -> Bool {
    if let known = staticallyKnown(condition) { return known }
    guard let hint = hint(of: condition) else {
      throw dataDependentError(condition.expression, .dataDependent)
    }
    takeGuard(hint ? condition : not(condition))
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
    if let known = staticallyKnown(condition) { return known }
    guard let hint = hint(of: condition) else { return fallback }
    takeGuard(hint ? condition : not(condition))
    return hint
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
    guard case .int(let hint)? = hint(of: form) else { throw dataDependentError(form, .dataDependentInteger) }
    takeGuard(eq(simplified, SymInt(hint)))
    return hint
  }

  /// The example value of `expression`, when every symbol has one.
  public func hint(of expression: SymExpr) -> Number? {
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
  func takeGuard(_ condition: SymBool) {
    let expression = simplify(condition.expression)
    learning(.guardTaken, from: expression) { learnRelation(expression) }
    facts.guards.append(Guard(expression: expression, origin: origin))
    addAxioms(of: simplify(expression))
    changed()
  }

  func addAxioms(of fact: SymExpr) {
    guard arena.booleanValue(of: fact) == nil else { return }
    for (expression, truth) in arena.impliedFacts(of: fact) { facts.axioms[expression] = truth }
  }

  // Errors

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
    var targets: [(symbol: Symbol, value: SymExpr)] = []
    for symbol in arena.freeSymbols(of: expression) {
      if case .int(let value)? = hint(of: symbol) { targets.append((symbol, arena.integer(value))) }
    }
    return arena.substitute(expression) { symbol in targets.first { $0.symbol == symbol }?.value }
  }
}
