extension Escaped {
  /// `text` as a JSON string, with quotation marks.
  ///
  /// Characters that control a terminal are escaped, too, so the JSON can be displayed safely.
  public static func json(_ text: String) -> String {
    "\"" + (needsNothing(text) ? text : replacing(text, jsonEscape)) + "\""
  }

  /// Appends ``json(_:)``.
  public static func json(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: (needsNothing(text) ? text : replacing(text, jsonEscape)).utf8)
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

  private static func needsNothing(_ text: String) -> Bool {
    text.utf8.withContiguousStorageIfAvailable(isPlain) ?? isPlain(text.utf8)
  }

  /// Whether all bytes are printable ASCII, but neither a quotation mark nor a backslash.
  @inline(__always)
  private static func isPlain(_ bytes: some Sequence<UInt8>) -> Bool {
    for byte in bytes where byte < 0x20 || byte >= 0x7F || byte == 0x22 || byte == 0x5C { return false }
    return true
  }

  private static func jsonEscape(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    default:
      scalar.isSteering ? scalar.utf16.map { "\\u" + hex(UInt32($0), digits: 4) }.joined() : nil
    }
  }
}
