public import TensorVocabulary

/// A Swift type whose values are laid out as the elements of a dtype.
public protocol TorchElement: BitwiseCopyable {
  /// The dtype.
  static var scalarType: ScalarType { get }
}

extension Float: TorchElement {
  /// `float32`.
  public static var scalarType: ScalarType { .float32 }
}

extension Double: TorchElement {
  /// `float64`.
  public static var scalarType: ScalarType { .float64 }
}

extension Int: TorchElement {
  /// `int64`.
  public static var scalarType: ScalarType { .int64 }
}

extension Int64: TorchElement {
  /// `int64`.
  public static var scalarType: ScalarType { .int64 }
}

extension Int32: TorchElement {
  /// `int32`.
  public static var scalarType: ScalarType { .int32 }
}

extension Int16: TorchElement {
  /// `int16`.
  public static var scalarType: ScalarType { .int16 }
}

extension Int8: TorchElement {
  /// `int8`.
  public static var scalarType: ScalarType { .int8 }
}

extension UInt8: TorchElement {
  /// `uint8`.
  public static var scalarType: ScalarType { .uint8 }
}

extension Bool: TorchElement {
  /// `bool`.
  public static var scalarType: ScalarType { .bool }
}
