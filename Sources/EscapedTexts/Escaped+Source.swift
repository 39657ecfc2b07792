// Languages of programs. A literal means the same text when the program runs.

extension Escaped {
  /// A string literal of C that says `text`, quotation marks included; no trigraph is in it.
  ///
  /// Characters beyond ASCII stay as they are, in UTF-8.
  public static func c(_ text: String) -> String {
    let inside = replacing(text) { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "?": "\\?"
      case "\n": "\\n"
      // Three digits of an octal escape end it, whatever follows; a hexadecimal one would take more.
      default: scalar.isSteering ? scalar.utf8.map { "\\" + octal($0) }.joined() : nil
      }
    }
    return "\"" + inside + "\""
  }

  /// Python's `repr` of a string: single quotes unless it holds some and no double quotes.
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

  /// A string literal of Swift that says `text`, quotation marks included; nothing in it is interpolated.
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

  /// `text` for a comment of one line in C, Python or Swift, without the sign that begins it.
  ///
  /// It ends neither the line nor a comment around it, continues no line, and Python takes it for no encoding.
  public static func comment(_ text: String) -> String {
    var shown = line(text)
    // `??/` is a trigraph of C for the backslash that continues a line.
    while shown.contains("??") { shown.replace("??", with: "? ?") }
    // Python takes a comment such as `coding: latin-1` at the start of a file for its encoding.
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
  /// Whether it is a space other than that of ASCII, which Python does not count as printable.
  fileprivate var isWideSpace: Bool { value > 0x7F && properties.generalCategory == .spaceSeparator }
}
