extension ScalarType {
  /// The dtype that represents the values of both, as `torch.promote_types` chooses it.
  ///
  /// - A dtype promotes with itself to itself.
  /// - The twelve ordinary dtypes form a lattice: the higher ``category`` wins; within one, the wider dtype.
  ///   `uint8` with `int8` gives `int16`, `float16` with `bfloat16` gives `float32`, and a complex dtype
  ///   widens until its parts can hold the other operand.
  /// - `uint16`, `uint32`, `uint64` and the narrower unsigned dtypes promote only to a floating-point dtype.
  /// - `nil` if PyTorch raises an error: quantized dtypes, bits, 8-bit floats, narrow signed integers.
  /// - Source: `promoteTypes`, `c10/core/ScalarType.cpp`, v2.13.
  public static func promote(_ lhs: ScalarType, _ rhs: ScalarType) -> ScalarType? {
    if lhs == rhs { return lhs }
    if lhs.isBareUnsigned { return rhs.takesBareUnsigned ? rhs : nil }
    if rhs.isBareUnsigned { return lhs.takesBareUnsigned ? lhs : nil }
    guard lhs.isOrdinary, rhs.isOrdinary, let left = lhs.category, let right = rhs.category else {
      return nil
    }
    let (low, high) = left < right ? (lhs, rhs) : (rhs, lhs)
    switch max(left, right) {
    case .bool: return .bool
    case .int: return low.isBool ? high : wider(integer: low, high)
    case .float: return low.isFloatingPoint ? wider(float: low, high) : high
    case .complex:
      guard low.isFloatingPoint || low.isComplex else { return high }
      let parts = wider(float: low.toReal, high.toReal)
      return parts == .bfloat16 ? .bcomplex32 : parts.toComplex
    }
  }

  /// `uint8` and `int8` have equal width but different values, hence `int16`; otherwise the wider dtype.
  private static func wider(integer lhs: ScalarType, _ rhs: ScalarType) -> ScalarType {
    if lhs.itemSize == rhs.itemSize { return lhs == rhs ? lhs : .int16 }
    return lhs.itemSize > rhs.itemSize ? lhs : rhs
  }

  /// `float16` has more digits and `bfloat16` more range, hence `float32`; otherwise the wider dtype.
  private static func wider(float lhs: ScalarType, _ rhs: ScalarType) -> ScalarType {
    if lhs.itemSize == rhs.itemSize { return lhs == rhs ? lhs : .float32 }
    return lhs.itemSize > rhs.itemSize ? lhs : rhs
  }

  /// Whether the dtype has a place in the promotion lattice.
  private var isOrdinary: Bool {
    rawValue <= ScalarType.bool.rawValue || self == .bfloat16 || self == .bcomplex32
  }

  /// Whether the dtype is an unsigned integer other than `uint8`, for which PyTorch has few operators.
  private var isBareUnsigned: Bool {
    rawValue >= ScalarType.uint16.rawValue && rawValue <= ScalarType.uint7.rawValue
  }

  /// Whether bare unsigned integers promote to this dtype.
  private var takesBareUnsigned: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64, .float4e2m1fnx2: true
    default: false
    }
  }
}
