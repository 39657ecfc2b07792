// One spelling for each fact, as PyTorch canonicalises booleans.
//
// Source: `canonicalize_bool_expr` and `ShapeEnv.get_implications`, `torch/fx/experimental/symbolic_shapes.py`.

extension ExprArena {
  /// `e` with every relation as `terms (op) rest`: the common factor of all coefficients divided out, terms
  /// with a negative coefficient moved to the left, `>` and `≥` turned round.
  public mutating func canonicalBool(_ e: SymExpr) -> SymExpr {
    switch view(of: e) {
    case .and(let parts): return and(parts.map { canonicalBool($0) })
    case .or(let parts): return or(parts.map { canonicalBool($0) })
    case .not(let part): return not(canonicalBool(part))
    case .relation(let kind, let a, let b):
      switch kind {
      case .gt: return canonicalRelation(.lt, b, a)
      case .ge: return canonicalRelation(.le, b, a)
      default: return canonicalRelation(kind, a, b)
      }
    default: return e
    }
  }

  private mutating func canonicalRelation(_ kind: RelationKind, _ a: SymExpr, _ b: SymExpr) -> SymExpr {
    guard sort(of: a) == .int, sort(of: b) == .int else { return relation(kind, a, b) }
    let difference = sub(b, a)
    guard !isAbsorbing(difference), let form = linearForm(of: difference) else { return relation(kind, a, b) }
    if form.terms.isEmpty { return relation(kind, .zero, difference) }
    var divisor = form.terms.reduce(form.constant.magnitude) { greatestCommonDivisor($0, $1.coefficient.magnitude) }
    if divisor == 0 { divisor = 1 }
    guard let factor = Int(exactly: divisor) else { return relation(kind, a, b) }
    var left = SymExpr.zero
    var right = integer(form.constant / factor)
    for (coefficient, monomial) in form.terms {
      let scaled = coefficient / factor
      if scaled < 0 {
        left = add(left, mul(integer(-scaled), monomial))
      } else {
        right = add(right, mul(integer(scaled), monomial))
      }
    }
    return relation(kind, left, right)
  }

  private func greatestCommonDivisor(_ a: UInt, _ b: UInt) -> UInt {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  /// What follows from the fact `e`: canonical relations with their truth.
  public mutating func impliedFacts(of e: SymExpr) -> [(SymExpr, Bool)] {
    var facts: [(SymExpr, Bool)] = []
    let fact = canonicalBool(e)
    note(fact, &facts)
    if case .and(let parts) = view(of: fact) {
      for part in parts { facts += impliedFacts(of: part) }
      return facts
    }
    guard case .relation(let kind, let a, let b) = view(of: fact) else { return facts }
    switch kind {
    case .eq:
      note(canonicalBool(le(a, b)), &facts)
      note(canonicalBool(ge(a, b)), &facts)
    case .lt:
      note(canonicalBool(le(a, b)), &facts)
      note(canonicalBool(ne(a, b)), &facts)
      if sort(of: a) == .int, sort(of: b) == .int { note(canonicalBool(le(a, sub(b, .one))), &facts) }
    case .le: note(canonicalBool(lt(a, add(b, .one))), &facts)
    default: break
    }
    return facts
  }

  private mutating func note(_ fact: SymExpr, _ facts: inout [(SymExpr, Bool)]) {
    facts.append((fact, true))
    facts.append((canonicalBool(not(fact)), false))
    guard case .relation(let kind, let a, let b) = view(of: fact), !kind.isInequality else { return }
    let turned = relation(kind, b, a)
    facts.append((turned, true))
    facts.append((not(turned), false))
  }
}
