extension ScalarType {
  /// PyTorch's name without the `torch.` prefix, such as `float32` or `float8_e4m3fn`.
  public var name: String {
    switch self {
    case .uint8: "uint8"
    case .int8: "int8"
    case .int16: "int16"
    case .int32: "int32"
    case .int64: "int64"
    case .float16: "float16"
    case .float32: "float32"
    case .float64: "float64"
    case .complex32: "complex32"
    case .complex64: "complex64"
    case .complex128: "complex128"
    case .bool: "bool"
    case .qint8: "qint8"
    case .quint8: "quint8"
    case .qint32: "qint32"
    case .bfloat16: "bfloat16"
    case .quint4x2: "quint4x2"
    case .quint2x4: "quint2x4"
    case .bits1x8: "bits1x8"
    case .bits2x4: "bits2x4"
    case .bits4x2: "bits4x2"
    case .bits8: "bits8"
    case .bits16: "bits16"
    case .float8e5m2: "float8_e5m2"
    case .float8e4m3fn: "float8_e4m3fn"
    case .float8e5m2fnuz: "float8_e5m2fnuz"
    case .float8e4m3fnuz: "float8_e4m3fnuz"
    case .uint16: "uint16"
    case .uint32: "uint32"
    case .uint64: "uint64"
    case .uint1: "uint1"
    case .uint2: "uint2"
    case .uint3: "uint3"
    case .uint4: "uint4"
    case .uint5: "uint5"
    case .uint6: "uint6"
    case .uint7: "uint7"
    case .int1: "int1"
    case .int2: "int2"
    case .int3: "int3"
    case .int4: "int4"
    case .int5: "int5"
    case .int6: "int6"
    case .int7: "int7"
    case .float8e8m0fnu: "float8_e8m0fnu"
    case .float4e2m1fnx2: "float4_e2m1fn_x2"
    case .bcomplex32: "bcomplex32"
    }
  }

  /// The abbreviation used in printed graphs, such as `f32`, `bf16`, `i64` or `b8`.
  ///
  /// Types that PyTorch does not abbreviate are printed by their ``name``.
  ///
  /// Source: `torch/utils/_dtype_abbrs.py`, v2.15.
  public var shortName: String {
    switch self {
    case .uint8: "u8"
    case .int8: "i8"
    case .int16: "i16"
    case .int32: "i32"
    case .int64: "i64"
    case .float16: "f16"
    case .float32: "f32"
    case .float64: "f64"
    case .complex32: "c32"
    case .bcomplex32: "bc32"
    case .complex64: "c64"
    case .complex128: "c128"
    case .bool: "b8"
    case .bfloat16: "bf16"
    case .bits1x8: "b1x8"
    case .bits2x4: "b2x4"
    case .bits4x2: "b4x2"
    case .bits8: "b8x1"
    case .bits16: "b16x1"
    case .float8e5m2: "f8e5m2"
    case .float8e4m3fn: "f8e4m3fn"
    case .float8e5m2fnuz: "f8e5m2fnuz"
    case .float8e4m3fnuz: "f8e4m3fnuz"
    case .uint16: "u16"
    case .uint32: "u32"
    case .uint64: "u64"
    case .float8e8m0fnu: "f8e8m0fnu"
    case .float4e2m1fnx2: "f4e2m1fnx2"
    default: name
    }
  }

  /// The dtype with PyTorch's name, with or without the `torch.` prefix; Python's aliases such as `half`, `float` (32
  /// bits) and `long` are accepted.
  ///
  /// - Complexity: O(number of types).
  public init?(name: some StringProtocol) {
    let bare = name.hasPrefix("torch.") ? name.dropFirst(6) : name[...]
    switch bare {
    case "half": self = .float16
    case "float": self = .float32
    case "double": self = .float64
    case "short": self = .int16
    case "int": self = .int32
    case "long": self = .int64
    case "chalf": self = .complex32
    case "cfloat": self = .complex64
    case "cdouble": self = .complex128
    case "bit": self = .uint1
    default:
      guard let type = ScalarType.allCases.first(where: { bare == $0.name }) else { return nil }
      self = type
    }
  }
}

extension ScalarType: CustomStringConvertible {
  /// The ``name``.
  public var description: String { name }
}
