// Interval arithmetic on integers. Bounds saturate: one that does not fit 64 bits is infinite.

/// Arithmetic on bounds, where `Int.min` and `Int.max` are infinite.
enum Bound {
  static func isInfinite(_ a: Int) -> Bool { a == .min || a == .max }

  static func neg(_ a: Int) -> Int { a == .min ? .max : a == .max ? .min : -a }

  /// The sum; `unbounded` for opposite infinities.
  static func add(_ a: Int, _ b: Int, unbounded: Int) -> Int {
    if a == unbounded || b == unbounded { return unbounded }
    if isInfinite(a) { return a }
    if isInfinite(b) { return b }
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? (a > 0 ? .max : .min) : sum
  }

  /// The product, with 0 · ∞ = 0.
  static func mul(_ a: Int, _ b: Int) -> Int {
    if a == 0 || b == 0 { return 0 }
    let infinite: Int = (a < 0) == (b < 0) ? .max : .min
    if isInfinite(a) || isInfinite(b) { return infinite }
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? infinite : product
  }

  static func abs(_ a: Int) -> Int { a < 0 ? neg(a) : a }

  /// The floor of the quotient by `b ≠ 0`; ∞ / ∞ is ∞ with the sign of the quotient, and `a / ∞` is 0.
  static func floorDiv(_ a: Int, _ b: Int) -> Int {
    if isInfinite(a) { return (a < 0) == (b < 0) ? .max : .min }
    if isInfinite(b) { return 0 }
    return floorQuotient(a, b)
  }

  static func pow(_ a: Int, _ n: Int) -> Int {
    if n == 0 || a == 1 { return 1 }
    if a == 0 || a == -1 { return a == 0 || n % 2 == 1 ? a : 1 }
    var result = 1
    for _ in 0..<Swift.min(n, 64) { result = mul(result, a) }
    // Beyond 64 factors, only ±1 and 0 stay finite; the sign follows from the whole exponent.
    if n > 64, a < 0 { return n % 2 == 0 ? .max : .min }
    return result
  }
}

extension IntRange {
  /// The hull of `f` at the four corners, for `f` monotone in each argument.
  static func corners(_ a: IntRange, _ b: IntRange, _ f: (Int, Int) -> Int) -> IntRange {
    let (p, q, r, s) = (f(a.lower, b.lower), f(a.lower, b.upper), f(a.upper, b.lower), f(a.upper, b.upper))
    return IntRange(
      lower: Swift.min(Swift.min(p, q), Swift.min(r, s)), upper: Swift.max(Swift.max(p, q), Swift.max(r, s)))
  }

  static func + (a: IntRange, b: IntRange) -> IntRange {
    IntRange(
      lower: Bound.add(a.lower, b.lower, unbounded: .min), upper: Bound.add(a.upper, b.upper, unbounded: .max)
    )
  }

  static prefix func - (a: IntRange) -> IntRange {
    IntRange(lower: Bound.neg(a.upper), upper: Bound.neg(a.lower))
  }

  static func * (a: IntRange, b: IntRange) -> IntRange { corners(a, b, Bound.mul) }

  /// The range of `a // b`.
  ///
  /// If the divisor may be 0, which never happens at run time, only the signs are used, as in PyTorch.
  static func floorDiv(_ a: IntRange, _ b: IntRange) -> IntRange {
    guard b.contains(0) else { return corners(a, b, Bound.floorDiv) }
    if a.lower >= 0 && b.lower >= 0 || a.upper <= 0 && b.upper <= 0 { return IntRange(lower: 0, upper: .max) }
    if a.lower >= 0 && b.upper <= 0 || a.upper <= 0 && b.lower >= 0 { return IntRange(lower: .min, upper: 0) }
    return .unbounded
  }

