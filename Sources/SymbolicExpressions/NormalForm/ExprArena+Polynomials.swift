// Sums and products: the polynomial part of the normal form.

/// One term of a sum; `monomial` is `.one` for the constant.
struct Term {
  var coefficient: SymExpr
  var monomial: SymExpr

  /// The order of terms in a sum: by handle, the constant last.
  var key: UInt32 { monomial == .one ? .max : monomial.bits }
}

extension ExprArena {
  /// `a + b`.
  @inlinable
  public mutating func add(_ a: SymExpr, _ b: SymExpr) -> SymExpr {
    if let x = a.small, let y = b.small, let sum = SymExpr(small: x &+ y) { return sum }
    return addTerms(a, b)
  }

  /// `a − b`.
  @inlinable
  public mutating func sub(_ a: SymExpr, _ b: SymExpr) -> SymExpr {
    if let x = a.small, let y = b.small, let difference = SymExpr(small: x &- y) { return difference }
    return subtractTerms(a, b)
  }

  /// `a · b`, expanded.
  @inlinable
  public mutating func mul(_ a: SymExpr, _ b: SymExpr) -> SymExpr {
    if let x = a.small, let y = b.small, let product = SymExpr(small: x &* y) { return product }
    return multiply(a, b)
  }

  /// `−a`.
  public mutating func neg(_ a: SymExpr) -> SymExpr { mul(.minusOne, a) }

  /// The sum of all `operands`.
  public mutating func sum(_ operands: [SymExpr]) -> SymExpr {
    var terms: [Term] = []
    for operand in operands {
      if isAbsorbing(operand) { return operand }
      for position in 0..<termCount(operand) { terms.append(term(of: termHandle(operand, position))) }
    }
    return sum(ofTerms: &terms)
  }

  /// The product of all `operands`, expanded unless it would have more than ``maxMultipliedTerms`` terms.
  public mutating func product(_ operands: some Sequence<SymExpr>) -> SymExpr {
    let factors = Array(operands)
    var (count, sums) = (1, 0)
    for factor in factors {
      let terms = expandedTermCount(factor)
      if terms > 1 { sums += 1 }
      count = Self.saturatingProduct(count, terms)
    }
    return multiplied(factors, keepingSums: sums > 1 && (count > Self.maxMultipliedTerms || !mayExpand))
  }

  /// The product of `factors`, one after the other, or many in pairs.
  ///
  /// Of *n* symbols, pairs, then pairs of these and so on build O(*n* · log *n*) operands; one after the other, they build
  /// O(*n*²).
  mutating func multiplied(_ factors: [SymExpr], keepingSums: Bool) -> SymExpr {
    guard factors.count > Self.mostFactorsInTurn else { return multiplied(factors[...], keepingSums) }
    var factors = factors
    while factors.count > 1 {
      var pairs: [SymExpr] = []
      pairs.reserveCapacity((factors.count + 1) / 2)
      for first in stride(from: 0, to: factors.count, by: 2) {
        pairs.append(multiplied(factors[first..<Swift.min(first + 2, factors.count)], keepingSums))
      }
      factors = pairs
    }
    return factors[0]
  }

  private mutating func multiplied(_ factors: ArraySlice<SymExpr>, _ keepsSums: Bool) -> SymExpr {
    var result = SymExpr.one
    for factor in factors { result = keepsSums ? mulUnexpanded(result, factor) : mul(result, factor) }
    return result
  }

  private static var mostFactorsInTurn: Int { 16 }
}

// MARK: - Terms

extension ExprArena {
  /// The number of terms of `e` as a sum; 0 has none.
  func termCount(_ e: SymExpr) -> Int {
    if e == .zero { return 0 }
    guard e.small == nil, record(of: e).kind == .sum else { return 1 }
    return Int(record(of: e).rhs)
  }

  /// Term number `position` of `e`, as an expression.
  func termHandle(_ e: SymExpr, _ position: Int) -> SymExpr {
    guard e.small == nil, record(of: e).kind == .sum else { return e }
    return SymExpr(bits: pool[Int(record(of: e).lhs) + position])
  }

