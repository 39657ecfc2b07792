// Exact division and common factors of polynomials, by which FloorDiv, Mod and CeilDiv cancel.

/// The greatest common divisor of two magnitudes.
package func gcd(_ a: UInt, _ b: UInt) -> UInt {
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a % b) }
  return a
}

extension ExprArena {
  /// The greatest integer that divides every coefficient of `e`; 0 for 0, nil if a coefficient is not an integer.
  func integerContent(_ e: SymExpr) -> UInt? {
    var content: UInt = 0
    for position in 0..<termCount(e) {
      guard let coefficient = integerValue(of: term(e, position).coefficient) else { return nil }
      content = gcd(content, coefficient.magnitude)
      if content == 1 { return 1 }
    }
    return content
  }

  /// The greatest monomial that divides every term of `e`.
  mutating func monomialContent(_ e: SymExpr) -> SymExpr {
    guard termCount(e) > 0 else { return .one }
    var content = term(e, 0).monomial
    for position in 1..<Swift.max(1, termCount(e)) {
      if content == .one { break }
      content = commonMonomial(content, term(e, position).monomial)
    }
    return content
  }

  /// The greatest monomial that divides both.
  mutating func commonMonomial(_ a: SymExpr, _ b: SymExpr) -> SymExpr {
    if a == b { return a }
    let start = scratch.count
    var (i, j) = (0, 0)
    while i < factorCount(a), j < factorCount(b) {
      let (x, y) = (factor(a, i), factor(b, j))
      if x.base == y.base { scratch.append(power(x.base, Swift.min(x.exponent, y.exponent)).bits) }
      if x.base.bits <= y.base.bits { i += 1 }
      if y.base.bits <= x.base.bits { j += 1 }
    }
    switch scratch.count - start {
    case 0: return .one
    case 1: return SymExpr(bits: scratch.removeLast())
    default: return internPooled(.product, from: start)
    }
  }

  /// `a / b` for monomials; nil if `a` lacks a factor of `b`.
  mutating func divideMonomials(_ a: SymExpr, by b: SymExpr) -> SymExpr? {
    if b == .one { return a }
    if a == b { return .one }
    let start = scratch.count
    var j = 0
    for i in 0..<factorCount(a) {
      let x = factor(a, i)
      var exponent = x.exponent
      if j < factorCount(b) {
        let y = factor(b, j)
        if y.base == x.base {
          exponent -= y.exponent
          j += 1
        }
      }
      if exponent < 0 {
        scratch.removeSubrange(start...)
        return nil
      }
      if exponent > 0 { scratch.append(power(x.base, exponent).bits) }
    }
    guard j == factorCount(b) else {
      scratch.removeSubrange(start...)
      return nil
    }
    switch scratch.count - start {
    case 0: return .one
    case 1: return SymExpr(bits: scratch.removeLast())
    default: return internPooled(.product, from: start)
    }
  }

  /// `a / b` if that is a polynomial with integer coefficients, otherwise nil.
  ///
  /// Divides term by term if `b` is a monomial or a factor of every term, otherwise by long division. Long division
  /// needs an order of monomials that multiplication preserves: lexicographic by the exponents of the symbols of `b`.
  mutating func dividedExactly(_ a: SymExpr, by b: SymExpr) -> SymExpr? {
    if b == .one { return a }
    if b == .zero || isAbsorbing(a) || isAbsorbing(b) { return nil }
    if a == .zero { return .zero }
    if !isSum(b) { return dividedExactly(a, byTerm: term(of: b)) }
    if let quotient = dividedExactly(a, byTerm: Term(coefficient: .one, monomial: b)) { return quotient }
    let limit = Self.maxDivisionSteps
    guard termCount(a) <= limit, termCount(b) <= limit, mayExpand, let lead = leadingTerm(b) else {
      return nil
    }
    var (rest, quotient) = (a, SymExpr.zero)
    for _ in 0..<limit {
      guard let top = leadingTerm(rest), let step = dividedExactly(handle(of: top), byTerm: lead) else {
        return nil
      }
      quotient = add(quotient, step)
      rest = sub(rest, mul(step, b))
      if rest == .zero { return quotient }
      if isAbsorbing(rest) { return nil }
    }
    return nil
  }

  /// The maximum number of terms for which long division is tried; PyTorch stops at 20.
  static var maxDivisionSteps: Int { 20 }

  /// `e = d · multiples + rest` for a divisor of one term, where `rest` has the terms that `d` does not divide; nil if
  /// `d` is a sum.
  public mutating func splitMultiples(
    of d: SymExpr, in e: SymExpr
  ) -> (multiples: SymExpr, rest: SymExpr)? {
    guard !isSum(d), d != .zero, !isAbsorbing(d), sort(of: e) == .int else { return nil }
    let divisor = term(of: d)
    var (multiples, rest): ([SymExpr], [SymExpr]) = ([], [])
    for position in 0..<termCount(e) {
      let term = termHandle(e, position)
      if let quotient = dividedExactly(term, byTerm: divisor) {
        multiples.append(quotient)
      } else {
        rest.append(term)
      }
    }
    return (sum(multiples), sum(rest))
  }

