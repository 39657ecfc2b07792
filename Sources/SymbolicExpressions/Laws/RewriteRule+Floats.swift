extension RewriteRule {
  /// Laws of `PowByNatural(b, n)`, an integer power with a non-negative exponent.
  static let powByNatural: [RewriteRule] = [
    RewriteRule("literal ** literal → its value, ±∞ past 64 bits") { arena, form in
      guard let base = arena.integerValue(of: form.a), let n = arena.integerValue(of: form.b), n >= 0 else {
        return nil
      }
      let value = n == 0 ? SymExpr.one : arena.powerOfLiteral(form.a, n)
      guard value == .tooLarge else { return value }
      return base < 0 && n % 2 == 1 ? .negativeIntInfinity : .intInfinity
    },
    RewriteRule("b ** literal → a product") { arena, form in
      guard let n = arena.integerValue(of: form.b), n >= 0 else { return nil }
      return arena.pow(form.a, form.b)
    },
    RewriteRule("b ** ∞ → ∞, b ≥ 0") { arena, form in
      guard form.b == .intInfinity || form.b == .infinity, arena.sign(of: form.a).contains(.nonNegative)
      else {
        return nil
      }
      return .intInfinity
    },
  ]

  /// Float arithmetic on literals.
  ///
  /// No other float expression is rewritten.
  static let floatArithmetic: [RewriteRule] = [
    RewriteRule("literal op literal → its value, divisor ≠ 0") { arena, form in
      guard let x = arena.doubleValue(of: form.a), let y = arena.doubleValue(of: form.b) else { return nil }
      switch form.function {
      case .floatTrueDiv, .intTrueDiv: return y == 0 ? nil : arena.float(x / y)
      case .floatPow: return arena.float(ElementaryFunctions.pow(x, y))
      case .roundDecimal:
        guard let digits = arena.integerValue(of: form.b) else { return nil }
        return arena.float(ElementaryFunctions.round(x, digits: digits))
      default: return nil
      }
    }
  ]

  /// Conversions between integers and floats.
  static let conversions: [RewriteRule] = [
    RewriteRule("conversion of a literal → its value, halves to even") { arena, form in
      guard let x = arena.doubleValue(of: form.a) else { return nil }
      switch form.function {
      case .toFloat: return arena.float(x)
      case .truncToFloat: return arena.float(x.rounded(.towardZero))
      case _ where arena.integerValue(of: form.a) != nil: return form.a
      case .truncToInt: return arena.integer(from: x, .towardZero)
      case .ceilToInt: return arena.integer(from: x, .up)
      case .floorToInt: return arena.integer(from: x, .down)
      default: return arena.integer(from: x, .toNearestOrEven)
      }
    },
    RewriteRule("TruncToInt(n), TruncToInt(n / 1) → n, n an integer") { arena, form in
      guard form.function == .truncToInt, arena.semantics.contains(.truncatesIntegersToThemselves) else {
        return nil
      }
      if arena.sort(of: form.a) == .int { return form.a }
      guard let operands = arena.operands(of: form.a, .intTrueDiv), operands.count == 2 else { return nil }
      return operands[1] == .one ? operands[0] : operands[1] == .minusOne ? arena.neg(operands[0]) : nil
    },
  ]

  static let rounding: [RewriteRule] = [
    RewriteRule("⌊n⌋, ⌈n⌉ → n, n an integer") { arena, form in
      form.function != .abs && arena.sort(of: form.a) == .int ? form.a : nil
    },
    RewriteRule("|n| → n or −n, sign known") { arena, form in
      guard form.function == .abs, arena.sort(of: form.a) == .int else { return nil }
      let sign = arena.sign(of: form.a)
      return sign.contains(.nonNegative) ? form.a : sign.contains(.nonPositive) ? arena.neg(form.a) : nil
    },
    RewriteRule("⌊x⌋, ⌈x⌉, |x| of a literal → its value") { arena, form in
      guard let x = arena.doubleValue(of: form.a) else { return nil }
      if form.function == .abs { return arena.float(x.magnitude) }
      return arena.integer(from: x, form.function == .floor ? .down : .up)
    },
  ]

  static let opaqueUnary: [RewriteRule] = [
    RewriteRule("f(literal) → its value as a float") { arena, form in
      guard let x = arena.doubleValue(of: form.a), let y = ElementaryFunctions.value(form.function, x) else {
        return nil
      }
      return arena.float(y)
    }
  ]

  static let bitwise: [RewriteRule] = [
    RewriteRule("literal op literal → its value") { arena, form in
      guard let x = arena.bits(of: form.a), let y = arena.bits(of: form.b) else { return nil }
      let value =
        switch form.function {
        case .bitwiseAnd: x & y
        case .bitwiseOr: x | y
        default: x ^ y
        }
      let areBools = arena.sort(of: form.a) == .bool && arena.sort(of: form.b) == .bool
      return areBools ? SymExpr(value == 1) : arena.integer(value)
    }
  ]
}

extension ExprArena {
  /// The value of an integer or boolean literal as an integer.
  fileprivate func bits(of e: SymExpr) -> Int? {
    booleanValue(of: e).map { $0 ? 1 : 0 } ?? integerValue(of: e)
  }

  /// `IsNonOverlappingAndDenseIndicator(sizes…, strides…)`.
  ///
  /// 1 when the dims sorted by stride are those of a contiguous tensor. The size of the dim with the largest stride is
  /// irrelevant and may be symbolic.
  mutating func nonOverlappingAndDense(_ arguments: [SymExpr]) -> SymExpr? {
    guard arguments.count % 2 == 0 else { return nil }
    let rank = arguments.count / 2
    let (sizes, strides) = (arguments[..<rank], arguments[rank...])
    let unevaluated = internCall(.isNonOverlappingAndDenseIndicator, arguments)
    if rank == 1, strides[rank] == .one || integerValue(of: sizes[0]).map({ $0 < 2 }) == true { return .one }
    var dims: [(stride: Int, size: SymExpr)] = []
    for (size, stride) in zip(sizes, strides) {
      guard let value = integerValue(of: stride) else { return unevaluated }
      dims.append((value, size))
    }
    dims.sort { $0.stride < $1.stride }
    let allLiteral = sizes.allSatisfy { integerValue(of: $0) != nil }
    var expected = 1
    for (position, dim) in dims.enumerated() {
      let isLast = position == rank - 1 && !allLiteral
      guard let size = isLast ? 42 : integerValue(of: dim.size) else { return unevaluated }
      if size == 1 { continue }
      if size == 0 { return .one }
      guard dim.stride == expected else { return .zero }
      let (next, overflow) = expected.multipliedReportingOverflow(by: size)
      if overflow { return unevaluated }
      expected = next
    }
    return .one
  }
}
