import SymbolicExpressions
import SymbolicShapes

/// Proves that one size is never smaller than another.
struct Domination {
  let shapes: ShapeEnv
  /// Values of the symbols where a size may be seen to be smaller, so that no proof is tried; the example values first.
  private let samples: [CostAssignment]
  /// How many proofs by linear reasoning may still be tried; each takes about a millisecond.
  private var proofs = 12
  /// How many differences of sizes may still be formed.
  private var differences = 1 << 12

  private static let budget = ProofBudget(work: 4_000, cases: 4, facts: 8)

  init(_ shapes: ShapeEnv, example: CostAssignment) {
    self.shapes = shapes
    samples = [example] + (0..<6).map { CostAssignment(sample: $0, shapes) }
  }

  /// What a size is in each sample, where it is known.
  struct Values {
    fileprivate var samples: [Int?] = []
    /// What it is at the example values.
    var example: Int? { samples.first ?? nil }
  }

  /// The values of sizes, computed once for all comparisons.
  func values(of sizes: [SymInt]) -> [Values] {
    var values = sizes.map { _ in Values() }
    for sample in samples {
      // What is alive at one point mostly is at the next one, too.
      var shared = SharedValues()
      for (place, size) in sizes.enumerated() {
        values[place].samples.append(sample.value(of: size, sharing: &shared, shapes).number)
      }
    }
    return values
  }

  /// Whether `a >= b` is proved for all sizes.
  mutating func isAtLeast(_ a: (size: SymInt, values: Values), _ b: (size: SymInt, values: Values)) -> Bool {
    if a.size == b.size { return true }
    for (a, b) in zip(a.values.samples, b.values.samples) {
      if let a, let b, a < b { return false }
    }
    guard differences > 0, shapes.mayBuildMore else { return false }
    differences -= 1
    let difference = shapes.resolve(shapes.sub(a.size, b.size))
    if let constant = difference.constant { return constant >= 0 }
    if difference == .tooLarge { return false }
    for (sample, (a, b)) in zip(samples, zip(a.values.samples, b.values.samples)) where a == nil || b == nil {
      if case .known(let value) = sample.value(of: difference, shapes), value < 0 { return false }
    }
    if shapes.bound(of: difference).lower >= 0 || hasOnlyPositiveTerms(difference) { return true }
    guard proofs > 0 else { return false }
    proofs -= 1
    return shapes.prove(shapes.ge(difference, 0), budget: Self.budget)?.holds == true
  }

  /// Whether every term is positive when each symbol is written as its lower bound plus a nonnegative rest.
  ///
  ///     4*s0 - 8, s0 ≥ 2    →    4*(2 + t) - 8 = 4*t
  private func hasOnlyPositiveTerms(_ difference: SymInt) -> Bool {
    let expression = shapes.expression(difference)
    var shifted: [SymExpr.Symbol: SymExpr] = [:]
    for symbol in shapes.arena.freeSymbols(of: expression) {
      guard case .int(let range)? = shapes.range(of: symbol), range.lower > .min else { return false }
      let least = shapes.arena.integer(range.lower)
      shifted[symbol] = shapes.arena.add(shapes.arena.handle(of: symbol), least)
    }
    let rest = shapes.arena.substitute(expression) { shifted[$0] }
    guard let form = shapes.arena.linearForm(of: rest), form.constant >= 0 else { return false }
    return form.terms.allSatisfy { $0.coefficient >= 0 && isPowerProduct($0.monomial) }
  }

  /// Whether a monomial is a product of symbols only.
  private func isPowerProduct(_ monomial: SymExpr) -> Bool {
    switch shapes.arena.view(of: monomial) {
    case .symbol: true
    case .mul(let factors): factors.allSatisfy(isPowerProduct)
    case .pow(let base, let exponent): exponent > 0 && isPowerProduct(base)
    default: false
    }
  }
}
