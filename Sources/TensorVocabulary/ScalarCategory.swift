/// The categories of numbers, in the order of type promotion: `bool < int < float < complex`.
@frozen
public enum ScalarCategory: UInt8, CaseIterable, Hashable, Comparable, Sendable {
  case bool
  case int
  case float
  case complex

  /// Whether `lhs` is promoted to `rhs` in an operation on both.
  @inlinable
  public static func < (lhs: ScalarCategory, rhs: ScalarCategory) -> Bool {
    lhs.rawValue < rhs.rawValue
  }
}
