/// A word of a schema, as a range of its bytes.
///
/// Valid only as long as the bytes of its scanner.
struct SchemaWord {
  let bytes: UnsafeBufferPointer<UInt8>

  var isEmpty: Bool { bytes.isEmpty }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Lets `switch` compare a word with literals without creating a `String`.
  static func ~= (pattern: StaticString, word: SchemaWord) -> Bool {
    guard word.bytes.count == pattern.utf8CodeUnitCount else { return false }
    // Bound: both have as many bytes.
    for index in word.bytes.indices where word.bytes[index] != pattern.utf8Start[index] { return false }
    return true
  }
}
