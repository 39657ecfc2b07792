extension ScalarType {
  /// The dtype with the number `code` in .pt2 archives; `nil` for 0 (unknown) and undefined codes.
  ///
  /// Source: `ScalarType`, `torch/_export/serde/schema.py`, v2.13; the numbers are not those of c10.
  public init?(archiveCode code: Int) {
    switch code {
    case 1...12: self.init(rawValue: UInt8(code - 1))
    case 13: self = .bfloat16
    case 28: self = .uint16
    case 29: self = .float8e4m3fn
    case 30: self = .float8e5m2
    case 31: self = .float8e4m3fnuz
    case 32: self = .float8e5m2fnuz
    case 33: self = .float8e8m0fnu
    case 34: self = .uint32
    case 35: self = .uint64
    default: return nil
    }
  }

  /// The code of the dtype in a .pt2 archive, or `nil` if it has none.
  public var archiveCode: Int? {
    switch self {
    case .bfloat16: 13
    case .uint16: 28
    case .float8e4m3fn: 29
    case .float8e5m2: 30
    case .float8e4m3fnuz: 31
    case .float8e5m2fnuz: 32
    case .float8e8m0fnu: 33
    case .uint32: 34
    case .uint64: 35
    default: rawValue <= ScalarType.bool.rawValue ? Int(rawValue) + 1 : nil
    }
  }
}
