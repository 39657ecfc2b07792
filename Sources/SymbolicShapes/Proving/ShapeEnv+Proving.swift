public import SymbolicExpressions

/// Stronger answers than PyTorch's, with proofs.
///
/// ``ShapeEnv/evaluate(_:)`` and the other decisions never use them, so they do not affect what a program records. A
/// proof holds for every assignment of integers that the known ranges, guards and asserts allow.
extension ShapeEnv {
  /// Why `condition` always or never holds; nil if no proof is found within `budget`.
  ///
  /// Linear reasoning over the integers, in which floor divisions, remainders, maxima, minima and products are
  /// variables with laws of their own. It always terminates: `budget` bounds the work, and exceeding it gives nil.
  public func prove(_ condition: SymBool, budget: ProofBudget = .standard) -> Proof? {
    let condition = condition.expression
    if let truth = arena.booleanValue(of: condition) {
      return Proof(condition: condition, holds: truth, premises: [])
    }
    let known = proofFacts()
    if let answer = proofMemo?.answer(to: condition) { return answer }
    let proof = prove(condition, known, budget)
    // What was left unknown for want of a budget may be found in the next run.
    if proof != nil || runBudget.proofs > 0 { proofMemo?.note(proof, for: condition) }
    return proof
  }

  /// Why `condition` always or never holds, without using the `excluded` conditions.
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

  /// The asserts that other asserts imply and that need not be checked, each with its proof.
  ///
  /// The newest are dropped first, so that the remaining ones are about the oldest symbols. The `0 ≤ u` of a size is
  /// among them if the symbol's declared range implies it.
  ///
  /// - Complexity: one proof for each assert, each within `budget`.
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

  /// A range that provably contains every value of `expression`.
  public func provedBound(of expression: SymExpr, budget: ProofBudget = .standard) -> IntRange {
    reserveColumnsForAllSymbols()
    let known = proofFacts()
    var range = arena.range(of: expression, in: known.ranges).ints
    var prover = Prover(self, known)
    let built = arena.work.operands
    guard runBudget.proofs > 0, let value = prover.linear(expression) else { return range }
    prover.defineVariables()
    while prover.addFacts(atMost: budget.facts), prover.monomials.count < budget.facts {}
    let variable = prover.system.makeVariable()
    guard let definition = value.adding(LinearRow(variable: variable), times: -1) else { return range }
    prover.system.require(zero: definition)
    var rest = budget
    rest.work = Swift.min(rest.work, runBudget.proofs)
    let given = rest.work
    let ends = prover.system.bounds(of: variable, &rest)
    runBudget.proofs -= given - rest.work + 1_000 + rest.scans / 8 + (arena.work.operands - built) / 4
    if let lower = ends.lower { range.lower = Swift.max(range.lower, -lower.constant) }
    if let upper = ends.upper { range.upper = Swift.min(range.upper, upper.constant) }
    return range
  }

  func prove(_ condition: SymExpr, _ known: ProofFacts, _ budget: ProofBudget) -> Proof? {
    attempt(condition, known, budget).map { shortened($0, known, budget) }
  }

  /// Removes premises that the proof does not need.
  ///
  /// Only the premises of `proof` are tried, so the cost does not depend on how much is known.
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
    budget.work = Swift.min(budget.work, runBudget.proofs)
    let (given, built) = (budget.work, arena.work.operands)
    // An attempt costs something even when no row is written; what it builds and looks at costs less than a row.
    defer {
      runBudget.proofs -= given - budget.work + 1_000 + budget.scans / 8 + (arena.work.operands - built) / 4
    }
    guard given > 0 else { return nil }
    // Start with few facts: most proofs need none, and a small problem gives a short proof.
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
        (budget.work, budget.scans) = (cases.work, cases.scans)
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

  /// The facts that proofs may use now.
  ///
  /// Facts are only added between two restores, so these are extended rather than rebuilt.
  ///
  /// - Complexity: linear in the number of new facts.
  func proofFacts() -> ProofFacts {
    if let proofMemo, proofMemo.version == facts.version { return proofMemo.facts }
    reserveColumnsForAllSymbols()
    // Taken out so that extending it does not copy it.
    var memo = proofMemo ?? ProofMemo()
    proofMemo = nil
    if memo.redeclarations != facts.given.redeclarations { memo = ProofMemo() }
    memo.add(facts, &arena)
    proofMemo = memo
    return memo.facts
  }

  /// How often a condition was examined to narrow ranges for proofs since the last restore.
  package var proofNarrowings: Int { proofFacts().narrowings }
}
