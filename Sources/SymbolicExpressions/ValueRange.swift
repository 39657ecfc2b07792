/// Integers from `lower` to `upper`, both included; the extreme integers stand for no bound.
@frozen
public struct IntRange: Hashable, Sendable {
  public var lower: Int
  public var upper: Int

  @inlinable
  public init(lower: Int, upper: Int) {
    self.lower = lower
    self.upper = upper
  }

  /// The range of one value.
  @inlinable
  public init(_ value: Int) { self.init(lower: value, upper: value) }

  public static let unbounded = IntRange(lower: .min, upper: .max)

  @inlinable
  public func contains(_ value: Int) -> Bool { lower <= value && value <= upper }

  @inlinable
  public func isSubset(of other: IntRange) -> Bool { lower >= other.lower && upper <= other.upper }

  /// Whether `a kind b` is the same for all values `a` of this range and `b` of the other.
  public func decides(_ kind: RelationKind, _ other: IntRange) -> Bool? {
    switch kind {
    case .eq:
      if lower == upper, self == other, lower != .min, lower != .max { return true }
      return upper < other.lower || lower > other.upper ? false : nil
    case .ne: return decides(.eq, other).map { !$0 }
    case .lt: return isFinite(upper) && upper < other.lower ? true : lower >= other.upper && isFinite(lower) ? false : nil
    case .le: return isFinite(upper) && upper <= other.lower ? true : lower > other.upper && isFinite(lower) ? false : nil
    case .gt: return other.decides(.lt, self)
    case .ge: return other.decides(.le, self)
    }
  }

  private func isFinite(_ value: Int) -> Bool { value != .min && value != .max }
}

/// Numbers from `lower` to `upper`, both included.
@frozen
public struct FloatRange: Hashable, Sendable {
  public var lower: Double
  public var upper: Double

  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  public static let unbounded = FloatRange(lower: -.infinity, upper: .infinity)
}

/// A set that contains every value an expression can take.
public enum ValueRange: Hashable, Sendable {
  case int(IntRange)
  case float(FloatRange)
  case bool(canBeFalse: Bool, canBeTrue: Bool)
}

/// The ranges of an arena's symbols, by symbol number, with a version that changes when one of them does.
public struct SymbolRanges: Sendable {
  public var ranges: ContiguousArray<ValueRange> = []
  public var version: UInt32 = 1

  public init() {}
}

/// Ranges of expressions by handle, valid for one version of the symbols' ranges.
struct RangeColumn {
  private var entries: ContiguousArray<(version: UInt32, range: ValueRange)?> = []

  func range(of e: SymExpr, version: UInt32) -> ValueRange? {
    guard e.index < entries.count, let entry = entries[e.index], entry.version == version else { return nil }
    return entry.range
  }

  mutating func note(_ range: ValueRange, of e: SymExpr, version: UInt32) {
    if e.index >= entries.count {
      entries.append(contentsOf: repeatElement(nil, count: e.index + 1 - entries.count + entries.count / 2))
    }
    entries[e.index] = (version, range)
  }
}

/// A number, as evaluation gives it.
public enum Number: Hashable, Sendable {
  case int(Int)
  case float(Double)
  case bool(Bool)
}
