// Programming languages. A literal denotes the same text when the program runs.

extension Escaped {
  /// `text` as a C string literal, with quotation marks and without trigraphs.
  ///
  /// Non-ASCII characters stay as they are, in UTF-8.
  public static func c(_ text: String) -> String {
    let inside = replacing(text) { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "?": "\\?"
      case "\n": "\\n"
      // An octal escape ends after three digits, whatever follows; a hexadecimal one would continue.
      default: scalar.isSteering ? scalar.utf8.map { "\\" + octal($0) }.joined() : nil
      }
    }
    return "\"" + inside + "\""
  }

  /// Python's `repr` of a string: single quotes unless it contains single but no double quotes.
  public static func python(_ text: String) -> String {
    if isPlain(text), !text.utf8.contains(where: { $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\\") }) {
      return "'\(text)'"
    }
    let quote: Unicode.Scalar = text.contains("'") && !text.contains("\"") ? "\"" : "'"
    let inside = replacing(text) { scalar in
      switch scalar {
      case "\\": "\\\\"
      case quote: "\\\(quote)"
      default: scalar.isSteering || scalar.isWideSpace ? pythonEscape(scalar) : nil
      }
    }
    return "\(quote)\(inside)\(quote)"
  }

  /// `text` as a Swift string literal, with quotation marks; nothing in it is interpolated.
  public static func swift(_ text: String) -> String {
    let inside = replacing(text) { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      default: scalar.isSteering ? "\\u{\(hex(scalar.value, digits: 2))}" : nil
      }
    }
    return "\"" + inside + "\""
  }

  /// `text` for a one-line comment in C, Python or Swift, without the comment marker.
  ///
  /// It does not end the line or an enclosing comment, does not continue the line, and Python does not read an encoding
  /// from it.
  public static func comment(_ text: String) -> String {
    var shown = line(text)
    // `??/` is a C trigraph for the backslash that continues a line.
    while shown.contains("??") { shown.replace("??", with: "? ?") }
    // Python takes a comment such as `coding: latin-1` at the start of a file for the file's encoding.
    for sign in [":", "="] { shown.replace("coding\(sign)", with: "coding \(sign)") }
    shown.replace("*/", with: "* /")
    shown.replace("/*", with: "/ *")
    if shown.last == "\\" { shown += "." }
    return shown
  }

  private static func octal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 8)
    return String(repeating: "0", count: 3 - digits.count) + digits
  }
}

extension Unicode.Scalar {
  /// Whether it is a non-ASCII space, which Python does not consider printable.
  fileprivate var isWideSpace: Bool { value > 0x7F && properties.generalCategory == .spaceSeparator }
}
