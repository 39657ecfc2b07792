extension FunctionSchema {
  /// Parses a schema in PyTorch's language, such as `aten::relu(Tensor self) -> Tensor`.
  ///
  /// A name without an overload denotes the overload `default`.
  ///
  /// - Throws: ``SchemaError`` with the position of the first error.
  public init(_ text: some StringProtocol) throws(SchemaError) {
    self = try Array(text.utf8).withUnsafeBufferPointer { (bytes) throws(SchemaError) in
      try FunctionSchema(bytes: bytes)
    }
  }

  init(bytes: UnsafeBufferPointer<UInt8>) throws(SchemaError) {
    var parser = SchemaParser(bytes)
    self = try parser.schema()
  }
}
