extension ExprArena {
  /// `base ** exponent`; a non-negative literal exponent is multiplied out.
  ///
  /// Other exponents give `PowByNatural` for integers and `FloatPow` for floats.
  public mutating func pow(_ base: SymExpr, _ exponent: SymExpr) -> SymExpr {
    if isAbsorbing(base) { return base }
    if isAbsorbing(exponent) { return exponent }
    if exponent == .zero { return .one }
    if exponent == .one || base == .one { return base }
    guard let n = integerValue(of: exponent), n > 0 else {
      if sort(of: base) == .float || sort(of: exponent) == .float { return apply(.floatPow, base, exponent) }
      if integerValue(of: exponent) != nil { return intern(.binary, .pow, base, exponent) }
      return apply(.powByNatural, base, exponent)
    }
    if isLiteral(base) { return powerOfLiteral(base, n) }
    if isSum(base) {
      return canExpand(base, n) ? repeatedProduct(base, n) : power(base, n)
    }
    let term = term(of: base)
    let coefficient = powerOfLiteral(term.coefficient, n)
    if isAbsorbing(coefficient) { return coefficient }
    let monomial = powerOfMonomial(term.monomial, n)
    return isAbsorbing(monomial) ? monomial : handle(of: Term(coefficient: coefficient, monomial: monomial))
  }

  /// The power of a literal, by squaring; `tooLarge` if it does not fit.
  mutating func powerOfLiteral(_ base: SymExpr, _ exponent: Int) -> SymExpr {
    if base == .one || base == .zero { return base }
    if base == .minusOne { return exponent % 2 == 0 ? .one : .minusOne }
    var (result, square, n) = (SymExpr.one, base, exponent)
    while true {
      if n % 2 == 1 { result = mulLiterals(result, square) }
      n /= 2
      if n == 0 || isAbsorbing(result) { return result }
      square = mulLiterals(square, square)
      if isAbsorbing(square) { return square }
    }
  }

  private mutating func powerOfMonomial(_ monomial: SymExpr, _ n: Int) -> SymExpr {
    let start = scratch.count
    for position in 0..<factorCount(monomial) {
      let (base, exponent) = factor(monomial, position)
      let (total, overflow) = exponent.multipliedReportingOverflow(by: n)
      let power = overflow ? .tooLarge : power(base, total)
      if isAbsorbing(power) {
        scratch.removeSubrange(start...)
        return power
      }
      scratch.append(power.bits)
    }
    return scratch.count - start == 1
      ? SymExpr(bits: scratch.removeLast()) : internPooled(.product, from: start)
  }

  /// Whether `base ** n` stays below the limit: the n-th power of a sum of k terms has C(n + k − 1, n) terms.
  private func canExpand(_ base: SymExpr, _ n: Int) -> Bool {
    guard n <= Self.maxExpandedPower, mayExpand else { return false }
    let k = termCount(base)
    var terms = 1
    for i in 1...n {
      terms = terms * (k - 1 + i) / i
      if terms > Self.maxMultipliedTerms { return false }
    }
    return true
  }

  private mutating func repeatedProduct(_ base: SymExpr, _ n: Int) -> SymExpr {
    var result = base
    for _ in 1..<n {
      result = mul(result, base)
      if isAbsorbing(result) { return result }
    }
    return result
  }
}
