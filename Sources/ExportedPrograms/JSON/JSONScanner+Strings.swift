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
      // Short strings cannot exceed the limit, and nearly all are short.
      if stop - first <= 4_096 { return JSONString(start: first, count: stop - first, hasEscapes: false) }
    }
    return try longString(first, stop)
  }

  /// Reads a string with escapes, or one long enough that its length must be checked.
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

  /// Advances past the quote that ends the current string.
  ///
  /// A quote is escaped if an odd number of backslashes precedes it. Each backslash is counted for at most
  /// one quote, so the scan is linear for any input.
  mutating func skipToQuote() throws(JSONFailure) {
    let first = cursor
    while let quote = nextQuote() {
      cursor = quote + 1
      var backslashes = quote
      while backslashes != first, backslashes[-1] == UInt8(ascii: "\\") { backslashes -= 1 }
      if (quote - backslashes) & 1 == 0 { return }
    }
    cursor = end
    throw unexpected("'\"'")
  }

  /// The first quote at or after the cursor; `nil` if there is none.
  ///
  /// Most of an archive is stack traces, which are skipped here 32 bytes at a time.
  /// Bound: 32 bytes are loaded only if that many are left.
  @inline(__always)
  private func nextQuote() -> UnsafePointer<UInt8>? {
    var position = cursor
    while end - position >= 32 {
      if let offset = Self.quoteOffset(position) { return position + offset }
      position += 32
    }
    while end - position >= 8 {
      let found = Self.zeros(Self.word(position) ^ (Self.ones &* 0x22))
      if found != 0 { return position + found.trailingZeroBitCount >> 3 }
      position += 8
    }
    while position != end {
      if position.pointee == 0x22 { return position }
      position += 1
    }
    return nil
  }

  /// The distance from `place` to the first quote, if it is among the next 32 bytes.
  @inline(__always)
  private static func quoteOffset(_ place: UnsafePointer<UInt8>) -> Int? {
    let bytes = UnsafeRawPointer(place)
    let quotes = SIMD16<UInt8>(repeating: 0x22)
    let first = bytes.loadUnaligned(as: SIMD16<UInt8>.self) .== quotes
    let second = bytes.loadUnaligned(fromByteOffset: 16, as: SIMD16<UInt8>.self) .== quotes
    let (low, high) = (words(first), words(second))
    let both = low | high
    if both[0] | both[1] == 0 { return nil }
    if low[0] != 0 { return low[0].trailingZeroBitCount >> 3 }
    if low[1] != 0 { return 8 + low[1].trailingZeroBitCount >> 3 }
    if high[0] != 0 { return 16 + high[0].trailingZeroBitCount >> 3 }
    return 24 + high[1].trailingZeroBitCount >> 3
  }

  /// A mask of sixteen bytes as two words, the first byte lowest. (`any` tests the lanes one by one.)
  ///
  /// Bound: 16 lanes of 8 bits are 16 bytes.
  @inline(__always)
  private static func words(_ mask: SIMDMask<SIMD16<Int8>>) -> SIMD2<UInt64> {
    let words = unsafeBitCast(mask, to: SIMD2<UInt64>.self)
    return SIMD2(UInt64(littleEndian: words[0]), UInt64(littleEndian: words[1]))
  }

  /// The eight bytes at `place`, the first byte lowest.
  @inline(__always)
  private static func word(_ place: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
  }

  private static var ones: UInt64 { 0x0101_0101_0101_0101 }

  /// The lowest set bit of `x &- 0x01… & ~x & 0x80…` is in the first zero byte of `x`.
  @inline(__always)
  private static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & (ones &* 0x80) }

  /// The first quote or backslash at or after the cursor, or `end`.
  ///
  /// Eight bytes at a time. Bound: a word is loaded only if eight bytes are left.
  @inline(__always)
  func nextQuoteOrBackslash() -> UnsafePointer<UInt8> {
    var position = cursor
    while end - position >= 8 {
      let word = Self.word(position)
      let found = Self.zeros(word ^ (Self.ones &* 0x22)) | Self.zeros(word ^ (Self.ones &* 0x5C))
      if found != 0 { return position + found.trailingZeroBitCount >> 3 }
      position += 8
    }
    while position != end, position.pointee != 0x22, position.pointee != 0x5C { position += 1 }
    return position
  }
}
