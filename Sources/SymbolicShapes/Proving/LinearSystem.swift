import SymbolicExpressions

/// A system of linear equations and inequalities over the integers, which is tested for contradictions.
///
/// Equations are eliminated first: one with a coefficient ±1 is solved for that variable; any other gets a new variable
/// that produces such a coefficient. The remaining variables are then eliminated one by one. Every new row is reduced
/// to lowest terms, which is where integers are stronger than fractions. Each step only adds consequences, so a
/// contradiction is a proof; finding none proves nothing.
///
/// - Source: Pugh, "The Omega test", 1991: elimination of equalities, real shadow with tightening.
struct LinearSystem {
  private(set) var inequalities: ContiguousArray<LinearRow> = []
  private(set) var equalities: ContiguousArray<LinearRow> = []
  /// The premises of a row that no integers satisfy, whatever the other rows say.
  private var contradiction: PremiseSet?
  private(set) var variableCount: Int32 = 0

  mutating func makeVariable() -> Int32 {
    variableCount += 1
    return variableCount - 1
  }

  /// Adds `row ≥ 0`.
  mutating func require(nonNegative row: LinearRow) {
    // The least integer has no negative; leaving a row out only leaves a consequence unknown.
    guard row.constant != .min else { return }
    var row = row
    row.tightenInequality()
    if row.terms.isEmpty {
      if row.constant < 0 { contradiction = contradiction ?? row.premises }
    } else {
      inequalities.append(row)
    }
  }

  /// Adds `row = 0`.
  mutating func require(zero row: LinearRow) {
    // The least integer has no negative; leaving a row out only leaves a consequence unknown.
    guard row.constant != .min else { return }
    var row = row
    guard row.tightenEquality() else {
      contradiction = contradiction ?? row.premises
      return
    }
    if !row.terms.isEmpty { equalities.append(row) }
  }

  /// The premises of a contradiction, if one is found within `budget`.
  func refutation(_ budget: inout ProofBudget) -> PremiseSet? {
    var copy = self
    copy.solveEquations(keeping: nil, &budget)
    copy.project(keeping: nil, &budget)
    return copy.contradiction
  }

  /// The least and greatest values of `variable` that can be derived.
  func bounds(of variable: Int32, _ budget: inout ProofBudget) -> (lower: LinearRow?, upper: LinearRow?) {
    var copy = self
    copy.solveEquations(keeping: variable, &budget)
    copy.project(keeping: variable, &budget)
    var (lower, upper): (LinearRow?, LinearRow?)
    for row in copy.inequalities where row.terms.count == 1 && row.terms[0].variable == variable {
      if row.terms[0].coefficient == 1, row.constant < lower?.constant ?? .max { lower = row }
      if row.terms[0].coefficient == -1, row.constant < upper?.constant ?? .max { upper = row }
    }
    return (lower, upper)
  }
}

// MARK: - Equations

extension LinearSystem {
  private mutating func solveEquations(keeping kept: Int32?, _ budget: inout ProofBudget) {
    while contradiction == nil, budget.work > 0, let row = takeEasiestEquation(kept) {
      if let term = row.terms.first(where: { abs($0.coefficient) == 1 && $0.variable != kept }) {
        substitute(row, solvedFor: term, &budget)
      } else if row.terms.count == 1 || row.terms.contains(where: { $0.variable == kept }) {
        // Nothing to solve for but the kept variable: keep the equation as two inequalities.
        require(nonNegative: row)
        if let opposite = row.scaled(-1) { require(nonNegative: opposite) }
      } else {
        makeUnitCoefficient(row, &budget)
      }
    }
  }

  /// The equation with the fewest terms among those that can be solved, else any.
  private mutating func takeEasiestEquation(_ kept: Int32?) -> LinearRow? {
    var (best, bestCost) = (-1, Int.max)
    for (index, row) in equalities.enumerated() {
      let hasUnit = row.terms.contains { abs($0.coefficient) == 1 && $0.variable != kept }
      let cost = row.terms.count + (hasUnit ? 0 : 1_000)
      if cost < bestCost { (best, bestCost) = (index, cost) }
    }
    return best < 0 ? nil : equalities.remove(at: best)
  }

  private mutating func substitute(
    _ equation: LinearRow, solvedFor term: LinearRow.Term, _ budget: inout ProofBudget
  ) {
    let (oldInequalities, oldEqualities) = (inequalities, equalities)
    inequalities.removeAll(keepingCapacity: true)
    equalities.removeAll(keepingCapacity: true)
    for row in oldInequalities {
      if let row = row.eliminating(term, with: equation, &budget) { require(nonNegative: row) }
    }
    for row in oldEqualities {
      if let row = row.eliminating(term, with: equation, &budget) { require(zero: row) }
    }
  }

