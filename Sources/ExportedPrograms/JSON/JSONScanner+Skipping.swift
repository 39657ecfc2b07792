extension JSONScanner {
  /// Advances past the next value.
  ///
  /// Skipped text is only checked for closed strings, equal numbers of opening and closing brackets, and the depth
  /// limit.
  mutating func skipValue() throws(JSONFailure) {
    switch peek() {
    case UInt8(ascii: "\""):
      cursor += 1
      try skipToQuote()
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      try skipContainer()
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"), 0:
      throw unexpected("a value")
    default:
      skipScalar()
    }
  }

  /// Advances by a number of bytes; returns false and stays where fewer are left.
  mutating func skip(_ count: Int) -> Bool {
    guard count >= 0, count <= end - cursor else { return false }
    cursor += count
    return true
  }

  /// Whether the same bytes are at two places that have been passed.
  func hasEqualTexts(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
    // Bound: both places end before the cursor.
    a.count == b.count
      && UnsafeBufferPointer(start: start + a.lowerBound, count: a.count)
        .elementsEqual(UnsafeBufferPointer(start: start + b.lowerBound, count: b.count))
  }

  /// Skips the next value and returns its bytes.
  mutating func raw() throws(JSONFailure) -> JSONString {
    _ = peek()
    let first = cursor
    try skipValue()
    return JSONString(start: first, count: cursor - first, hasEscapes: false)
  }

  private mutating func skipContainer() throws(JSONFailure) {
    var level = 0
    repeat {
      guard cursor != end else { throw unexpected("a closing bracket") }
      let byte = cursor.pointee
      cursor += 1
      switch byte {
      case UInt8(ascii: "\""):
        try skipToQuote()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        level += 1
        guard depth + level <= limits.jsonDepth else {
          throw failure(.limitExceeded(what: "levels of JSON", limit: limits.jsonDepth))
        }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        level -= 1
      default:
        break
      }
    } while level > 0
  }

  private mutating func skipScalar() {
    while cursor != end {
      switch cursor.pointee {
      case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x20, 0x0A, 0x0D, 0x09: return
      default: cursor += 1
      }
    }
  }
}
