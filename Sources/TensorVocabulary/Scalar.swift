/// A number that is an argument and no tensor, PyTorch's `Scalar`.
@frozen
public enum Scalar: Hashable, Sendable {
  case int(Int)
  case float(Double)
  case bool(Bool)
  /// The real and the imaginary part.
  case complex(Double, Double)
}

extension Scalar {
  /// The kind of number, by which type promotion treats it.
  @inlinable
  public var category: ScalarCategory {
    switch self {
    case .int: .int
    case .float: .float
    case .bool: .bool
    case .complex: .complex
    }
  }

  /// The type of a tensor made of this number alone, before the default type is taken into account:
  /// `int64`, `float64`, `bool` or `complex128`.
  @inlinable
  public var scalarType: ScalarType {
    switch self {
    case .int: .int64
    case .float: .float64
    case .bool: .bool
    case .complex: .complex128
    }
  }
}

extension Scalar: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral {
  /// A whole number.
  public init(integerLiteral value: Int) { self = .int(value) }
  /// A real number.
  public init(floatLiteral value: Double) { self = .float(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension Scalar: CustomStringConvertible {
  /// The number in Python's spelling: `3`, `0.5`, `inf`, `True`, `(1.0+2.0j)`.
  public var description: String {
    switch self {
    case .int(let value): "\(value)"
    case .float(let value): "\(value)"
    case .bool(let value): value ? "True" : "False"
    case .complex(let real, let imaginary):
      "(\(real)\(imaginary.sign == .minus ? "" : "+")\(imaginary)j)"
    }
  }
}
