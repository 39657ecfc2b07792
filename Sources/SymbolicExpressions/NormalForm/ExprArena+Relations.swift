// Comparisons. They stay as written, `u0 >= 0` or `0 <= u0`, unless they are decided.

extension ExprArena {
  /// `a == b`.
  public mutating func eq(_ a: SymExpr, _ b: SymExpr) -> SymExpr { relation(.eq, a, b) }
  /// `a != b`.
  public mutating func ne(_ a: SymExpr, _ b: SymExpr) -> SymExpr { relation(.ne, a, b) }
  /// `a < b`.
  public mutating func lt(_ a: SymExpr, _ b: SymExpr) -> SymExpr { relation(.lt, a, b) }
  /// `a <= b`.
  public mutating func le(_ a: SymExpr, _ b: SymExpr) -> SymExpr { relation(.le, a, b) }
  /// `a > b`.
  public mutating func gt(_ a: SymExpr, _ b: SymExpr) -> SymExpr { relation(.gt, a, b) }
  /// `a >= b`.
  public mutating func ge(_ a: SymExpr, _ b: SymExpr) -> SymExpr { relation(.ge, a, b) }

  /// `a kind b`, decided if the two sides differ by a literal, or if the form of their difference shows its sign or
  /// parity.
  public mutating func relation(_ kind: RelationKind, _ a: SymExpr, _ b: SymExpr) -> SymExpr {
    if let x = a.small, let y = b.small { return SymExpr(kind.holds(x, y)) }
    let request = RequestMemo.Request.relation(kind)
    if let known = answer(request, a, b) { return known }
    let result = decided(kind, a, b).map { SymExpr($0) } ?? undecided(kind, a, b)
    memo.remember(request, a, b, result)
    return result
  }

  /// A relation that is not evaluated, whatever its sides are.
  mutating func undecided(_ kind: RelationKind, _ a: SymExpr, _ b: SymExpr) -> SymExpr {
    intern(.relation, function: kind.rawValue, a.bits, b.bits)
  }

  private mutating func decided(_ kind: RelationKind, _ a: SymExpr, _ b: SymExpr) -> Bool? {
    if isAbsorbing(a) || isAbsorbing(b) { return nil }
    if a == b { return kind.holds(0, 0) }
    if sort(of: a) == .bool || sort(of: b) == .bool {
      guard !kind.isInequality, let x = booleanValue(of: a), let y = booleanValue(of: b) else { return nil }
      return kind.holds(x ? 1 : 0, y ? 1 : 0)
    }
    if isLiteral(a), isLiteral(b) { return decidedLiterals(kind, a, b) }
    guard sort(of: a) == .int, sort(of: b) == .int, !isInfinite(a), !isInfinite(b) else { return nil }
    let difference = sub(a, b)
    if isAbsorbing(difference) { return nil }
    if let value = integerValue(of: difference) { return kind.holds(value, 0) }
    if let decision = sign(of: difference).decides(kind) { return decision }
    return !kind.isInequality && isOdd(difference) == true ? kind == .ne : nil
  }

  private func decidedLiterals(_ kind: RelationKind, _ a: SymExpr, _ b: SymExpr) -> Bool? {
    if let x = integerValue(of: a), let y = integerValue(of: b) { return kind.holds(x, y) }
    guard let x = doubleValue(of: a), let y = doubleValue(of: b) else { return nil }
    return kind.holds(x, y)
  }
}