  /// A term split into coefficient and monomial.
  func term(of e: SymExpr) -> Term {
    if isLiteral(e) { return Term(coefficient: e, monomial: .one) }
    let record = record(of: e)
    if record.kind == .scale {
      return Term(coefficient: SymExpr(bits: record.lhs), monomial: SymExpr(bits: record.rhs))
    }
    return Term(coefficient: .one, monomial: e)
  }

  func term(_ e: SymExpr, _ position: Int) -> Term { term(of: termHandle(e, position)) }

  mutating func handle(of term: Term) -> SymExpr {
    if term.monomial == .one || isAbsorbing(term.coefficient) { return term.coefficient }
    if isAbsorbing(term.monomial) { return term.monomial }
    if term.coefficient == .one { return term.monomial }
    if term.coefficient == .zero { return .zero }
    return intern(.scale, term.coefficient.bits, term.monomial.bits)
  }

  /// Whether `e` is a sum, and therefore neither a term nor an atom.
  func isSum(_ e: SymExpr) -> Bool { e.small == nil && record(of: e).kind == .sum }

  /// Creates a sum of the sorted terms on the scratch stack.
  private mutating func sumOfScratch(from start: Int) -> SymExpr {
    switch scratch.count - start {
    case 0: return .zero
    case 1: return SymExpr(bits: scratch.removeLast())
    default: return internPooled(.sum, from: start)
    }
  }

  /// Creates a sum of arbitrary terms: sorts them and adds those with the same monomial.
  mutating func sum(ofTerms terms: inout [Term]) -> SymExpr {
    terms.sort { $0.key < $1.key }
    let start = scratch.count
    var position = 0
    while position < terms.count {
      var term = terms[position]
      position += 1
      while position < terms.count, terms[position].key == term.key {
        term.coefficient = addLiterals(term.coefficient, terms[position].coefficient)
        position += 1
        if isAbsorbing(term.coefficient) {
          scratch.removeSubrange(start...)
          return term.coefficient
        }
      }
      if term.coefficient != .zero { scratch.append(handle(of: term).bits) }
    }
    return sumOfScratch(from: start)
  }
}

// MARK: - Adding

extension ExprArena {
  @usableFromInline
  mutating func addTerms(_ a: SymExpr, _ b: SymExpr) -> SymExpr {
    if a == .zero || isAbsorbing(b) { return b }
    if b == .zero || isAbsorbing(a) { return a }
    let (a, b) = a.bits <= b.bits ? (a, b) : (b, a)
    if !isSum(a), !isSum(b) { return mergeTerms(a, b) }
    if let known = answer(.add, a, b) { return known }
    let result = mergeTerms(a, b)
    memo.remember(.add, a, b, result)
    return result
  }

  @usableFromInline
  mutating func subtractTerms(_ a: SymExpr, _ b: SymExpr) -> SymExpr {
    if a == b, !isAbsorbing(a), !isInfinite(a) { return .zero }
    if b == .zero { return a }
    // Wider sums are not multiplied out, not even by −1.
    guard !isAbsorbing(a), !isAbsorbing(b), termCount(b) <= Self.maxExpandedTerms else {
      return add(a, neg(b))
    }
    if !isSum(a), !isSum(b) { return mergeTerms(a, b, isSubtracting: true) }
    if let known = answer(.sub, a, b) { return known }
    let result = mergeTerms(a, b, isSubtracting: true)
    memo.remember(.sub, a, b, result)
    return result
  }

