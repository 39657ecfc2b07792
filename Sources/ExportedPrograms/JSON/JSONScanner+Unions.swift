/// The encodings that PyTorch's schema uses for its types.
extension JSONScanner {
  /// Opens a union, an object with exactly one key, and returns the key; its value comes next.
  @inline(__always)
  mutating func beginUnion() throws(JSONFailure) -> JSONString {
    try beginObject()
    guard let tag = try nextKey() else { throw unexpectedUnion("an object without keys") }
    return tag
  }

  /// Closes a union.
  @inline(__always)
  mutating func endUnion() throws(JSONFailure) {
    guard try nextKey() == nil else { throw unexpectedUnion("an object with several keys") }
  }

  @inline(never)
  private func unexpectedUnion(_ found: String) -> JSONFailure {
    failure(.unexpected(expected: "an object with one key", found: found))
  }

  /// Reads an object and returns one of its members, a string.
  @inline(__always)
  mutating func member(_ name: StaticString) throws(JSONFailure) -> JSONString {
    var value: JSONString?
    try beginObject()
    while let key = try nextKey() {
      if key == name { value = try string() } else { try skipValue() }
    }
    guard let value else { throw missing(name) }
    return value
  }

  /// A failure because an object lacks a required member.
  @inline(never)
  func missing(_ name: StaticString) -> JSONFailure {
    failure(.missingKey("\(name)"))
  }

  /// Reads an array of strings.
  mutating func strings() throws(JSONFailure) -> [String] {
    var texts: [String] = []
    try beginArray()
    while try nextElement() { texts.append(try string().text) }
    return texts
  }

  /// Reads a number; values that JSON cannot represent are written as `"Infinity"`, `"-Infinity"` or `"NaN"`.
  mutating func float() throws(JSONFailure) -> Double {
    guard peek() == UInt8(ascii: "\"") else { return try double() }
    let text = try string()
    switch text {
    case "Infinity": return .infinity
    case "-Infinity": return -.infinity
    case "NaN": return .nan
    default:
      throw failure(.unexpected(expected: "a number", found: "the string '\(text.text)'"), at: text)
    }
  }

  /// Reads an integer, or `null`.
  mutating func integerOrNull() throws(JSONFailure) -> Int? {
    null() ? nil : try integer()
  }
}

extension JSONScanner {
  /// A position to which the scanner can return.
  struct Mark {
    fileprivate let cursor: UnsafePointer<UInt8>
    fileprivate let depth: Int
    fileprivate let isFresh: Bool
  }

  /// The current position, before the next value.
  var mark: Mark { Mark(cursor: cursor, depth: depth, isFresh: isFresh) }

  /// Returns to `mark`, whatever has been opened since.
  mutating func jump(to mark: Mark) {
    cursor = mark.cursor
    depth = mark.depth
    isFresh = mark.isFresh
  }
}
