extension RewriteRule {
  /// Laws of `FloorDiv`, which rounds towards negative infinity like Python's `//`, and of `CleanDiv`, which differs
  /// from it only if no law applies.
  static let floorDiv: [RewriteRule] = [
    RewriteRule("n // 0 stays") { arena, form in
      form.b == .zero ? arena.intern(.binary, form.function, form.a, form.b) : nil
    },
    RewriteRule("±∞ // ±∞ → nan") { arena, form in
      arena.isInfinite(form.a) && arena.isInfinite(form.b) ? .nan : nil
    },
    RewriteRule("0 // d → 0") { _, form in
      form.a == .zero ? .zero : nil
    },
    RewriteRule("n // 1 → n") { arena, form in
      form.b == .one && arena.sort(of: form.a) == .int ? form.a : nil
    },
    RewriteRule("n // −1 → −n") { arena, form in
      form.b == .minusOne && arena.sort(of: form.a) == .int ? arena.neg(form.a) : nil
    },
    RewriteRule("n // n → 1") { _, form in
      form.a == form.b ? .one : nil
    },
    RewriteRule("literal // literal → its value") { arena, form in
      arena.floorQuotientOfLiterals(form.a, form.b)
    },
    // Holds for d > 0. PyTorch applies it for every d; here, only a literal d < 0 is excluded.
    RewriteRule("(n // c) // d → n // (c·d)") { arena, form in
      guard let (n, c) = arena.quotient(form.a), !arena.isLiteral(form.b, below: 1) else { return nil }
      return arena.floorDiv(n, arena.mul(c, form.b))
    },
    RewriteRule("(n + k·d) // d → n // d + k, literal d") { arena, form in
      guard let d = arena.integerValue(of: form.b) else { return nil }
      let (multiples, rest) = arena.splitMultiples(of: d, form.a)
      guard multiples != .zero else { return nil }
      return arena.add(arena.floorDiv(rest, form.b), multiples)
    },
    RewriteRule("(g·n) // (g·d) → n // d") { arena, form in
      let common = arena.commonFactor(form.a, form.b)
      if common == .one { return nil }
      guard
        let n = arena.dividedExactly(form.a, by: common)
          ?? arena.dividedExactly(arena.expanded(form.a), by: common),
        let d = arena.dividedExactly(form.b, by: common)
          ?? arena.dividedExactly(arena.expanded(form.b), by: common)
      else { return nil }
      return arena.floorDiv(n, d)
    },
  ]

  /// Laws of `CeilDiv`, which is always rewritten to one of the other two divisions.
  static let ceilDiv: [RewriteRule] = [
    RewriteRule("⌈n / d⌉ → CleanDiv(n, d), d divides n") { arena, form in
      guard form.b != .zero, arena.dividedExactly(form.a, by: form.b) != nil else { return nil }
      return arena.cleanDiv(form.a, form.b)
    },
    RewriteRule("⌈n / d⌉ → (n + d − 1) // d") { arena, form in
      let numerator = arena.add(form.a, arena.sub(form.b, .one))
      return arena.floorDiv(numerator, form.b)
    },
  ]

  static let shifts: [RewriteRule] = [
    RewriteRule("n << k → n · 2**k, k ≥ 0 unless literal") { arena, form in
      guard form.function == .lShift, !arena.isLiteral(form.b, below: 0) else { return nil }
      return arena.mul(form.a, arena.apply(.powByNatural, .two, form.b))
    },
    RewriteRule("n >> k → n // 2**k, k ≥ 0 unless literal") { arena, form in
      guard form.function == .rShift, !arena.isLiteral(form.b, below: 0) else { return nil }
      return arena.floorDiv(form.a, arena.apply(.powByNatural, .two, form.b))
    },
  ]
}

extension SymExpr {
  /// The integer 2.
  @inlinable public static var two: SymExpr { SymExpr(bits: 0x8000_0002) }
}

extension ExprArena {
  /// Dividend and divisor of a `FloorDiv` or `CleanDiv`.
  func quotient(_ e: SymExpr) -> (SymExpr, SymExpr)? {
    guard e.small == nil else { return nil }
    let record = record(of: e)
    guard record.kind == .binary,
      record.function == SymFunction.floorDiv.rawValue || record.function == SymFunction.cleanDiv.rawValue
    else { return nil }
    return (SymExpr(bits: record.lhs), SymExpr(bits: record.rhs))
  }

  /// The quotient of two literals; infinities divide as floats do.
  mutating func floorQuotientOfLiterals(_ a: SymExpr, _ b: SymExpr) -> SymExpr? {
    if let x = integerValue(of: a), let y = integerValue(of: b), y != 0 {
      if y == -1 { return neg(a) }
      return integer(floorQuotient(x, y))
    }
    guard isLiteral(a), isLiteral(b), let x = doubleValue(of: a), let y = doubleValue(of: b), y != 0 else {
      return nil
    }
    return integer(from: x / y, .down)
  }

  /// Splits `e` into `d · multiples + rest`, where `rest` has the terms that `d` does not divide.
  mutating func splitMultiples(of d: Int, _ e: SymExpr) -> (multiples: SymExpr, rest: SymExpr) {
    guard d != 0, d != -1, sort(of: e) == .int else { return (.zero, e) }
    var multiples: [Term] = []
    var rest: [Term] = []
    for position in 0..<termCount(e) {
      var term = term(e, position)
      if let coefficient = integerValue(of: term.coefficient), coefficient % d == 0 {
        term.coefficient = integer(coefficient / d)
        multiples.append(term)
      } else {
        rest.append(term)
      }
    }
    guard !multiples.isEmpty else { return (.zero, e) }
    return (sum(ofTerms: &multiples), sum(ofTerms: &rest))
  }

  /// Whether sympy can tell directly that `d` divides `n`: a literal must divide every term, any other divisor a single
  /// term.
  mutating func isMultiple(_ n: SymExpr, of d: SymExpr) -> Bool {
    if n == d { return true }
    guard sort(of: n) == .int, sort(of: d) == .int, isLiteral(d) || !isSum(n) else { return false }
    if isSum(d) { return dividedExactly(n, byTerm: Term(coefficient: .one, monomial: d)) != nil }
    return dividedExactly(n, by: d) != nil
  }

  /// Whether `d` is a factor of `n` as PyTorch writes sizes: it keeps the factors of `s·(t + 1)` and multiplies a literal
  /// into a sum, so that `2·t + 2` is no factor of `4·s·(t + 1)`.
  package mutating func isFactor(_ d: SymExpr, of n: SymExpr) -> Bool {
    guard sort(of: n) == .int, sort(of: d) == .int else { return false }
    let (n, d) = (expanded(n), expanded(d))
    if isSum(d), monomialContent(d) == .one, integerContent(d) != 1 { return false }
    return dividedExactly(n, by: d) != nil
  }

  /// Whether `n` is `d` times a term, or `d` is a term that divides all of `n`.
  ///
  /// sympy determines this by common factors.
  mutating func isMultipleByFactoring(_ n: SymExpr, of d: SymExpr) -> Bool {
    guard sort(of: n) == .int, sort(of: d) == .int,
      let quotient = dividedExactly(expanded(n), by: expanded(d))
    else { return false }
    return !isSum(d) || !isSum(quotient)
  }
}
