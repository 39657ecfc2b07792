// Interval arithmetic on floats.

extension FloatRange {
  /// The smallest range that contains all `values`; unbounded if one of them is NaN.
  private static func hull(_ values: Double...) -> FloatRange {
    var (lower, upper) = (Double.infinity, -Double.infinity)
    for value in values {
      if value.isNaN { return .unbounded }
      (lower, upper) = (Swift.min(lower, value), Swift.max(upper, value))
    }
    return FloatRange(lower: lower, upper: upper)
  }

  static func sum(_ a: FloatRange, _ b: FloatRange) -> FloatRange {
    hull(a.lower + b.lower, a.upper + b.upper)
  }

  static func product(_ a: FloatRange, _ b: FloatRange) -> FloatRange {
    func times(_ x: Double, _ y: Double) -> Double { x == 0 || y == 0 ? 0 : x * y }
    return hull(
      times(a.lower, b.lower), times(a.lower, b.upper), times(a.upper, b.lower), times(a.upper, b.upper))
  }

  /// Unbounded if the divisor may be 0 or both are unbounded.
  static func quotient(_ a: FloatRange, _ b: FloatRange) -> FloatRange {
    if b.lower <= 0, b.upper >= 0 { return .unbounded }
    return hull(a.lower / b.lower, a.lower / b.upper, a.upper / b.lower, a.upper / b.upper)
  }

  func increasing(_ f: (Double) -> Double?) -> FloatRange {
    guard let low = f(lower), let high = f(upper) else { return .unbounded }
    return .hull(low, high)
  }

  /// The range of integers to which the values round.
  func rounded(_ rule: FloatingPointRoundingRule) -> IntRange {
    IntRange(
      lower: Int(exactly: lower.rounded(rule)) ?? (lower < 0 ? .min : .max),
      upper: Int(exactly: upper.rounded(rule)) ?? (upper < 0 ? .min : .max))
  }
}
