/// A string of the input, as the bytes between its quotes.
struct JSONString {
  let start: UnsafePointer<UInt8>
  let count: Int
  /// Whether the bytes contain escapes, so that they are not yet the text.
  let hasEscapes: Bool

  /// The bytes between the quotes, with escapes undecoded.
  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

  /// The decoded text; invalid UTF-8 and unpaired surrogates become U+FFFD.
  var text: String {
    hasEscapes ? JSONString.unescape(bytes) : String(decoding: bytes, as: UTF8.self)
  }

  /// Lets `switch` compare a key with literals without creating a `String`.
  @inline(__always)
  static func ~= (pattern: StaticString, string: JSONString) -> Bool {
    string == pattern
  }

  @inline(__always)
  static func == (string: JSONString, text: StaticString) -> Bool {
    if string.hasEscapes { return string.text == "\(text)" }
    guard string.count == text.utf8CodeUnitCount else { return false }
    var index = 0
    // Bound: both have `count` bytes.
    while index < string.count {
      guard string.start[index] == text.utf8Start[index] else { return false }
      index += 1
    }
    return true
  }

  /// Whether the undecoded bytes begin with `prefix`.
  @inline(__always)
  func hasPrefix(_ prefix: StaticString) -> Bool {
    guard count >= prefix.utf8CodeUnitCount else { return false }
    for index in 0..<prefix.utf8CodeUnitCount where start[index] != prefix.utf8Start[index] { return false }
    return true
  }

  /// Decodes JSON escapes (RFC 8259, section 7).
  static func unescape(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      guard byte == UInt8(ascii: "\\"), index < bytes.count else {
        output.append(byte)
        continue
      }
      let escape = bytes[index]
      index += 1
      switch escape {
      case UInt8(ascii: "b"): output.append(0x08)
      case UInt8(ascii: "f"): output.append(0x0C)
      case UInt8(ascii: "n"): output.append(0x0A)
      case UInt8(ascii: "r"): output.append(0x0D)
      case UInt8(ascii: "t"): output.append(0x09)
      case UInt8(ascii: "u"): output.append(contentsOf: scalar(bytes, &index).utf8)
      default: output.append(escape)
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Reads the digits of `\u…`, and those of a low surrogate after a high one.
  private static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Character {
    let replacement: Character = "\u{FFFD}"
    guard let first = unit(bytes, index) else { return replacement }
    index += 4
    guard UTF16.isLeadSurrogate(first) else {
      return UnicodeScalar(first).map { Character($0) } ?? replacement
    }
    guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u"),
      let second = unit(bytes, index + 2), UTF16.isTrailSurrogate(second)
    else { return replacement }
    index += 6
    return Character(UTF16.decode(UTF16.EncodedScalar([first, second])))
  }

  /// The four hexadecimal digits at `index`.
  private static func unit(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt16? {
    guard index + 4 <= bytes.count else { return nil }
    var value: UInt16 = 0
    for byte in bytes[index..<index + 4] {
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
      value = value << 4 | UInt16(digit)
    }
    return value
  }
}
