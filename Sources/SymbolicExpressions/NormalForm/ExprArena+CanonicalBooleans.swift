import DenseTables

extension ExprArena {
  /// The form under which facts are stored and looked up: PyTorch's `canonicalize_bool_expr`.
  ///
  /// `And`, `Or` and `Not` are brought to conjunctive normal form. A relation becomes `<`, `<=`, `==` or `!=`; its
  /// terms are collected, divided by their common integer factor, and those with a negative coefficient move to the
  /// left: `4·b ≥ 3·(b//2)` → `3·(b//2) ≤ 4·b`, `u > 3` → `3 < u`.
  ///
  /// Source: `torch/fx/experimental/symbolic_shapes.py`, v2.13.
  public mutating func canonicalBool(_ e: SymExpr) -> SymExpr {
    guard e.small == nil else { return e }
    let known = canonicalForms[e.index]
    if known != .max { return SymExpr(bits: known) }
    let form = findCanonicalBool(e)
    canonicalForms[e.index] = form.bits
    return form
  }

  private mutating func findCanonicalBool(_ e: SymExpr) -> SymExpr {
    let record = record(of: e)
    switch record.kind {
    case .relation: return canonicalRelation(record)
    case .and, .or, .not:
      let normal = conjunctiveForm(e, isNegated: false)
      guard normal.small == nil else { return normal }
      switch self.record(of: normal).kind {
      case .and: return and(operands(of: self.record(of: normal)).map { canonicalBool($0) })
      case .or: return or(operands(of: self.record(of: normal)).map { canonicalBool($0) })
      case .relation: return canonicalRelation(self.record(of: normal))
      default: return normal
      }
    default: return e
    }
  }

  private mutating func canonicalRelation(_ record: Record) -> SymExpr {
    let kind = record.relation
    let (lhs, rhs) = (SymExpr(bits: record.lhs), SymExpr(bits: record.rhs))
    if isAbsorbing(lhs) || isAbsorbing(rhs) || sort(of: lhs) == .bool || sort(of: rhs) == .bool {
      return undecided(kind, lhs, rhs)
    }
    let mirrors = kind == .gt || kind == .ge
    let difference = mirrors ? sub(lhs, rhs) : sub(rhs, lhs)
    if isAbsorbing(difference) { return undecided(kind, lhs, rhs) }
    let (left, right) = sides(lowestTerms(difference))
    return undecided(mirrors ? kind.mirrored : kind, left, right)
  }

  /// Divides by the common integer factor; a lone integer becomes 1.
  private mutating func lowestTerms(_ e: SymExpr) -> SymExpr {
    if integerValue(of: e) != nil { return .one }
    guard let content = integerContent(e), content > 1, let factor = Int(exactly: content) else { return e }
    return dividedExactly(e, by: integer(factor)) ?? e
  }

  /// `0 op e` with the negative terms of `e` on the left.
  private mutating func sides(_ e: SymExpr) -> (left: SymExpr, right: SymExpr) {
    var left: [SymExpr] = []
    var right: [SymExpr] = []
    for position in 0..<termCount(e) {
      let term = termHandle(e, position)
      if isNegative(self.term(of: term).coefficient) { left.append(neg(term)) } else { right.append(term) }
    }
    return (sum(left), sum(right))
  }
}

// MARK: - Conjunctive normal form

extension ExprArena {
  /// The maximum number of clauses to which an `Or` of `And`s is distributed.
  private static var maxClauses: Int { 64 }

  private mutating func conjunctiveForm(_ e: SymExpr, isNegated: Bool) -> SymExpr {
    guard e.small == nil else { return isNegated ? not(e) : e }
    let record = record(of: e)
    switch record.kind {
    case .not: return conjunctiveForm(SymExpr(bits: record.lhs), isNegated: !isNegated)
    case .and, .or:
      let parts = operands(of: record).map { conjunctiveForm($0, isNegated: isNegated) }
      return (record.kind == .and) != isNegated ? and(parts) : distributed(parts)
    default: return isNegated ? not(e) : e
    }
  }

  /// `Or` of parts that may be `And`: `a | (b & c)` → `(a | b) & (a | c)`.
  private mutating func distributed(_ parts: [SymExpr]) -> SymExpr {
    var clauses: [[SymExpr]] = [[]]
    for part in parts {
      let choices = self.parts(of: part, .and) ?? [part]
      if clauses.count * choices.count > Self.maxClauses { return or(parts) }
      clauses = clauses.flatMap { clause in choices.map { clause + [$0] } }
    }
    return and(clauses.map { or($0) })
  }
}

// MARK: - Implications

extension ExprArena {
  /// What follows from `e` being true, each as a canonical boolean with its value.
  mutating func findImpliedFacts(of e: SymExpr) -> [(SymExpr, Bool)] {
    var facts: [(SymExpr, Bool)] = []
    addFact(e, &facts)
    guard case .relation(let kind, let lhs, let rhs) = view(of: e) else { return facts }
    switch kind {
    case .eq:
      addFact(undecided(.le, lhs, rhs), &facts)
      addFact(undecided(.ge, lhs, rhs), &facts)
    case .lt:
      addFact(undecided(.le, lhs, rhs), &facts)
      addFact(undecided(.ne, lhs, rhs), &facts)
      if sort(of: lhs) == .int, sort(of: rhs) == .int { addFact(undecided(.le, lhs, sub(rhs, .one)), &facts) }
    case .le: addFact(undecided(.lt, lhs, add(rhs, .one)), &facts)
    case .ne, .gt, .ge: break
    }
    return facts
  }

  /// Adds a fact and its negation; for equalities in both orders.
  private mutating func addFact(_ e: SymExpr, _ facts: inout [(SymExpr, Bool)]) {
    let canonical = canonicalBool(e)
    if case .relation(let kind, let lhs, let rhs) = view(of: canonical), !kind.isInequality {
      record(undecided(kind, lhs, rhs), true, &facts)
      record(undecided(kind, rhs, lhs), true, &facts)
      record(undecided(kind.negated, lhs, rhs), false, &facts)
      record(undecided(kind.negated, rhs, lhs), false, &facts)
    } else {
      record(canonical, true, &facts)
      let negation = not(canonical)
      record(canonicalBool(negation), false, &facts)
    }
  }

  /// A later value for the same fact replaces the earlier one.
  private func record(_ fact: SymExpr, _ value: Bool, _ facts: inout [(SymExpr, Bool)]) {
    if let known = facts.firstIndex(where: { $0.0 == fact }) {
      facts[known].1 = value
    } else {
      facts.append((fact, value))
    }
  }
}