  /// `Σ aᵢxᵢ + c = 0` without a coefficient ±1: with `m = |aₖ| + 1` for the smallest `|aₖ|`, the sum of the
  /// symmetric remainders is `m·σ` for some integer σ, and `aₖ` leaves the remainder ±1.
  private mutating func makeUnitCoefficient(_ equation: LinearRow, _ budget: inout ProofBudget) {
    guard let smallest = equation.terms.map({ abs($0.coefficient) }).min(), smallest > 1, smallest < 1 << 31,
      budget.spend(16 * equation.terms.count)
    else { return }
    let modulus = smallest + 1
    var remainders = LinearRow(constant: symmetricRemainder(equation.constant, modulus))
    remainders.premises = equation.premises
    for term in equation.terms {
      let rest = symmetricRemainder(term.coefficient, modulus)
      guard rest != 0 else { continue }
      guard let sum = remainders.adding(LinearRow(variable: term.variable, coefficient: rest)) else { return }
      remainders = sum
    }
    let multiple = LinearRow(variable: makeVariable(), coefficient: -modulus)
    guard let unit = remainders.adding(multiple) else { return }
    require(zero: unit)
    require(zero: equation)
  }

  /// The number nearest to 0 that is congruent to `a`; `m/2` counts as `−m/2`.
  private func symmetricRemainder(_ a: Int, _ modulus: Int) -> Int {
    // Bound: 0 ≤ rest < modulus ≤ 2³¹.
    let rest = floorRemainder(a, modulus)
    return 2 * rest >= modulus ? rest - modulus : rest
  }
}

extension LinearRow {
  /// This row with `term.variable` replaced by its solution from `equation = 0`; nil on overflow.
  fileprivate func eliminating(
    _ term: Term, with equation: LinearRow, _ budget: inout ProofBudget
  ) -> LinearRow? {
    let coefficient = coefficient(of: term.variable)
    if coefficient == 0 { return self }
    guard budget.spend(terms.count + equation.terms.count) else { return nil }
    return adding(equation, times: -coefficient * term.coefficient)
  }
}

// MARK: - Inequalities

extension LinearSystem {
  /// Eliminates every variable except `kept`; the one that produces the fewest new rows goes first.
  private mutating func project(keeping kept: Int32?, _ budget: inout ProofBudget) {
    dropWeaker(&budget)
    while contradiction == nil, budget.work > 0, let variable = cheapestVariable(kept, &budget) {
      eliminate(variable, &budget)
      if inequalities.count > ProofBudget.mostRows { return }
    }
  }

  private func cheapestVariable(_ kept: Int32?, _ budget: inout ProofBudget) -> Int32? {
    // Bound: at most `ProofBudget.mostVariables` and one for each equation.
    var counts = ContiguousArray<(up: Int, down: Int)>(repeating: (0, 0), count: Int(variableCount))
    budget.scans += counts.count
    for row in inequalities {
      budget.scans += row.terms.count
      for term in row.terms {
        if term.coefficient > 0 {
          counts[Int(term.variable)].up += 1
        } else {
          counts[Int(term.variable)].down += 1
        }
      }
    }
    var (best, bestCost): (Int32?, Int) = (nil, .max)
    for (variable, count) in counts.enumerated() where count.up + count.down > 0 && Int32(variable) != kept {
      let cost = count.up * count.down - count.up - count.down
      if cost < bestCost { (best, bestCost) = (Int32(variable), cost) }
    }
    return best
  }

  private mutating func eliminate(_ variable: Int32, _ budget: inout ProofBudget) {
    let old = inequalities
    var (lowers, uppers): (ContiguousArray<LinearRow>, ContiguousArray<LinearRow>) = ([], [])
    inequalities.removeAll(keepingCapacity: true)
    for row in old {
      let coefficient = row.coefficient(of: variable)
      if coefficient == 0 {
        inequalities.append(row)
      } else if coefficient > 0 {
        lowers.append(row)
      } else {
        uppers.append(row)
      }
    }
    for lower in lowers {
      for upper in uppers {
        guard budget.spend(lower.terms.count + upper.terms.count), contradiction == nil else { return }
        let (a, b) = (lower.coefficient(of: variable), -upper.coefficient(of: variable))
        let common = Int(truncatingIfNeeded: gcd(a.magnitude, b.magnitude))
        if let row = lower.combined(b / common, upper, a / common) { require(nonNegative: row) }
      }
    }
    dropWeaker(&budget)
  }

  /// Of rows with the same coefficients, keeps only the strongest.
  ///
  /// Rows of equal fingerprints and other coefficients are both kept: a row too many only costs time.
  private mutating func dropWeaker(_ budget: inout ProofBudget) {
    var strongest: [UInt64: Int] = [:]
    strongest.reserveCapacity(inequalities.count)
    var kept: ContiguousArray<LinearRow> = []
    kept.reserveCapacity(inequalities.count)
    for row in inequalities {
      budget.scans += row.terms.count
      let fingerprint = row.fingerprint
      let index = strongest[fingerprint]
      if let index, kept[index].terms == row.terms {
        if row.constant < kept[index].constant { kept[index] = row }
      } else {
        if index == nil { strongest[fingerprint] = kept.count }
        kept.append(row)
      }
    }
    inequalities = kept
  }
}
