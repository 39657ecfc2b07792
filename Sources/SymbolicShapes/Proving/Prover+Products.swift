import SymbolicExpressions

/// What is known about products of variables.
extension Prover {
  /// Bounds beyond this do not help in a product and would soon overflow 64 bits.
  private static var largestEnd: Int { 1 << 31 }

  /// For each factor `x` and the product `r` of the others, adds the products of their distances from their bounds:
  /// `(x − l)(r − m) ≥ 0`, and so on.
  mutating func addProductLaws(_ product: SymExpr, _ factors: [SymExpr]) {
    guard let variable = variables[product], factors.count >= 2 else { return }
    for (position, factor) in factors.prefix(3).enumerated() {
      if position > 0, factors.count == 2 { return }
      var others = factors
      others.remove(at: position)
      let rest = shapes.arena.product(others)
      guard let x = linear(factor), let r = linear(rest) else { continue }
      for first in ends(of: factor) {
        for second in ends(of: rest) {
          // s(x − a) · t(r − b) = st·x·r − st·b·x − st·a·r + st·a·b
          let sign = first.sign * second.sign
          guard
            let bilinear = LinearRow(variable: variable, coefficient: sign).adding(
              x, times: -sign * second.end),
            var row = bilinear.adding(r, times: -sign * first.end),
            let constant = sum(row.constant, sign * first.end * second.end)
          else { continue }
          row.constant = constant
          row = resting(resting(row, on: boundsPremise(factor)), on: boundsPremise(rest))
          system.require(nonNegative: row)
        }
      }
    }
  }

  private func sum(_ a: Int, _ b: Int) -> Int? {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? nil : sum
  }

  /// The finite bounds of a range: `sign·(e − end) ≥ 0`.
  private func ends(of expression: SymExpr) -> [(end: Int, sign: Int)] {
    let range = range(of: expression)
    var ends: [(end: Int, sign: Int)] = []
    if range.lower > -Self.largestEnd, range.lower < Self.largestEnd { ends.append((range.lower, 1)) }
    if range.upper < Self.largestEnd, range.upper > -Self.largestEnd { ends.append((range.upper, -1)) }
    return ends
  }

  /// Multiplies facts by the cofactors of products in the problem: `x = 4·k` gives `x·y = 4·k·y`, and `x ≥ z` gives
  /// `x·y ≥ z·y` for `y ≥ 0`.
  mutating func multiplyFacts(_ rows: ContiguousArray<(row: LinearRow, isEquation: Bool)>) {
    let equations = rows.filter(\.isEquation).map(\.row)
    // Remainders that are 0 are substituted first: `x − 4·k = m` and `m = 0` give `x = 4·k`.
    let fixed = equations.filter { $0.terms.count == 1 }
    let solved = equations.compactMap { row in
      fixed.reduce(Optional(row)) { row, value in
        guard let row, row.terms.count > 1, abs(value.terms[0].coefficient) == 1 else { return row }
        let factor = row.coefficient(of: value.terms[0].variable) * value.terms[0].coefficient
        return factor == 0 ? row : row.adding(value, times: -factor)
      }
    }
    multiplyFacts(solved.sorted { $0.terms.count < $1.terms.count }, areEquations: true)
    multiplyFacts(rows.filter { !$0.isEquation }.map(\.row), areEquations: false)
  }

  private mutating func multiplyFacts(_ rows: [LinearRow], areEquations: Bool) {
    var (count, position) = (0, 0)
    // Products created here are split in turn.
    while position < monomials.count {
      for (factor, rest) in splits(of: monomials[position]) {
        guard let variable = variables[factor], areEquations || range(of: rest).lower >= 0 else { continue }
        for row in rows where row.coefficient(of: variable) != 0 {
          guard count < Self.mostMultiplications else { return }
          guard let result = multiplied(row, by: rest) else { continue }
          count += 1
          if areEquations {
            system.require(zero: result)
          } else {
            system.require(nonNegative: resting(result, on: boundsPremise(rest)))
          }
        }
      }
      position += 1
    }
  }

  private static var mostMultiplications: Int { 24 }

  private mutating func splits(of product: SymExpr) -> [(factor: SymExpr, rest: SymExpr)] {
    switch shapes.arena.view(of: product) {
    case .mul(let factors):
      return factors.prefix(3).indices.map { index in
        var others = factors
        let factor = others.remove(at: index)
        return (factor, shapes.arena.product(others))
      }
    case .pow(let base, let exponent):
      return [(base, shapes.arena.pow(base, shapes.arena.integer(exponent - 1)))]
    default: return []
    }
  }

  private mutating func multiplied(_ row: LinearRow, by factor: SymExpr) -> LinearRow? {
    guard var result = linear(factor)?.scaled(row.constant) else { return nil }
    for term in row.terms {
      guard Int(term.variable) < variableMonomials.count,
        let monomial = variableMonomials[Int(term.variable)],
        let part = linear(shapes.arena.mul(monomial, factor)),
        let sum = result.adding(part, times: term.coefficient)
      else { return nil }
      result = sum
    }
    result.premises = row.premises
    return result
  }
}
