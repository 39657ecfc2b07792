extension FunctionSchema {
  /// Reads a schema in PyTorch's language, such as `aten::relu(Tensor self) -> Tensor`.
  ///
  /// A name without overload is the overload `default`.
  ///
  /// - Throws: ``SchemaError`` with the place of the first mistake.
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