  /// `x mod y` with the sign of `x`, as in C.
  ///
  /// Linear while `x` stays between two multiples of a constant `y`.
  static func mod(_ x: IntRange, _ y: IntRange) -> IntRange {
    if y.contains(0) { return .unbounded }
    let limit = Bound.add(Swift.max(Bound.abs(y.lower), Bound.abs(y.upper)), -1, unbounded: .max)
    guard let m = y.singleton.map({ Bound.abs($0) }) else { return IntRange(lower: -limit, upper: limit) }
    if !Bound.isInfinite(x.lower), !Bound.isInfinite(x.upper), x.lower / m == x.upper / m {
      return IntRange(lower: x.lower % m, upper: x.upper % m)
    }
    if x.upper < 0 { return IntRange(lower: -limit, upper: 0) }
    if x.lower > 0 { return IntRange(lower: 0, upper: limit) }
    return IntRange(lower: Swift.max(-limit, x.lower), upper: Swift.min(limit, x.upper))
  }

  /// `x mod y` with the sign of `y`, as in Python.
  static func pythonMod(_ x: IntRange, _ y: IntRange) -> IntRange {
    if x.lower >= 0, y.lower >= 0 { return mod(x, y) }
    return IntRange(
      lower: y.lower < 0 ? Bound.add(y.lower, 1, unbounded: .min) : 0,
      upper: y.upper > 0 ? Bound.add(y.upper, -1, unbounded: .max) : 0)
  }

  /// `base ** n` for a literal `n ≥ 0`.
  static func pow(_ base: IntRange, _ n: Int) -> IntRange {
    if n == 0 { return IntRange(1) }
    let (low, high) = (Bound.pow(base.lower, n), Bound.pow(base.upper, n))
    if n % 2 == 1 { return IntRange(lower: low, upper: high) }
    let top = Swift.max(low, high)
    return IntRange(lower: base.contains(0) ? 0 : Swift.min(low, high), upper: top)
  }

  /// `base ** exponent` for a non-negative exponent.
  static func powByNatural(_ base: IntRange, _ exponent: IntRange) -> IntRange {
    let exponent = exponent.intersection(IntRange(lower: 0, upper: .max))
    if exponent.isEmpty { return .unbounded }
    if let n = exponent.singleton { return pow(base, n) }
    if base.lower >= 1 {
      return IntRange(
        lower: Bound.pow(base.lower, exponent.lower), upper: Bound.pow(base.upper, exponent.upper))
    }
    if base.lower >= 0 {
      return IntRange(lower: 0, upper: Swift.max(1, Bound.pow(base.upper, exponent.upper)))
    }
    let magnitude = Swift.max(Swift.max(1, base.upper), Bound.neg(base.lower))
    let top = Bound.pow(magnitude, exponent.upper)
    return IntRange(lower: Bound.neg(top), upper: top)
  }

  static func abs(_ a: IntRange) -> IntRange {
    if a.lower >= 0 { return a }
    if a.upper <= 0 { return -a }
    return IntRange(lower: 0, upper: Swift.max(a.upper, Bound.neg(a.lower)))
  }

  /// One less than the smallest power of two above `value ≥ 0`.
  private static func allOnes(_ value: Int) -> Int {
    // Bound: a value of at least 0 has a leading zero.
    Int.max >> (value.leadingZeroBitCount - 1)
  }

  static func bitwise(_ function: SymFunction, _ a: IntRange, _ b: IntRange) -> IntRange {
    if let x = a.singleton, let y = b.singleton {
      return IntRange(function == .bitwiseAnd ? x & y : function == .bitwiseOr ? x | y : x ^ y)
    }
    let (lower, upper) = (Swift.min(a.lower, b.lower), Swift.max(a.upper, b.upper))
    let nonnegative = a.lower >= 0 && b.lower >= 0
    switch function {
    case .bitwiseAnd:
      if nonnegative { return IntRange(lower: 0, upper: Swift.min(a.upper, b.upper)) }
      if a.lower >= 0 || b.lower >= 0 { return IntRange(lower: 0, upper: upper) }
      return IntRange(lower: lower == .min ? .min : -allOnes(-lower - 1) - 1, upper: upper)
    case .bitwiseOr:
      return IntRange(lower: lower, upper: upper < 0 ? -1 : allOnes(upper))
    default:
      return nonnegative ? IntRange(lower: 0, upper: allOnes(upper)) : .unbounded
    }
  }
}