  mutating func dividedExactly(_ a: SymExpr, byTerm divisor: Term) -> SymExpr? {
    guard let d = integerValue(of: divisor.coefficient), d != 0 else { return nil }
    var terms: [Term] = []
    terms.reserveCapacity(termCount(a))
    for position in 0..<termCount(a) {
      let term = term(a, position)
      guard let c = integerValue(of: term.coefficient), let quotient = exactQuotient(c, d),
        let monomial = divideMonomials(term.monomial, by: divisor.monomial)
      else { return nil }
      terms.append(Term(coefficient: integer(quotient), monomial: monomial))
    }
    return sum(ofTerms: &terms)
  }

  private func exactQuotient(_ c: Int, _ d: Int) -> Int? {
    let (quotient, overflow) = c.dividedReportingOverflow(by: d)
    guard !overflow, quotient &* d == c else { return nil }
    return quotient
  }

  /// The term with the greatest monomial by exponents.
  private func leadingTerm(_ e: SymExpr) -> Term? {
    guard termCount(e) > 0 else { return nil }
    var lead = term(e, 0)
    for position in 1..<Swift.max(1, termCount(e)) {
      let next = term(e, position)
      if isLower(lead.monomial, next.monomial) { lead = next }
    }
    return lead
  }

  /// Lexicographic order of exponents; the atom with the lowest handle is the most significant.
  private func isLower(_ a: SymExpr, _ b: SymExpr) -> Bool {
    var position = 0
    while true {
      if position == factorCount(a) { return position < factorCount(b) }
      if position == factorCount(b) { return false }
      let (x, y) = (factor(a, position), factor(b, position))
      if x.base != y.base { return y.base.bits < x.base.bits }
      if x.exponent != y.exponent { return x.exponent < y.exponent }
      position += 1
    }
  }

  /// What PyTorch cancels from `a // b`: the common integer factor, and the factors of `b`, with unchanged powers, that
  /// every term of `a` has.
  ///
  /// If there are none and `b` is a sum, a polynomial that divides both.
  ///
  /// That polynomial is not always the greatest: the common factor `s + 1` of `(s + 1)(s + 2)` and `(s + 1)(s + 3)` is
  /// missed.
  ///
  /// Source: `simple_floordiv_gcd`, `safe_gcd`.
  mutating func commonFactor(_ a: SymExpr, _ b: SymExpr) -> SymExpr {
    guard let contentA = integerContent(a), let contentB = integerContent(b) else { return .one }
    guard let content = Int(exactly: gcd(contentA, contentB)), content != 0 else { return .one }
    var common = integer(content)
    for factor in factors(ofDivisor: b, content) where isFactor(factor, ofAllTermsOf: a) {
      common = mulUnexpanded(common, factor)
    }
    guard common == .one, isSum(b), termCount(a) <= Self.maxDivisionSteps, mayExpand else { return common }
    return commonPolynomial(expanded(a), expanded(b))
  }

  /// The factors of `b` divided by `content`; a sum is one factor.
  private mutating func factors(ofDivisor b: SymExpr, _ content: Int) -> [SymExpr] {
    if isSum(b) {
      return dividedExactly(b, byTerm: Term(coefficient: integer(content), monomial: .one)).map { [$0] } ?? []
    }
    let term = term(of: b)
    return (0..<factorCount(term.monomial)).map {
      let factor = factor(term.monomial, $0)
      return power(factor.base, factor.exponent)
    }
  }

  private mutating func isFactor(_ wanted: SymExpr, ofAllTermsOf e: SymExpr) -> Bool {
    for position in 0..<termCount(e) {
      let monomial = term(e, position).monomial
      var isFound = false
      for position in 0..<factorCount(monomial) where !isFound {
        let factor = factor(monomial, position)
        isFound = power(factor.base, factor.exponent) == wanted
      }
      if !isFound { return false }
    }
    return true
  }

  private mutating func commonPolynomial(_ a: SymExpr, _ b: SymExpr) -> SymExpr {
    if let primitive = primitivePart(b), dividedExactly(a, by: primitive) != nil { return primitive }
    if isSum(a), let primitive = primitivePart(a), dividedExactly(b, by: primitive) != nil {
      return primitive
    }
    return commonMonomial(monomialContent(a), monomialContent(b))
  }

  private mutating func primitivePart(_ e: SymExpr) -> SymExpr? {
    guard let content = integerContent(e), let value = Int(exactly: content), value != 0 else { return nil }
    let divisor = Term(coefficient: integer(value), monomial: monomialContent(e))
    return dividedExactly(e, byTerm: divisor)
  }
}
