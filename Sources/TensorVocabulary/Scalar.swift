/// A number passed as an argument rather than as a tensor, PyTorch's `Scalar`.
@frozen
public enum Scalar: Hashable, Sendable {
  case int(Int)
  case float(Double)
  case bool(Bool)
  /// The real and the imaginary part.
  case complex(Double, Double)
}

extension Scalar {
  /// The category of the number, which type promotion uses.
  @inlinable
  public var category: ScalarCategory {
    switch self {
    case .int: .int
    case .float: .float
    case .bool: .bool
    case .complex: .complex
    }
  }

  /// The dtype of a tensor created from this number, before the default dtype is considered: `int64`, `float64`, `bool`
  /// or `complex128`.
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
  /// An integer.
  public init(integerLiteral value: Int) { self = .int(value) }
  /// A floating-point number.
  public init(floatLiteral value: Double) { self = .float(value) }
  /// A bool.
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
