import OperatorSchemas
public import TensorVocabulary

/// Kinds of dtypes that an operator does not work on.
public struct DtypeCategories: OptionSet, Sendable {
  /// One bit a category.
  public let rawValue: UInt8

  /// Makes the set with these bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Truth values.
  public static let bool = DtypeCategories(rawValue: 1)
  /// Integers, truth values not included.
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
  /// Refuses `dtype` when it is of one of the kinds in `refused`.
  public func require(_ dtype: ScalarType, isNotIn refused: DtypeCategories) throws {
    try require(
      refused.isDisjoint(with: DtypeCategories(dtype)), "\(schema.name.base) is not defined for \(dtype.name)"
    )
  }
}
