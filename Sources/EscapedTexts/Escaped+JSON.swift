extension Escaped {
  /// `text` as a JSON string, with quotation marks.
  ///
  /// Characters that control a terminal are escaped, too, so the JSON can be displayed safely.
  public static func json(_ text: String) -> String {
    var bytes: [UInt8] = []
    json(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends ``json(_:)``.
  public static func json(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    let isASCII = text.withUTF8 { appendASCII($0, to: &bytes) }
    if !isASCII { bytes.append(contentsOf: replacing(text, jsonEscape).utf8) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// The text of a SARIF message that contains no links or argument placeholders.
  ///
  /// - Source: SARIF 2.1.0, 3.11.5 and 3.11.6: `[text](target)` is a link, and `{0}` an argument.
  public static func sarif(_ text: String) -> String {
    var result = ""
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      if previous == "]" && scalar == "(" || previous == "{" && ("0"..."9").contains(scalar) { result += " " }
      result.unicodeScalars.append(scalar)
      previous = scalar
    }
    return result
  }

  /// Appends a text of ASCII characters, as most are; returns false and appends nothing for any other one.
  private static func appendASCII(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) -> Bool {
    // Without branches: most texts are short and need no escapes.
    var (union, escapes): (UInt64, UInt64) = (0, 0)
    let raw = UnsafeRawBufferPointer(text)
    var offset = 0
    while offset + 8 <= raw.count {
      let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      union |= word
      escapes |= bytesToEscape(in: word)
      offset += 8
    }
    if offset < raw.count {
      var word: UInt64 = 0
      for byte in raw[offset...] { word = word << 8 | UInt64(byte) }
      // The bytes in front of the last ones are spaces, not zeros, which would be escaped.
      word |= 0x2020_2020_2020_2020 << UInt64((raw.count - offset) * 8)
      union |= word
      escapes |= bytesToEscape(in: word)
    }
    guard union & 0x8080_8080_8080_8080 == 0 else { return false }
    guard escapes != 0 else {
      bytes.append(contentsOf: text)
      return true
    }
    for byte in text {
      if isEscaped(byte), let escape = jsonEscape(Unicode.Scalar(byte)) {
        bytes.append(contentsOf: escape.utf8)
      } else {
        bytes.append(byte)
      }
    }
    return true
  }

  /// Not zero if one of eight bytes of ASCII is one for which ``isEscaped(_:)`` holds.
  ///
  /// Source: "Determine if a word has a zero byte", Bit Twiddling Hacks.
  @inline(__always)
  private static func bytesToEscape(in word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let zeroes = { (word: UInt64) in (word &- ones) & ~word }
    let controls = (word &- ones &* 0x20) & ~word
    let quote = word ^ ones &* UInt64(UInt8(ascii: "\""))
    let backslash = word ^ ones &* UInt64(UInt8(ascii: "\\"))
    return (controls | zeroes(quote) | zeroes(backslash) | zeroes(word ^ ones &* 0x7F)) & (ones &* 0x80)
  }

  /// Whether a byte of ASCII may be written in another way.
  @inline(__always)
  private static func isEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func jsonEscape(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default:
      scalar.isSteering ? scalar.utf16.map { "\\u" + hex(UInt32($0), digits: 4) }.joined() : nil
    }
  }
}