  /// Merges the sorted terms of two sums; subtraction negates those of `b`.
  ///
  /// Sums of two terms are not memoized: a look-up would take as long as the sum.
  private mutating func mergeTerms(_ a: SymExpr, _ b: SymExpr, isSubtracting: Bool = false) -> SymExpr {
    let start = scratch.count
    var (i, j) = (0, 0)
    let (countA, countB) = (termCount(a), termCount(b))
    while i < countA || j < countB {
      if j == countB || (i < countA && term(a, i).key < term(b, j).key) {
        scratch.append(termHandle(a, i).bits)
        i += 1
        continue
      }
      var sum = term(b, j)
      if isSubtracting { sum.coefficient = mulLiterals(.minusOne, sum.coefficient) }
      if i < countA, term(a, i).key == sum.key {
        sum.coefficient = addLiterals(term(a, i).coefficient, sum.coefficient)
        i += 1
      }
      j += 1
      if isAbsorbing(sum.coefficient) {
        scratch.removeSubrange(start...)
        return sum.coefficient
      }
      if sum.coefficient != .zero { scratch.append(handle(of: sum).bits) }
    }
    return sumOfScratch(from: start)
  }
}

// MARK: - Multiplying

extension ExprArena {
  @usableFromInline
  mutating func multiply(_ a: SymExpr, _ b: SymExpr) -> SymExpr {
    if isAbsorbing(a) { return a }
    if isAbsorbing(b) { return b }
    if a == .one || b == .zero { return b == .zero && isInfinite(a) ? .nan : b }
    if b == .one || a == .zero { return a == .zero && isInfinite(b) ? .nan : a }
    let (a, b) = a.bits <= b.bits ? (a, b) : (b, a)
    // Small integers have the greater handles. Their products with terms are not memoized, as in `mergeTerms`.
    if b.small != nil {
      if asSymbol(a) != nil { return intern(.scale, b.bits, a.bits) }
      if !isSum(a) { return multiply(term(of: a), term(of: b)) }
    }
    if let known = answer(.mul, a, b) { return known }
    let result: SymExpr
    if !isSum(a), !isSum(b) {
      result = multiply(term(of: a), term(of: b))
    } else if isLiteral(b), termCount(a) <= Self.maxExpandedTerms {
      result = scale(a, by: b)
    } else {
      result = expand(a, b)
    }
    memo.remember(.mul, a, b, result)
    return result
  }

  mutating func multiply(_ a: Term, _ b: Term) -> SymExpr {
    let coefficient = a.coefficient == .one ? b.coefficient : mulLiterals(a.coefficient, b.coefficient)
    if isAbsorbing(coefficient) { return coefficient }
    let monomial = mulMonomials(a.monomial, b.monomial)
    return monomial == .tooLarge ? monomial : handle(of: Term(coefficient: coefficient, monomial: monomial))
  }

  /// Multiplies each term by a literal, which preserves their order.
  private mutating func scale(_ a: SymExpr, by factor: SymExpr) -> SymExpr {
    let start = scratch.count
    for position in 0..<termCount(a) {
      var term = term(a, position)
      term.coefficient = mulLiterals(term.coefficient, factor)
      if isAbsorbing(term.coefficient) {
        scratch.removeSubrange(start...)
        return term.coefficient
      }
      scratch.append(handle(of: term).bits)
    }
    return sumOfScratch(from: start)
  }

  /// Expands the product, unless it would have too many terms.
  private mutating func expand(_ a: SymExpr, _ b: SymExpr) -> SymExpr {
    let (countA, countB) = (termCount(a), termCount(b))
    let (expandedA, expandedB) = (expandedTermCount(a), expandedTermCount(b))
    let limit = expandedA > 1 && expandedB > 1 ? Self.maxMultipliedTerms : Self.maxExpandedTerms
    let count = Self.saturatingProduct(expandedA, expandedB)
    guard count <= limit, mayExpand || expandedA == 1 || expandedB == 1 else {
      let (x, y) = (isSum(a) ? unitTerm(a) : term(of: a), isSum(b) ? unitTerm(b) : term(of: b))
      return multiply(x, y)
    }
    var terms: [Term] = []
    // Bound: the counts are at most those of the expanded sums.
    terms.reserveCapacity(countA * countB)
    for i in 0..<countA {
      for j in 0..<countB {
        let product = multiply(term(a, i), term(b, j))
        if isAbsorbing(product) { return product }
        // A product with an unexpanded sum is also one term.
        terms.append(term(of: product))
      }
    }
    return sum(ofTerms: &terms)
  }

