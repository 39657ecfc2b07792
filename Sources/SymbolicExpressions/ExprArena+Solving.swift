extension ExprArena {
  /// Rewrites a relation to `thing kind right`, with `thing` alone on the left: PyTorch's `try_solve`.
  ///
  /// Gives up when `thing` is on both sides. At most five rounds of: moving summands without `thing` to
  /// the right; dividing by factors without `thing`, their sign known; and, for an inequality,
  /// `x // d ≥ r` → `x ≥ r·d` with `d > 0`.
  ///
  /// A division that is not exact gives `IntTrueDiv(right, divisor)`, a float, where PyTorch has a fraction.
  ///
  /// Source: `torch/utils/_sympy/solve.py`, v2.13.
  public mutating func trySolve(
    _ e: SymExpr, for thing: SymExpr, floorDivInequality: Bool = true
  ) -> (RelationKind, SymExpr)? {
    let request = floorDivInequality ? RequestMemo.Request.solve : .solveExactly
    if let known = memo.answer(request, e, thing) {
      guard case .relation(let kind, _, let right) = view(of: known) else { return nil }
      return (kind, right)
    }
    let solution = findSolution(e, for: thing, floorDivInequality: floorDivInequality)
    let answer = solution.map { undecided($0.0, thing, $0.1) } ?? .nan
    if answer != .tooLarge { memo.remember(request, e, thing, answer) }
    return solution
  }

  private mutating func findSolution(
    _ e: SymExpr, for thing: SymExpr, floorDivInequality: Bool
  ) -> (RelationKind, SymExpr)? {
    guard case .relation(var kind, var left, var right) = view(of: e) else { return nil }
    switch (occurs(thing, in: left), occurs(thing, in: right)) {
    case (true, false): break
    case (false, true): (kind, left, right) = (kind.mirrored, right, left)
    default: return nil
    }
    guard sort(of: left) == .int, sort(of: right) == .int else {
      return left == thing ? (kind, right) : nil
    }
    for _ in 0..<5 where left != thing {
      let before = (left, right)
      moveSummands(thing, &left, &right)
      divide(thing, &kind, &left, &right)
      if floorDivInequality, kind.isInequality { unfoldFloorDiv(&kind, &left, &right) }
      if before == (left, right) { break }
    }
    return left == thing && !isAbsorbing(right) ? (kind, right) : nil
  }

  /// Whether `thing` is `e` or one of its parts.
  public func occurs(_ thing: SymExpr, in e: SymExpr) -> Bool {
    if let symbol = asSymbol(thing) { return contains(e, symbol) }
    if e == thing { return true }
    guard e.small == nil, thing.small != nil || e.bits > thing.bits else { return false }
    let record = records[e.index]
    return (0..<record.operandCount).contains { occurs(thing, in: operand(record, $0)) }
  }

  private mutating func moveSummands(_ thing: SymExpr, _ left: inout SymExpr, _ right: inout SymExpr) {
    guard isSum(left), left != thing else { return }
    let moved = sum((0..<termCount(left)).map { termHandle(left, $0) }.filter { !occurs(thing, in: $0) })
    left = sub(left, moved)
    right = sub(right, moved)
  }

  private mutating func divide(
    _ thing: SymExpr, _ kind: inout RelationKind, _ left: inout SymExpr, _ right: inout SymExpr
  ) {
    guard !isSum(left), left != thing, kind.isInequality || right != .zero else { return }
    let term = term(of: left)
    var (kept, divisor) = (SymExpr.one, term.coefficient)
    for position in 0..<factorCount(term.monomial) {
      let factor = factor(term.monomial, position)
      let handle = power(factor.base, factor.exponent)
      if occurs(thing, in: handle) { kept = mul(kept, handle) } else { divisor = mul(divisor, handle) }
    }
    guard divisor != .one, !isAbsorbing(divisor) else { return }
    if kind.isInequality {
      let sign = assumedRange(of: divisor)
      if sign.lower <= 0, sign.upper >= 0 { return }
      if sign.upper < 0 { kind = kind.mirrored }
    }
    left = kept
    right = dividedExactly(right, by: divisor) ?? apply(.intTrueDiv, right, divisor)
  }

  private mutating func unfoldFloorDiv(
    _ kind: inout RelationKind, _ left: inout SymExpr, _ right: inout SymExpr
  ) {
    guard let (n, d) = quotient(left), assumedRange(of: d).lower > 0, sort(of: right) == .int else { return }
    switch kind {
    case .ge: (kind, right) = (.ge, mul(right, d))
    case .gt: (kind, right) = (.ge, mul(add(right, .one), d))
    case .lt: (kind, right) = (.lt, mul(right, d))
    case .le: (kind, right) = (.lt, mul(add(right, .one), d))
    case .eq, .ne: return
    }
    left = n
  }
}
