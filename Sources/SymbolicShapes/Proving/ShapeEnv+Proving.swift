public import SymbolicExpressions

/// Stronger answers than PyTorch's, each with its reasons.
///
/// They never take part in ``ShapeEnv/evaluate(_:)`` and its like, so what a program records does not depend
/// on them. A proof holds for every assignment of integers that the known ranges, guards and asserts allow.
extension ShapeEnv {
  /// Why `condition` always holds or never does; nil when that is not found within `budget`.
  ///
  /// Linear reasoning over integers, where floor divisions, remainders, maxima, minima and products count as
  /// variables with laws of their own. Always ends: the budget bounds it, and running out of it is nil.
  public func prove(_ condition: SymBool, budget: ProofBudget = .standard) -> Proof? {
    let condition = condition.expression
    if let truth = arena.booleanValue(of: condition) {
      return Proof(condition: condition, holds: truth, premises: [])
    }
    let known = proofFacts()
    if let answer = proofMemo?.answer(to: condition) { return answer }
    let proof = prove(condition, known, budget)
    proofMemo?.note(proof, for: condition)
    return proof
  }

  /// Why `condition` always holds or never does when nothing is known of `excluded` conditions.
  public func prove(
    _ condition: SymBool, without excluded: [Premise], budget: ProofBudget = .standard
  ) -> Proof? {
    if let truth = condition.constant {
      return Proof(condition: condition.expression, holds: truth, premises: [])
    }
    let known = proofFacts()
    let numbers = Set(excluded.compactMap { known.number(of: $0) })
    return prove(condition.expression, known.without(numbers, facts.given.ranges, &arena), budget)
  }

  /// The asserts that need not be checked because others that are checked imply them, each with its proof.
  ///
  /// The newest are spared first, so that what is left speaks of the oldest symbols. `0 ≤ u` of a size is
  /// among them when the symbol's declared range says it.
  ///
  /// - Complexity: one proof for each assert, at most `budget` each.
  public func impliedAsserts(
    budget: ProofBudget = .standard
  ) -> [(index: Int, proof: Proof)] {
    var known = proofFacts()
    var implied: [(index: Int, proof: Proof)] = []
    for (index, fact) in facts.runtimeAsserts.enumerated().reversed() {
      guard let number = known.number(of: .runtimeAssert(index)) else { continue }
      let others = known.without([number], facts.given.ranges, &arena)
      guard let proof = prove(fact.assert.expression, others, budget), proof.holds else { continue }
      known = others
      implied.append((index, proof))
    }
    return implied.reversed()
  }

  /// The values that `expression` is shown to take; every one of them lies in the result.
  public func provedBound(of expression: SymExpr, budget: ProofBudget = .standard) -> IntRange {
    reserveColumnsForAllSymbols()
    let known = proofFacts()
    var range = arena.range(of: expression, in: known.ranges).ints
    var prover = Prover(self, known)
    guard let value = prover.linear(expression) else { return range }
    prover.defineVariables()
    while prover.addFacts(atMost: budget.facts), prover.monomials.count < budget.facts {}
    let variable = prover.system.makeVariable()
    guard let definition = value.adding(LinearRow(variable: variable), times: -1) else { return range }
    prover.system.require(zero: definition)
    var rest = budget
    let ends = prover.system.bounds(of: variable, &rest)
    if let lower = ends.lower { range.lower = Swift.max(range.lower, -lower.constant) }
    if let upper = ends.upper { range.upper = Swift.min(range.upper, upper.constant) }
    return range
  }

  func prove(_ condition: SymExpr, _ known: ProofFacts, _ budget: ProofBudget) -> Proof? {
    attempt(condition, known, budget).map { shortened($0, known, budget) }
  }

  /// A contradiction may rest on more than it needs: what can be spared is left out.
  ///
  /// Only the premises of `proof` are looked at, so that it costs the same however much is known.
  private func shortened(_ proof: Proof, _ known: ProofFacts, _ budget: ProofBudget) -> Proof {
    var needed = ProofFacts()
    for number in proof.premises.compactMap({ known.number(of: $0) }).sorted() {
      let (expression, premise) = known.conditions[Int(number)]
      needed.add(expression, premise, arena)
    }
    needed.deriveRanges(facts.given.ranges, &arena)
    guard var shortest = attempt(proof.condition, needed, budget), shortest.holds == proof.holds else {
      return proof
    }
    for premise in shortest.premises {
      guard let number = needed.number(of: premise) else { continue }
      let fewer = needed.without([number], facts.given.ranges, &arena)
      if let shorter = attempt(proof.condition, fewer, budget), shorter.holds == proof.holds {
        (shortest, needed) = (shorter, fewer)
      }
    }
    return shortest
  }

  private func attempt(_ condition: SymExpr, _ known: ProofFacts, _ budget: ProofBudget) -> Proof? {
    var budget = budget
    // Nearby facts first: most proofs need none, and a small problem gives a short proof.
    var attempts: [(holds: Bool, prover: Prover)] = [true, false].map { holds in
      var prover = Prover(self, known)
      prover.assume(Prover.Assumption(condition: condition, holds: !holds, premise: nil))
      prover.defineVariables()
      return (holds, prover)
    }
    for round in 0..<4 {
      for attempt in attempts {
        var cases = budget
        let found = attempt.prover.refutation(&cases)
        budget.work = cases.work
        if let found {
          let premises = known.withReasons(attempt.prover.premises.premises(in: found), arena)
          return Proof(condition: condition, holds: attempt.holds, premises: premises)
        }
      }
      var isLarger = false
      let limit = Swift.min(budget.facts, 8 << round)
      for index in attempts.indices where attempts[index].prover.addFacts(atMost: limit) {
        isLarger = true
      }
      guard isLarger, budget.work > 0 else { return nil }
    }
    return nil
  }

  /// What proofs may use, for what is known now.
  ///
  /// Facts are only ever added between two restored checkpoints, and so they are here.
  ///
  /// - Complexity: linear in the number of facts that are new.
  func proofFacts() -> ProofFacts {
    if let proofMemo, proofMemo.version == facts.version { return proofMemo.facts }
    reserveColumnsForAllSymbols()
    // Taken out, so that it is not copied when it is added to.
    var memo = proofMemo ?? ProofMemo()
    proofMemo = nil
    if memo.redeclarations != facts.given.redeclarations { memo = ProofMemo() }
    memo.add(facts, &arena)
    proofMemo = memo
    return memo.facts
  }

  /// How often a condition was looked at to narrow ranges for proofs, since the last checkpoint was restored.
  package var proofNarrowings: Int { proofFacts().narrowings }
}
