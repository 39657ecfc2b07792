/// A polynomial in one variable that is at least 1; the constant coefficient comes first.
struct UnivariatePolynomial {
  var coefficients: [Int]

  /// The sign as sympy finds it: from the summands or, if there is a constant, from the growth.
  ///
  /// Source: `_monotonic_sign`.
  var sign: SymExpr.Sign {
    let bySummands = SymExpr.Sign.sum(coefficients.filter { $0 != 0 }.map { SymExpr.Sign($0) })
    if bySummands.contains(.nonNegative) || bySummands.contains(.nonPositive) { return bySummands }
    return coefficients.first == 0 ? [] : signByGrowth
  }

  /// The sign that follows from the value at 1 if the polynomial is monotonic.
  var signByGrowth: SymExpr.Sign {
    guard let first = valueAtOne, let slope = derivative?.sign else { return [] }
    if first >= 0, slope.isSuperset(of: .positive) { return first > 0 ? .positive : .nonNegative }
    if first <= 0, slope.isSuperset(of: .negative) { return first < 0 ? .negative : .nonPositive }
    return []
  }

  private var valueAtOne: Int? {
    var sum = 0
    for coefficient in coefficients {
      let (next, overflow) = sum.addingReportingOverflow(coefficient)
      if overflow { return nil }
      sum = next
    }
    return sum
  }

  private var derivative: UnivariatePolynomial? {
    var result: [Int] = []
    for (power, coefficient) in coefficients.enumerated().dropFirst() {
      let (product, overflow) = coefficient.multipliedReportingOverflow(by: power)
      if overflow { return nil }
      result.append(product)
    }
    return UnivariatePolynomial(coefficients: result)
  }
}
