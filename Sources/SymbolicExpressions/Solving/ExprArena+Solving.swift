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
    for _ in 0..<5 {
      let before = (left, right)
      moveSummands(thing, &left, &right)
      divide(thing, &kind, &left, &right)
      if floorDivInequality { unfoldFloorDiv(&kind, &left, &right) }
      // What the step made is built as a relation, and is none any more where that decides it.
      if isAbsorbing(right) || booleanValue(of: relation(kind, left, right)) != nil { return nil }
      if before == (left, right) { break }
    }
    return left == thing ? (kind, right) : nil
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
      let sign = sign(of: divisor)
      guard sign.isSuperset(of: .negative) || sign.contains(.nonNegative) else { return }
      if sign.isSuperset(of: .negative) { kind = kind.mirrored }
    }
    left = kept
    let quotient = isMultiple(right, of: divisor) ? dividedExactly(right, by: divisor) : nil
    right = quotient ?? apply(.intTrueDiv, right, divisor)
  }

  /// `x // d` for `d > 0`, taken apart unless that decides the relation.
  private mutating func unfoldFloorDiv(
    _ kind: inout RelationKind, _ left: inout SymExpr, _ right: inout SymExpr
  ) {
    guard let (n, d) = quotient(left), sign(of: d).isSuperset(of: .positive), sort(of: right) == .int else {
      return
    }
    // `x // d == r` means `r·d ≤ x` and `x < (r + 1)·d`.
    let (lower, upper) = (mul(right, d), mul(add(right, .one), d))
    let isAtLeast = relation(.ge, n, lower)
    let isBelow = relation(.lt, n, upper)
    let unfolded: (RelationKind, SymExpr)? =
      switch kind {
      case .ge: (.ge, lower)
      case .gt: (.ge, upper)
      case .lt: (.lt, lower)
      case .le: (.lt, upper)
      // Where one half is known the other remains.
      case .eq: isAtLeast == .true ? (.lt, upper) : isBelow == .true ? (.ge, lower) : nil
      case .ne: isAtLeast == .true ? (.ge, upper) : isBelow == .true ? (.lt, lower) : nil
      }
    guard let (newKind, newRight) = unfolded, booleanValue(of: relation(newKind, n, newRight)) == nil else {
      return
    }
    (kind, left, right) = (newKind, n, newRight)
  }
}
