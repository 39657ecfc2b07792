import DenseTables
import SymbolicExpressions

/// The answers of static evaluation, by expression; each is valid for one version of the facts.
struct StaticMemo {
  /// The version and the answer; 0 if never evaluated.
  private var answers = Column<UInt64>(nothing: 0)
  /// How many answers were recorded.
  private(set) var foundCount = 0

  /// `nil` if the expression was not evaluated under `version`; otherwise the answer, which may be "unknown".
  func answer(for expression: SymExpr, version: UInt64) -> Bool?? {
    let answer = answers[Int(expression.bits)]
    guard answer >> 2 == version else { return nil }
    switch answer & 3 {
    case 1: return .some(.some(true))
    case 2: return .some(.some(false))
    default: return .some(.none)
    }
  }

  mutating func reserveCapacity(_ count: Int) {
    answers.reserveCapacity(count)
  }

  mutating func note(_ answer: Bool?, for expression: SymExpr, version: UInt64) {
    foundCount &+= 1
    guard expression.small == nil else { return }
    answers[Int(expression.bits)] = version << 2 | (answer == nil ? 0 : answer == true ? 1 : 2)
  }
}

/// What follows from the facts alone.
///
/// Source: `ShapeEnv._maybe_evaluate_static`, `_maybe_evaluate_static_worker`.
extension ShapeEnv {
  /// The truth of `condition` if it follows from what is known.
  ///
  /// Adds no facts.
  public func staticallyKnown(_ condition: SymBool) -> Bool? {
    if let constant = condition.constant { return constant }
    arena.check(condition.expression)
    if let known = staticMemo.answer(for: condition.expression, version: facts.version) { return known }
    let answer = decide(condition.expression)
    staticMemo.note(answer, for: condition.expression, version: facts.version)
    return answer
  }

  /// Whether `condition` holds for certain.
  ///
  /// If the facts are contradictory, a condition that is false for its hints is not considered true.
  ///
  /// Source: `statically_known_true`.
  @inlinable
  public func staticallyKnownTrue(_ condition: SymBool) -> Bool {
    condition.constant ?? isStaticallyTrue(condition)
  }

  @usableFromInline
  func isStaticallyTrue(_ condition: SymBool) -> Bool {
    staticallyKnown(condition) == true && !(facts.areContradictory && hint(asBuilt: condition) == false)
  }

  private func decide(_ expression: SymExpr) -> Bool? {
    let form = canonicalWithAxioms(expression)
    if let value = arena.booleanValue(of: form) { return value }
    if arena.isLinearRelation(form) { return rangeDecision(form) ?? parityDecision(form) }
    return rangeDecision(shifted(form, by: shifts(of: form, unbackedOnly: false)))
  }

  /// `expression` in canonical form with its unbacked symbols shifted to where their ranges begin; a truth value if
  /// that decides it.
  ///
  /// The result may have no unbacked symbols left and can then be guarded on.
  func eliminatingUnbacked(_ expression: SymExpr) -> SymExpr {
    let form = canonicalWithAxioms(expression)
    if arena.booleanValue(of: form) != nil { return form }
    let result = shifted(form, by: shifts(of: form, unbackedOnly: true))
    return rangeDecision(result).map { SymExpr($0) } ?? result
  }

  private func canonicalWithAxioms(_ expression: SymExpr) -> SymExpr {
    applyingAxioms(arena.canonicalBool(simplify(expression)))
  }

  private func rangeDecision(_ expression: SymExpr) -> Bool? {
    if let value = arena.booleanValue(of: expression) { return value }
    reserveColumnsForAllSymbols()
    return arena.range(of: expression, in: facts.ranges).decision
  }

  /// `4·u0 == 5` cannot hold; PyTorch notices once a symbol has a lower bound to shift to.
  private func parityDecision(_ relation: SymExpr) -> Bool? {
    guard case .relation(let kind, let lhs, let rhs) = arena.view(of: relation), !kind.isInequality,
      arena.isOdd(arena.sub(lhs, rhs)) == true,
      arena.freeSymbols(of: relation).contains(where: { lowerEnd(of: $0) != nil })
    else { return nil }
    return kind == .ne
  }

  func reserveColumnsForAllSymbols() {
    if arena.symbolCount > facts.kinds.count {
      reserveColumns(through: SymExpr.Symbol(index: UInt32(arena.symbolCount - 1)))
    }
  }
}
