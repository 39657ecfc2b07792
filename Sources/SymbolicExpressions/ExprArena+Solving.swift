// Isolating one part of a relation.
//
// Source: `try_solve`, `torch/utils/_sympy/solve.py`.

extension ExprArena {
  /// `relation` with `thing` alone on the left, when that takes only adding, multiplying and dividing.
  ///
  /// - Parameter floorDivInequality: whether `x // d ≥ r` may become `x ≥ r·d`.
  /// - Returns: the kind of relation between `thing` and the returned expression.
  public mutating func trySolve(
    _ relation: SymExpr, for thing: SymExpr, floorDivInequality: Bool = true
  ) -> (RelationKind, SymExpr)? {
    guard case .relation(var kind, var left, var right) = view(of: relation) else { return nil }
    if occurs(thing, in: right) {
      if occurs(thing, in: left) { return nil }
      (left, right, kind) = (right, left, kind.mirrored)
    }
    guard occurs(thing, in: left) else { return nil }
    for _ in 0..<5 {
      if left == thing { break }
      guard isolateOnce(thing, &kind, &left, &right, floorDivInequality) else { return nil }
    }
    return left == thing ? (kind, right) : nil
  }

  private func occurs(_ thing: SymExpr, in e: SymExpr) -> Bool {
    if e == thing { return true }
    guard e.small == nil else { return false }
    let record = records[e.index]
    switch record.kind {
    case .constant, .integer, .float, .symbol: return false
    default: return (0..<record.operandCount).contains { occurs(thing, in: operand(record, $0)) }
    }
  }

  private mutating func isolateOnce(
    _ thing: SymExpr, _ kind: inout RelationKind, _ left: inout SymExpr, _ right: inout SymExpr,
    _ floorDivInequality: Bool
  ) -> Bool {
    switch view(of: left) {
    case .add(let terms):
      let kept = terms.filter { occurs(thing, in: $0) }
      guard kept.count < terms.count else { return false }
      right = sub(right, sum(terms.filter { !occurs(thing, in: $0) }))
      left = sum(kept)
      return !isAbsorbing(right)
    case .mul(let factors):
      let kept = factors.filter { occurs(thing, in: $0) }
      let divisor = product(factors.filter { !occurs(thing, in: $0) })
      guard kept.count < factors.count else { return false }
      if !kind.isInequality {
        if right == .zero { return false }
      } else {
        let range = assumedRange(of: divisor)
        if range.upper < 0 { kind = kind.mirrored } else if range.lower <= 0 { return false }
      }
      right = quotient(right, divisor)
      left = product(kept)
      return true
    case .call(.floorDiv, let arguments) where floorDivInequality && kind.isInequality && arguments.count == 2:
      let (numerator, divisor) = (arguments[0], arguments[1])
      guard let d = integerValue(of: divisor), d > 0, let r = integerValue(of: right) else { return false }
      let (next, overflow) = r.addingReportingOverflow(1)
      if overflow { return false }
      switch kind {
      case .ge: right = mul(right, divisor)
      case .gt: (kind, right) = (.ge, mul(integer(next), divisor))
      case .lt: right = mul(right, divisor)
      default: (kind, right) = (.lt, mul(integer(next), divisor))
      }
      left = numerator
      return true
    default: return false
    }
  }

  /// `a / b` as an integer where that is exact, as a float otherwise.
  private mutating func quotient(_ a: SymExpr, _ b: SymExpr) -> SymExpr {
    let exact = floorDiv(a, b)
    return mul(exact, b) == a ? exact : apply(.intTrueDiv, a, b)
  }
}
