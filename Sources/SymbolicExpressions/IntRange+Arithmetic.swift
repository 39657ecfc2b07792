// Interval arithmetic on integers. Results that do not fit 64 bits become "no bound".

extension IntRange {
  /// Sums a lower or an upper end; an end without bound stays so.
  private static func sum(_ a: Int, _ b: Int, _ infinite: Int) -> Int {
    if a == infinite || b == infinite { return infinite }
    let (value, overflow) = a.addingReportingOverflow(b)
    return overflow ? (a > 0 ? .max : .min) : value
  }

  static func + (a: IntRange, b: IntRange) -> IntRange {
    IntRange(lower: sum(a.lower, b.lower, .min), upper: sum(a.upper, b.upper, .max))
  }

  static prefix func - (a: IntRange) -> IntRange { IntRange(lower: negated(a.upper), upper: negated(a.lower)) }

  private static func negated(_ value: Int) -> Int { value == .min ? .max : value == .max ? .min : -value }

  /// The product of two ends, where 0 times no bound is 0.
  private static func product(_ a: Int, _ b: Int) -> Int {
    if a == 0 || b == 0 { return 0 }
    let isNegative = (a < 0) != (b < 0)
    if a == .min || a == .max || b == .min || b == .max { return isNegative ? .min : .max }
    let (value, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? (isNegative ? .min : .max) : value
  }

  static func * (a: IntRange, b: IntRange) -> IntRange { corners(a, b, product) }

  /// The least range that holds `f` at the four corners, for `f` monotone in each argument.
  private static func corners(_ a: IntRange, _ b: IntRange, _ f: (Int, Int) -> Int) -> IntRange {
    let values = [f(a.lower, b.lower), f(a.lower, b.upper), f(a.upper, b.lower), f(a.upper, b.upper)]
    return IntRange(lower: values.min() ?? .min, upper: values.max() ?? .max)
  }

  /// `a // b`. A divisor range with 0 leaves what the signs say.
  func floorDivided(by b: IntRange) -> IntRange {
    if b.contains(0) {
      if lower >= 0 && b.lower >= 0 { return IntRange(lower: 0, upper: upper) }
      if upper <= 0 && b.upper <= 0 { return IntRange(lower: 0, upper: .max) }
      if lower >= 0 && b.upper <= 0 || upper <= 0 && b.lower >= 0 { return IntRange(lower: .min, upper: 0) }
      return .unbounded
    }
    return Self.corners(self, b) { x, y in
      let isNegative = (x < 0) != (y < 0)
      if x == .min || x == .max {
        return isNegative ? .min : .max
      }
      // A finite number over an infinite one is 0, or −1 from below.
      if y == .min || y == .max { return x == 0 || !isNegative ? 0 : -1 }
      if x == .min + 1, y == -1 { return .max }
      return floorQuotient(x, y)
    }
  }

  /// `a mod b` with Python's sign, which is PyTorch's `Mod` for `a ≥ 0`, `b > 0`.
  func floorRemainder(by b: IntRange) -> IntRange {
    if b.contains(0) { return b.lower >= 0 ? IntRange(lower: 0, upper: Self.sum(b.upper, -1, .max)) : .unbounded }
    if b.lower > 0 {
      if lower >= 0, upper != .max, upper < b.lower { return self }
      if b.lower == b.upper, lower != .min, upper != .max,
        floorQuotient(lower, b.lower) == floorQuotient(upper, b.lower)
      {
        let base = floorQuotient(lower, b.lower) * b.lower
        return IntRange(lower: lower - base, upper: upper - base)
      }
      let most = Self.sum(b.upper, -1, .max)
      return IntRange(lower: 0, upper: lower >= 0 ? Swift.min(most, upper) : most)
    }
    return IntRange(lower: Self.sum(b.lower, 1, .min), upper: 0)
  }

  func maximum(_ b: IntRange) -> IntRange {
    IntRange(lower: Swift.max(lower, b.lower), upper: Swift.max(upper, b.upper))
  }

  func minimum(_ b: IntRange) -> IntRange {
    IntRange(lower: Swift.min(lower, b.lower), upper: Swift.min(upper, b.upper))
  }

  func union(_ b: IntRange) -> IntRange {
    IntRange(lower: Swift.min(lower, b.lower), upper: Swift.max(upper, b.upper))
  }

  var magnitude: IntRange {
    if lower >= 0 { return self }
    if upper <= 0 { return -self }
    return IntRange(lower: 0, upper: Swift.max(Self.negated(lower), upper))
  }

  /// `a ** n` for a literal `n ≥ 1`: even powers have their least value nearest to 0.
  func power(_ n: Int) -> IntRange {
    let base = n % 2 == 0 ? magnitude : self
    return IntRange(lower: Self.power(base.lower, n), upper: Self.power(base.upper, n))
  }

  private static func power(_ base: Int, _ n: Int) -> Int {
    if base == 0 || base == 1 { return base }
    var result = 1
    for _ in 0..<Swift.min(n, 64) {
      result = product(result, base)
      if result == .max || result == .min { return base < 0 && n % 2 == 1 ? .min : .max }
    }
    return result
  }

  /// The range as floats.
  var asFloat: FloatRange {
    FloatRange(
      lower: lower == .min ? -.infinity : Double(lower), upper: upper == .max ? .infinity : Double(upper))
  }
}

extension FloatRange {
  /// The integers within, after `rounding` each end.
  func integers(_ rounding: FloatingPointRoundingRule) -> IntRange {
    IntRange(
      lower: Int(exactly: lower.rounded(rounding)) ?? (lower > 0 ? .max - 1 : .min),
      upper: Int(exactly: upper.rounded(rounding)) ?? (upper < 0 ? .min + 1 : .max))
  }
}
