extension JSONScanner {
  /// Reads a 64-bit integer.
  @inline(__always)
  mutating func integer() throws(JSONFailure) -> Int {
    let first = peek()
    let begin = cursor
    let isNegative = first == UInt8(ascii: "-")
    if isNegative { cursor += 1 }
    var value = 0
    let count = takeDigits(into: &value)
    if nextDigit != nil { return try longInteger(from: begin) }
    guard count > 0, cursor == end || !Self.continuesNumber(cursor.pointee) else {
      cursor = begin
      throw unexpected("an integer")
    }
    return isNegative ? 0 &- value : value
  }

  @inline(never)
  private mutating func longInteger(from begin: UnsafePointer<UInt8>) throws(JSONFailure) -> Int {
    cursor = begin
    let text = numberText()
    guard let value = Int(text) else {
      cursor = begin
      throw unexpected("an integer of 64 bits")
    }
    return value
  }

  /// Reads a number.
  mutating func double() throws(JSONFailure) -> Double {
    _ = peek()
    let begin = cursor
    if let value = shortDouble() { return value }
    cursor = begin
    let text = numberText()
    // `Double` also accepts words and hexadecimal, which are not JSON; `numberText` stops before letters.
    guard let value = Double(text) else {
      cursor = begin
      throw unexpected("a number")
    }
    return value
  }

  /// Reads a number of at most fifteen significant digits and of moderate magnitude.
  ///
  /// Its digits form an integer that `Double` represents exactly, as it does powers of ten up to 10^22. So a
  /// single multiplication or division rounds once, and correctly (Clinger, "How to read floating point
  /// numbers accurately", 1990).
  private mutating func shortDouble() -> Double? {
    let isNegative = cursor != end && cursor.pointee == UInt8(ascii: "-")
    if isNegative { cursor += 1 }
    var digits = 0
    var exponent = 0
    guard takeDigits(into: &digits) > 0 else { return nil }
    if cursor != end, cursor.pointee == UInt8(ascii: ".") {
      cursor += 1
      exponent = 0 &- takeDigits(into: &digits)
      guard exponent != 0 else { return nil }
    }
    if cursor != end, cursor.pointee | 0x20 == UInt8(ascii: "e") {
      cursor += 1
      let isDown = cursor != end && cursor.pointee == UInt8(ascii: "-")
      if isDown || (cursor != end && cursor.pointee == UInt8(ascii: "+")) { cursor += 1 }
      var power = 0
      guard takeDigits(into: &power) > 0, power < 1_000 else { return nil }
      exponent += isDown ? 0 &- power : power
    }
    guard digits < 1_000_000_000_000_000, (-22...22).contains(exponent),
      cursor == end || !Self.isNumber(cursor.pointee)
    else { return nil }
    var power = 1.0
    for _ in 0..<exponent.magnitude { power *= 10 }
    let value = exponent < 0 ? Double(digits) / power : Double(digits) * power
    return isNegative ? -value : value
  }

  /// Appends the following digits to `value` while overflow is impossible, and returns their number.
  @inline(__always)
  mutating func takeDigits(into value: inout Int) -> Int {
    let first = cursor
    // Bound: a number below 10^17 has at most eighteen digits after one more.
    while value < 100_000_000_000_000_000, let digit = nextDigit {
      value = value &* 10 &+ digit
      cursor += 1
    }
    return cursor - first
  }

  /// The value of the next byte if it is a digit.
  @inline(__always)
  private var nextDigit: Int? {
    guard cursor != end, case let digit = cursor.pointee &- UInt8(ascii: "0"), digit < 10 else { return nil }
    return Int(digit)
  }

  /// Advances past the characters of a number and returns them.
  private mutating func numberText() -> String {
    let begin = cursor
    while cursor != end, Self.isNumber(cursor.pointee) { cursor += 1 }
    return String(decoding: UnsafeBufferPointer(start: begin, count: cursor - begin), as: UTF8.self)
  }

  @inline(__always)
  private static func continuesNumber(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e")
  }

  private static func isNumber(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || continuesNumber(byte) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "+")
  }
}
