extension ExprArena {
  /// `a and b`.
  public mutating func and(_ a: SymExpr, _ b: SymExpr) -> SymExpr { connective(.and, [a, b]) }
  /// `a or b`.
  public mutating func or(_ a: SymExpr, _ b: SymExpr) -> SymExpr { connective(.or, [a, b]) }
  /// The conjunction of all operands; `true` if there are none.
  public mutating func and(_ operands: [SymExpr]) -> SymExpr { connective(.and, operands) }
  /// The disjunction of all operands; `false` if there are none.
  public mutating func or(_ operands: [SymExpr]) -> SymExpr { connective(.or, operands) }

  /// The negation.
  ///
  /// A relation becomes its opposite; `And` and `Or` are kept inside a `Not`.
  public mutating func not(_ e: SymExpr) -> SymExpr {
    if let value = booleanValue(of: e) { return SymExpr(!value) }
    if e.small == nil {
      let record = record(of: e)
      switch record.kind {
      case .not: return SymExpr(bits: record.lhs)
      case .relation:
        return relation(record.relation.negated, SymExpr(bits: record.lhs), SymExpr(bits: record.rhs))
      default: break
      }
    }
    return intern(.not, e.bits)
  }

  /// `And` or `Or`: flat, sorted, without duplicates; `x` together with `not x` decides it.
  ///
  /// Of a relation and the same relation read from right to left, the first is kept, as in `Or._new_args_filter` of sympy.
  private mutating func connective(_ kind: Kind, _ operands: [SymExpr]) -> SymExpr {
    let absorbing: SymExpr = kind == .and ? .false : .true
    var parts: [SymExpr] = []
    for operand in operands {
      for part in self.parts(of: operand, kind) ?? [operand] {
        if part == absorbing { return absorbing }
        if booleanValue(of: part) == nil, !parts.contains(where: { $0 == part || isMirrored($0, part) }) {
          parts.append(part)
        }
      }
    }
    if parts.count < 2 { return parts.first ?? not(absorbing) }
    for part in parts where parts.contains(not(part)) { return absorbing }
    parts.sort { $0.bits < $1.bits }
    let start = scratch.count
    for part in parts { scratch.append(part.bits) }
    return internPooled(kind, from: start)
  }

  /// Whether two relations say the same with their sides exchanged: `a < b` and `b > a`.
  private func isMirrored(_ a: SymExpr, _ b: SymExpr) -> Bool {
    guard a.small == nil, b.small == nil else { return false }
    let (left, right) = (record(of: a), record(of: b))
    return left.kind == .relation && right.kind == .relation && left.relation == right.relation.mirrored
      && left.lhs == right.rhs && left.rhs == right.lhs
  }

  /// The operands of an `And` or `Or`; nil if `e` is anything else.
  func parts(of e: SymExpr, _ kind: Kind) -> [SymExpr]? {
    guard e.small == nil, record(of: e).kind == kind else { return nil }
    return (0..<record(of: e).operandCount).map { operand(record(of: e), $0) }
  }
}
