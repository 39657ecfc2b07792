extension JSONScanner {
  /// Reads an integer of 64 bits.
  @inline(__always)
  mutating func integer() throws(JSONFailure) -> Int {
    let first = peek()
    let begin = cursor
    let isNegative = first == UInt8(ascii: "-")
    if isNegative { cursor += 1 }
    var value = 0
    let digits = cursor
    while cursor != end, case let digit = cursor.pointee &- UInt8(ascii: "0"), digit < 10 {
      // Eighteen digits cannot overflow; longer ones are read again with care.
      guard cursor - digits < 18 else { return try longInteger(from: begin) }
      value = value &* 10 &+ Int(digit)
      cursor += 1
    }
    guard cursor != digits, cursor == end || !Self.continuesNumber(cursor.pointee) else {
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
    let text = numberText()
    // `Double` also reads words and hexadecimal, which are not JSON; `numberText` stops before letters.
    guard let value = Double(text) else {
      cursor = begin
      throw unexpected("a number")
    }
    return value
  }

  /// Moves behind the characters of a number and returns them.
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