  /// Whether `e` has products of sums that stay factored because they would have more than ``maxMultipliedTerms`` terms.
  public func isLeftFactored(_ e: SymExpr) -> Bool {
    expandedTermCount(e) > Self.maxMultipliedTerms && isFactored(e)
  }

  private func isFactored(_ e: SymExpr) -> Bool { flags(of: e).contains(.unexpanded) }

  /// How many terms `e` would have if the products of sums in it were expanded, too; `Int.max` if too many to count.
  private func expandedTermCount(_ e: SymExpr) -> Int {
    guard isFactored(e) else { return Swift.max(1, termCount(e)) }
    var total = 0
    for position in 0..<termCount(e) {
      let monomial = term(e, position).monomial
      var count = 1
      for position in 0..<factorCount(monomial) {
        let (base, exponent) = factor(monomial, position)
        guard isSum(base) else { continue }
        for _ in 0..<Swift.min(exponent, Self.maxExpandedPower) {
          count = Self.saturatingProduct(count, termCount(base))
        }
      }
      let (sum, overflow) = total.addingReportingOverflow(count)
      total = overflow ? .max : sum
    }
    return total
  }

  private static func saturatingProduct(_ a: Int, _ b: Int) -> Int {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? .max : product
  }

  private func unitTerm(_ atom: SymExpr) -> Term { Term(coefficient: .one, monomial: atom) }
}

// MARK: - Monomials

extension ExprArena {
  func factorCount(_ monomial: SymExpr) -> Int {
    if monomial == .one { return 0 }
    guard monomial.small == nil, self.record(of: monomial).kind == .product else { return 1 }
    return Int(self.record(of: monomial).rhs)
  }

  /// Factor number `position` of a monomial: an atom and its exponent.
  func factor(_ monomial: SymExpr, _ position: Int) -> (base: SymExpr, exponent: Int) {
    var handle = monomial
    let record = self.record(of: monomial)
    if record.kind == .product { handle = SymExpr(bits: pool[Int(record.lhs) + position]) }
    let factor = self.record(of: handle)
    guard factor.kind == .power else { return (handle, 1) }
    return (SymExpr(bits: factor.lhs), factor.exponent)
  }

  /// An atom `base` to a power of at least 1.
  mutating func power(_ base: SymExpr, _ exponent: Int) -> SymExpr {
    if exponent == 1 { return base }
    guard let exponent = SymExpr(small: exponent) else { return .tooLarge }
    return intern(.power, base.bits, exponent.bits)
  }

  /// Merges the sorted factors of two monomials.
  mutating func mulMonomials(_ a: SymExpr, _ b: SymExpr) -> SymExpr {
    if a == .one { return b }
    if b == .one { return a }
    let start = scratch.count
    var (i, j) = (0, 0)
    let (countA, countB) = (factorCount(a), factorCount(b))
    while i < countA || j < countB {
      let x = i < countA ? factor(a, i) : nil
      let y = j < countB ? factor(b, j) : nil
      if let x, let y, x.base == y.base {
        // Bound: exponents are small literals, below 2³⁰.
        scratch.append(power(x.base, x.exponent + y.exponent).bits)
        i += 1
        j += 1
      } else if let x, y.map({ x.base.bits < $0.base.bits }) ?? true {
        scratch.append(power(x.base, x.exponent).bits)
        i += 1
      } else if let y {
        scratch.append(power(y.base, y.exponent).bits)
        j += 1
      }
    }
    if scratch[start...].contains(SymExpr.tooLarge.bits) {
      scratch.removeSubrange(start...)
      return .tooLarge
    }
    return scratch.count - start == 1
      ? SymExpr(bits: scratch.removeLast()) : internPooled(.product, from: start)
  }
}
