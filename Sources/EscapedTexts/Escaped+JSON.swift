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
    var (union, escapes): (UInt8, UInt8) = (0, 0)
    for byte in text {
      union |= byte
      escapes |= isEscaped(byte) ? 1 : 0
    }
    guard union < 0x80 else { return false }
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
