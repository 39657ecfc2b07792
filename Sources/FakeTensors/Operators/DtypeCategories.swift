import OperatorSchemas
public import TensorVocabulary

/// Categories of dtypes that an operator does not support.
public struct DtypeCategories: OptionSet, Sendable {
  /// One bit for each category.
  public let rawValue: UInt8

  /// Creates a set from its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Booleans.
  public static let bool = DtypeCategories(rawValue: 1)
  /// Integers, excluding booleans.
  public static let integer = DtypeCategories(rawValue: 2)
  /// Floating-point numbers.
  public static let float = DtypeCategories(rawValue: 4)
  /// Complex numbers.
  public static let complex = DtypeCategories(rawValue: 8)

  /// The category of `dtype`; empty for types without arithmetic.
  public init(_ dtype: ScalarType) {
    switch dtype.category {
    case .bool: self = .bool
    case .int: self = .integer
    case .float: self = .float
    case .complex: self = .complex
    case nil: self = []
    }
  }
}

extension OperatorCall {
  /// Refuses `dtype` if it belongs to one of the categories in `refused`.
  public func require(_ dtype: ScalarType, isNotIn refused: DtypeCategories) throws {
    try require(
      refused.isDisjoint(with: DtypeCategories(dtype)), "\(schema.name.base) is not defined for \(dtype.name)"
    )
  }
}
