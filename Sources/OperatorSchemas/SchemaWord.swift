/// A word of a schema, as the bytes that spell it.
///
/// Valid as long as the bytes that its scanner walks over.
struct SchemaWord {
  let bytes: UnsafeBufferPointer<UInt8>

  var isEmpty: Bool { bytes.isEmpty }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Lets `switch` compare a word with those of the language without making a `String`.
  static func ~= (pattern: StaticString, word: SchemaWord) -> Bool {
    guard word.bytes.count == pattern.utf8CodeUnitCount else { return false }
    // Bound: both have as many bytes.
    for index in word.bytes.indices where word.bytes[index] != pattern.utf8Start[index] { return false }
    return true
  }
}
