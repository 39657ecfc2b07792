extension ExprArena {
  /// Rewrites a relation to `thing kind right`, with `thing` alone on the left: PyTorch's `try_solve`.
  ///
  /// Fails if `thing` is on both sides. Does at most five rounds of: moving summands without `thing` to the right;
  /// dividing by factors without `thing` whose sign is known; and, for an inequality, `x // d ≥ r` → `x ≥ r·d` with
  /// `d > 0`.
  ///
  /// A division that is not exact gives `IntTrueDiv(right, divisor)`, a float, where PyTorch gives a fraction.
  ///
  /// Source: `torch/utils/_sympy/solve.py`, v2.13.
  public mutating func trySolve(
    _ e: SymExpr, for thing: SymExpr, floorDivInequality: Bool = true
  ) -> (kind: RelationKind, right: SymExpr)? {
    let request = floorDivInequality ? RequestMemo.Request.solve : .solveExactly
    if let known = answer(request, e, thing) {
      guard case .relation(let kind, _, let right) = view(of: known) else { return nil }
      return (kind, right)
    }
    var solver = EquationSolver(e, for: thing, self)
    let solution = solver?.solve(&self, floorDivInequality: floorDivInequality)
    // `nan` stands for "no solution".
    let answer = solution.map { undecided($0.kind, thing, $0.right) } ?? .nan
    if answer != .tooLarge { memo.remember(request, e, thing, answer) }
    return solution
  }

  /// Whether `thing` is `e` or one of its parts.
  public func occurs(_ thing: SymExpr, in e: SymExpr) -> Bool {
    if let symbol = asSymbol(thing) { return contains(e, symbol) }
    if e == thing { return true }
    guard e.small == nil, thing.small != nil || e.bits > thing.bits else { return false }
    let record = record(of: e)
    return (0..<record.operandCount).contains { occurs(thing, in: operand(record, $0)) }
  }
}
