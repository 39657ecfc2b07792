extension JSONScanner {
  /// Reads a string.
  @inline(__always)
  mutating func string() throws(JSONFailure) -> JSONString {
    guard peek() == UInt8(ascii: "\"") else { throw unexpected("a string") }
    cursor += 1
    let first = cursor
    let stop = nextQuoteOrBackslash()
    if stop != end, stop.pointee == UInt8(ascii: "\"") {
      cursor = stop + 1
      // Short strings cannot pass the limit, and nearly all are short.
      if stop - first <= 4_096 { return JSONString(start: first, count: stop - first, hasEscapes: false) }
    }
    return try longString(first, stop)
  }

  /// Reads a string that has escapes, or is so long that its length must be checked.
  @inline(never)
  private mutating func longString(
    _ first: UnsafePointer<UInt8>, _ stop: UnsafePointer<UInt8>
  ) throws(JSONFailure) -> JSONString {
    cursor = stop
    let hasEscapes = stop != end && stop.pointee == UInt8(ascii: "\\")
    try skipToQuote()
    let count = cursor - first - 1
    guard count <= limits.stringSize else {
      throw failure(.limitExceeded(what: "bytes in a string", limit: limits.stringSize))
    }
    return JSONString(start: first, count: count, hasEscapes: hasEscapes)
  }

  /// Moves behind the quote that ends the string in which the cursor stands.
  mutating func skipToQuote() throws(JSONFailure) {
    while true {
      cursor = nextQuoteOrBackslash()
      guard cursor != end else { throw unexpected("'\"'") }
      if cursor.pointee == UInt8(ascii: "\"") {
        cursor += 1
        return
      }
      // A backslash protects the next byte; the digits of \u are ordinary bytes.
      guard end - cursor >= 2 else {
        cursor = end
        throw unexpected("'\"'")
      }
      cursor += 2
    }
  }

  /// The first quote or backslash from the cursor on, or `end`.
  ///
  /// Eight bytes a step: `x &- 0x01… & ~x & 0x80…` has its lowest bit set in the first zero byte of `x`.
  /// Bound: a word is loaded only when eight bytes are left.
  @inline(__always)
  func nextQuoteOrBackslash() -> UnsafePointer<UInt8> {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var position = cursor
    while end - position >= 8 {
      let word = UInt64(littleEndian: UnsafeRawPointer(position).loadUnaligned(as: UInt64.self))
      let quotes = word ^ (ones &* 0x22)
      let slashes = word ^ (ones &* 0x5C)
      let found = ((quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes) & (ones &* 0x80)
      if found != 0 { return position + found.trailingZeroBitCount >> 3 }
      position += 8
    }
    while position != end, position.pointee != 0x22, position.pointee != 0x5C { position += 1 }
    return position
  }
}
