extension RewriteRule {
  /// Laws that `Mod` and `PythonMod` share, after those for a zero divisor.
  private static let anyMod: [RewriteRule] = [
    RewriteRule("n mod 0 stays") { arena, form in
      form.b == .zero ? arena.intern(.binary, form.function, form.a, form.b) : nil
    },
    RewriteRule("0 mod d, ±d mod d, n mod 1 → 0") { arena, form in
      guard arena.sort(of: form.a) == .int, !arena.isInfinite(form.b) else { return nil }
      return form.a == .zero || form.b == .one || form.a == form.b || form.a == arena.neg(form.b)
        ? .zero : nil
    },
    RewriteRule("literal mod literal → its value") { arena, form in
      guard let x = arena.integerValue(of: form.a), let y = arena.integerValue(of: form.b), y != 0 else {
        return nil
      }
      return y == -1 ? .zero : arena.integer(floorRemainder(x, y))
    },
    RewriteRule("n mod 2 → 0 or 1, parity of n known") { arena, form in
      form.b == .two ? arena.isOdd(form.a).map { $0 ? .one : .zero } : nil
    },
    RewriteRule("(k·d) mod d → 0") { arena, form in
      arena.isMultiple(form.a, of: form.b) ? .zero : nil
    },
    RewriteRule("n mod d → n, 0 < n < d") { arena, form in
      guard arena.sort(of: form.a) == .int, arena.sign(of: form.a).isSuperset(of: .positive),
        arena.sign(of: arena.sub(form.b, form.a)).isSuperset(of: .positive)
      else { return nil }
      return form.a
    },
  ]

  /// Laws of `Mod`, which is used if the dividend is non-negative.
  static let mod: [RewriteRule] = anyMod

  /// Laws of `PythonMod`, whose result has the sign of the divisor.
  static let pythonMod: [RewriteRule] =
    anyMod + [
      RewriteRule("(k·n) mod (k·d) → 0, d divides n") { arena, form in
        arena.isMultipleByFactoring(form.a, of: form.b) ? .zero : nil
      }
    ]

  /// Laws of `ModularIndexing(x, d, m) = (x // d) mod m`.
  static let modularIndexing: [RewriteRule] = [
    RewriteRule("(0 // d) mod m, (x // d) mod 1 → 0") { _, form in
      form.a == .zero || form.c == .one ? .zero : nil
    },
    RewriteRule("(literal // literal) mod literal → its value") { arena, form in
      guard let x = arena.integerValue(of: form.a), let d = arena.integerValue(of: form.b),
        let m = arena.integerValue(of: form.c), d > 0, m > 0
      else { return nil }
      return arena.integer(floorRemainder(floorQuotient(x, d), m))
    },
    RewriteRule("((g·x) // (g·d)) mod m → (x // d) mod m") { arena, form in
      guard form.b != .one else { return nil }
      let common = arena.commonFactor(form.a, form.b)
      guard common != .one, let x = arena.dividedExactly(form.a, by: common),
        let d = arena.dividedExactly(form.b, by: common)
      else { return nil }
      return arena.modularIndexing(x, d, form.c)
    },
    // Only if no remaining term has a negative coefficient, because Triton's division truncates.
    RewriteRule("((x + k·m·d) // d) mod m → (x // d) mod m") { arena, form in
      arena.droppingMultiples(form)
    },
    RewriteRule("((x // c) // d) mod m → (x // (c·d)) mod m") { arena, form in
      guard let (x, c) = arena.quotient(form.a) else { return nil }
      return arena.modularIndexing(x, arena.mul(c, form.b), form.c)
    },
  ]

  static let choice: [RewriteRule] = [
    RewriteRule("Where(true, a, b) → a, Where(false, a, b) → b") { _, form in
      form.a == .true ? form.b : form.a == .false ? form.c : nil
    }
  ]
}

extension ExprArena {
  /// Drops the terms of a wide enough sum that are multiples of divisor times modulus.
  fileprivate mutating func droppingMultiples(_ form: CallForm) -> SymExpr? {
    let x = form.a
    guard isSum(x), termCount(x) <= Self.maxDivisionSteps else { return nil }
    let period = mul(form.b, form.c)
    var kept: [SymExpr] = []
    for position in 0..<termCount(x) {
      let handle = termHandle(x, position)
      if isMultiple(handle, of: period) { continue }
      if semantics.contains(.dropsMultiplesOfNonNegatives) {
        guard sign(of: handle).contains(.nonNegative) else { return nil }
      } else {
        guard let coefficient = integerValue(of: term(of: handle).coefficient), coefficient >= 0 else {
          return nil
        }
      }
      kept.append(handle)
    }
    guard kept.count < termCount(x) else { return nil }
    return modularIndexing(sum(kept), form.b, form.c)
  }
}
