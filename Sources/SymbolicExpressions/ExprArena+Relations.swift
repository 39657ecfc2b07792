// Relations and the connectives of truth values.

extension ExprArena {
  public mutating func eq(_ a: SymExpr, _ b: SymExpr) -> SymExpr { relation(.eq, a, b) }
  public mutating func ne(_ a: SymExpr, _ b: SymExpr) -> SymExpr { relation(.ne, a, b) }
  public mutating func lt(_ a: SymExpr, _ b: SymExpr) -> SymExpr { relation(.lt, a, b) }
  public mutating func le(_ a: SymExpr, _ b: SymExpr) -> SymExpr { relation(.le, a, b) }
  public mutating func gt(_ a: SymExpr, _ b: SymExpr) -> SymExpr { relation(.gt, a, b) }
  public mutating func ge(_ a: SymExpr, _ b: SymExpr) -> SymExpr { relation(.ge, a, b) }

  /// `a kind b`; a truth value where the two sides differ by a constant or the symbols' assumptions decide.
  public mutating func relation(_ kind: RelationKind, _ a: SymExpr, _ b: SymExpr) -> SymExpr {
    if a == .tooLarge || b == .tooLarge || a == .nan || b == .nan {
      return intern(.relation, function: kind.rawValue, a.bits, b.bits)
    }
    if a == b { return SymExpr(kind == .eq || kind == .le || kind == .ge) }
    if let x = a.small, let y = b.small { return SymExpr(kind.holds(x, y)) }
    if sort(of: a) == .bool || sort(of: b) == .bool {
      return intern(.relation, function: kind.rawValue, a.bits, b.bits)
    }
    if isLiteral(a), isLiteral(b), let x = doubleValue(of: a), let y = doubleValue(of: b) {
      if let m = integerValue(of: a), let n = integerValue(of: b) { return SymExpr(kind.holds(m, n)) }
      return SymExpr(kind.holds(x, y))
    }
    if sort(of: a) == .int, sort(of: b) == .int, let decided = decidedByAssumptions(kind, a, b) {
      return SymExpr(decided)
    }
    return intern(.relation, function: kind.rawValue, a.bits, b.bits)
  }

  private mutating func decidedByAssumptions(_ kind: RelationKind, _ a: SymExpr, _ b: SymExpr) -> Bool? {
    let difference = sub(a, b)
    if isAbsorbing(difference) { return nil }
    if let value = integerValue(of: difference) { return kind.holds(value, 0) }
    return assumedRange(of: difference).decides(kind, IntRange(0))
  }

  /// The conjunction of `operands`: flat, each once, `true` left out.
  public mutating func and(_ operands: [SymExpr]) -> SymExpr { connective(.and, operands) }

  /// The disjunction of `operands`: flat, each once, `false` left out.
  public mutating func or(_ operands: [SymExpr]) -> SymExpr { connective(.or, operands) }

  private mutating func connective(_ kind: Kind, _ operands: [SymExpr]) -> SymExpr {
    let neutral: SymExpr = kind == .and ? .true : .false
    let dominant: SymExpr = kind == .and ? .false : .true
    var flat: [SymExpr] = []
    for operand in operands {
      if operand == dominant { return dominant }
      if operand == neutral { continue }
      let record = records[operand.index]
      for part in record.kind == kind ? self.operands(of: record) : [operand] where !flat.contains(part) {
        flat.append(part)
      }
    }
    for part in flat where flat.contains(not(part)) { return dominant }
    if flat.isEmpty { return neutral }
    if flat.count == 1 { return flat[0] }
    let start = scratch.count
    for part in flat { scratch.append(part.bits) }
    return internPooled(kind, from: start)
  }

  /// The negation of `operand`; that of a relation is a relation, of `and` an `or`.
  public mutating func not(_ operand: SymExpr) -> SymExpr {
    if let value = booleanValue(of: operand) { return SymExpr(!value) }
    guard operand.small == nil else { return .tooLarge }
    let record = records[operand.index]
    switch record.kind {
    case .not: return SymExpr(bits: record.lhs)
    case .relation:
      guard let kind = RelationKind(rawValue: record.function) else { return .tooLarge }
      return intern(.relation, function: kind.negated.rawValue, record.lhs, record.rhs)
    case .and:
      let parts = operands(of: record)
      return or(parts.map { not($0) })
    case .or:
      let parts = operands(of: record)
      return and(parts.map { not($0) })
    default: return intern(.not, operand.bits)
    }
  }
}
