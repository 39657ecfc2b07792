/// The dtype of a tensor's elements, PyTorch's `torch.dtype`.
///
/// Raw values are those of `c10::ScalarType`. They are dense, so they serve as array indices, and operator
/// schemas use them for defaults (`ScalarType? dtype=4` is ``int64``). Archives number dtypes differently:
/// see ``init(archiveCode:)``.
@frozen
public enum ScalarType: UInt8, CaseIterable, Hashable, Sendable {
  case uint8 = 0
  case int8
  case int16
  case int32
  case int64
  case float16
  case float32
  case float64
  case complex32
  case complex64
  case complex128
  case bool
  case qint8
  case quint8
  case qint32
  case bfloat16
  case quint4x2
  case quint2x4
  case bits1x8
  case bits2x4
  case bits4x2
  case bits8
  case bits16
  case float8e5m2
  case float8e4m3fn
  case float8e5m2fnuz
  case float8e4m3fnuz
  case uint16
  case uint32
  case uint64
  case uint1
  case uint2
  case uint3
  case uint4
  case uint5
  case uint6
  case uint7
  case int1
  case int2
  case int3
  case int4
  case int5
  case int6
  case int7
  case float8e8m0fnu
  case float4e2m1fnx2
  case bcomplex32
}

extension ScalarType {
  /// The size of an element in bytes; for packed dtypes, of the byte that holds several elements.
  @inlinable
  public var itemSize: Int {
    switch self {
    case .complex128: 16
    case .int64, .uint64, .float64, .complex64: 8
    case .int32, .uint32, .float32, .complex32, .bcomplex32, .qint32: 4
    case .int16, .uint16, .float16, .bfloat16, .bits16: 2
    default: 1
    }
  }

  /// Whether elements are real floating-point numbers, including the 16-, 8- and 4-bit formats.
  @inlinable
  public var isFloatingPoint: Bool {
    switch self {
    case .float16, .float32, .float64, .bfloat16, .float8e5m2, .float8e4m3fn, .float8e5m2fnuz,
      .float8e4m3fnuz, .float8e8m0fnu, .float4e2m1fnx2:
      true
    default: false
    }
  }

  /// Whether elements are complex numbers.
  @inlinable
  public var isComplex: Bool {
    switch self {
    case .complex32, .complex64, .complex128, .bcomplex32: true
    default: false
    }
  }

  /// Whether elements are bools.
  @inlinable
  public var isBool: Bool { self == .bool }

  /// Whether elements are quantized numbers, which carry a scale and a zero point.
  @inlinable
  public var isQuantized: Bool {
    switch self {
    case .qint8, .quint8, .qint32, .quint4x2, .quint2x4: true
    default: false
    }
  }

  /// Whether elements are raw bits.
  @inlinable
  public var isBits: Bool {
    switch self {
    case .bits1x8, .bits2x4, .bits4x2, .bits8, .bits16: true
    default: false
    }
  }

  /// Whether elements are integers of 8 to 64 bits, as in `c10::isIntegralType`; `bool` is not integral.
  ///
  /// PyTorch has no arithmetic on narrower integers, so they are not integral either.
  @inlinable
  public var isIntegral: Bool {
    switch self {
    case .uint8, .int8, .int16, .int32, .int64, .uint16, .uint32, .uint64: true
    default: false
    }
  }

  /// Whether elements can be negative.
  ///
  /// PyTorch raises an error for quantized numbers and bits; here they follow the integers that store them.
  @inlinable
  public var isSigned: Bool {
    switch self {
    case .uint8, .uint16, .uint32, .uint64, .uint1, .uint2, .uint3, .uint4, .uint5, .uint6, .uint7, .bool,
      .quint8, .quint4x2, .quint2x4, .bits1x8, .bits2x4, .bits4x2, .bits8, .bits16, .float8e8m0fnu:
      false
    default: true
    }
  }

  /// The category, which decides type promotion first; `nil` for dtypes without arithmetic.
  @inlinable
  public var category: ScalarCategory? {
    if isFloatingPoint { return .float }
    if isComplex { return .complex }
    if isBool { return .bool }
    return isIntegral ? .int : nil
  }

  /// The dtype of the real and imaginary parts of a complex dtype; any other dtype is returned unchanged.
  @inlinable
  public var toReal: ScalarType {
    switch self {
    case .complex32: .float16
    case .bcomplex32: .bfloat16
    case .complex64: .float32
    case .complex128: .float64
    default: self
    }
  }

  /// The complex dtype whose parts hold the values of a floating-point dtype; `nil` if PyTorch has none.
  ///
  /// `bfloat16` widens to `complex64`, up to PyTorch 2.13; integers, `bool` and 8-bit floats have no complex dtype.
  @inlinable
  public var toComplex: ScalarType? {
    switch self {
    case .float16, .complex32: .complex32
    case .bcomplex32: .bcomplex32
    case .bfloat16, .float32, .complex64: .complex64
    case .float64, .complex128: .complex128
    default: nil
    }
  }
}
