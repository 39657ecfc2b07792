import SymbolicExpressions

/// Facts that are looked up by their canonical form.
///
/// Source: `ShapeEnv.get_axioms`, `get_implications`, `resimplify_floor_div`.
extension ShapeEnv {
  /// Records what follows from `fact`, which holds.
  func addAxioms(of fact: SymExpr) {
    guard arena.booleanValue(of: fact) == nil else { return }
    let isNested = hasNestedDivision(fact)
    arena.forEachImpliedFact(of: fact) { condition, truth in
      facts.axioms.learn(condition, truth)
      if isNested { facts.nestedDivisionAxioms.append(condition) }
    }
  }

  /// `expression` with every part that is a known fact replaced by its truth value.
  func applyingAxioms(_ expression: SymExpr) -> SymExpr {
    guard !facts.axioms.isEmpty else { return expression }
    if facts.axiomsMayBeSimpler { simplifyAxioms() }
    return replacingAxioms(expression)
  }

  private func replacingAxioms(_ expression: SymExpr) -> SymExpr {
    if let truth = facts.axioms[expression] { return truth ? .true : .false }
    switch arena.view(of: expression) {
    case .and(let parts): return arena.and(parts.map(replacingAxioms))
    case .or(let parts): return arena.or(parts.map(replacingAxioms))
    case .not(let part): return arena.not(replacingAxioms(part))
    default: return expression
    }
  }

  /// Rewrites axioms about `a // (a // d)` as axioms about `d` once both divisions are exact.
  private func simplifyAxioms() {
    facts.axiomsMayBeSimpler = false
    for axiom in facts.nestedDivisionAxioms {
      guard let truth = facts.axioms[axiom] else { continue }
      let simpler = simplify(axiom)
      if arena.booleanValue(of: simpler) == nil { facts.axioms.learn(simpler, truth) }
    }
  }

  private func hasNestedDivision(_ expression: SymExpr) -> Bool {
    arena.atoms(of: expression, calling: .floorDiv).contains { atom in
      guard case .call(_, let operands) = arena.view(of: atom), operands.count == 2,
        case .call(.floorDiv, _) = arena.view(of: operands[1])
      else { return false }
      return true
    }
  }
}
