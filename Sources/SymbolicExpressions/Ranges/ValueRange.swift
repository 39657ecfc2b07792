/// All integers from `lower` to `upper`; `Int.min` and `Int.max` represent −∞ and +∞.
///
/// Empty when `lower > upper`.
@frozen
public struct IntRange: Hashable, Sendable {
  /// The least integer, or `Int.min`.
  public var lower: Int
  /// The greatest integer, or `Int.max`.
  public var upper: Int

  /// The integers from `lower` to `upper`.
  @inlinable
  public init(lower: Int, upper: Int) {
    self.lower = lower
    self.upper = upper
  }

  /// The range of one value.
  @inlinable
  public init(_ value: Int) { self.init(lower: value, upper: value) }

  /// All integers.
  public static let unbounded = IntRange(lower: .min, upper: .max)

  /// The only value, if there is just one and it is finite.
  @inlinable
  public var singleton: Int? { lower == upper && lower != .min && lower != .max ? lower : nil }

  /// Whether there is an upper bound; PyTorch's "no bound" for sizes is two less than 2⁶³.
  public var isBoundedAbove: Bool { upper < .max - 2 }

  /// Whether the range contains no integer.
  @inlinable
  public var isEmpty: Bool { lower > upper }

  /// Whether the range contains `value`.
  @inlinable
  public func contains(_ value: Int) -> Bool { lower <= value && value <= upper }

  /// Whether the range contains all of `other`.
  @inlinable
  public func isSubset(of other: IntRange) -> Bool { other.lower <= lower && upper <= other.upper }

  /// The intersection; may be empty.
  @inlinable
  public func intersection(_ other: IntRange) -> IntRange {
    IntRange(lower: Swift.max(lower, other.lower), upper: Swift.min(upper, other.upper))
  }

  /// The smallest range that contains both.
  @inlinable
  public func union(_ other: IntRange) -> IntRange {
    IntRange(lower: Swift.min(lower, other.lower), upper: Swift.max(upper, other.upper))
  }

  /// The truth of `x kind y` if it is the same for all x in this range and y in the other, otherwise nil.
  public func decides(_ kind: RelationKind, _ other: IntRange) -> Bool? {
    switch kind {
    case .lt:
      if upper < other.lower { return true }
      // Two equal infinite bounds cannot be compared.
      let bothInfinite = lower == other.upper && (lower == .min || lower == .max)
      return lower >= other.upper && !bothInfinite ? false : nil
    case .le: return other.decides(.lt, self).map { !$0 }
    case .gt: return other.decides(.lt, self)
    case .ge: return decides(.lt, other).map { !$0 }
    case .eq:
      if let x = singleton, x == other.singleton { return true }
      return upper < other.lower || other.upper < lower ? false : nil
    case .ne: return decides(.eq, other).map { !$0 }
    }
  }
}

/// All floats from `lower` to `upper`.
@frozen
public struct FloatRange: Hashable, Sendable {
  /// The least float, or −∞.
  public var lower: Double
  /// The greatest float, or ∞.
  public var upper: Double

  /// The floats from `lower` to `upper`.
  @inlinable
  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// All floats.
  public static let unbounded = FloatRange(lower: -.infinity, upper: .infinity)

  /// The truth of `x kind y` if it is the same for all x in this range and y in the other, otherwise nil.
  public func decides(_ kind: RelationKind, _ other: FloatRange) -> Bool? {
    switch kind {
    case .lt: return upper < other.lower ? true : lower >= other.upper ? false : nil
    case .le: return other.decides(.lt, self).map { !$0 }
    case .gt: return other.decides(.lt, self)
    case .ge: return decides(.lt, other).map { !$0 }
    case .eq:
      if lower == upper, other.lower == other.upper, lower == other.lower { return true }
      return upper < other.lower || other.upper < lower ? false : nil
    case .ne: return decides(.eq, other).map { !$0 }
    }
  }
}

/// The range of values of an expression.
@frozen
public enum ValueRange: Hashable, Sendable {
  case int(IntRange)
  case float(FloatRange)
  case bool(canBeFalse: Bool, canBeTrue: Bool)

  /// Either boolean.
  public static let unknownBool = ValueRange.bool(canBeFalse: true, canBeTrue: true)

  /// The range of one boolean, or of both.
  public init(_ value: Bool?) {
    self = .bool(canBeFalse: value != true, canBeTrue: value != false)
  }

  /// The range of integers; unbounded if the values are not integers.
  public var ints: IntRange {
    if case .int(let range) = self { return range }
    return .unbounded
  }

  /// The range widened to floats.
  public var floats: FloatRange {
    switch self {
    case .int(let range):
      FloatRange(
        lower: range.lower == .min ? -.infinity : Double(range.lower),
        upper: range.upper == .max ? .infinity : Double(range.upper))
    case .float(let range): range
    case .bool: FloatRange(lower: 0, upper: 1)
    }
  }

  /// The boolean, if only one is possible.
  public var decision: Bool? {
    guard case .bool(let canBeFalse, let canBeTrue) = self, canBeFalse != canBeTrue else { return nil }
    return canBeTrue
  }

  /// The smallest range that contains both.
  public func union(_ other: ValueRange) -> ValueRange {
    switch (self, other) {
    case (.int(let a), .int(let b)): return .int(a.union(b))
    case (.bool(let f, let t), .bool(let g, let u)): return .bool(canBeFalse: f || g, canBeTrue: t || u)
    default:
      let (a, b) = (floats, other.floats)
      return .float(FloatRange(lower: Swift.min(a.lower, b.lower), upper: Swift.max(a.upper, b.upper)))
    }
  }
}

/// The ranges of an arena's symbols, by number.
///
/// The range of a symbol beyond the end follows from its assumptions.
public struct SymbolRanges: Sendable {
  /// One range for each symbol.
  public var ranges: ContiguousArray<ValueRange> = []

  /// Creates ranges for no symbols.
  public init() {}
}
