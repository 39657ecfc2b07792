/// Texts from outside, such as names, targets, guards and paths, escaped so that they stay text wherever they are
/// shown.
///
/// There is one function for each destination. All text from a file, an argument or a system error goes through the
/// function for the place where it is shown:
///
/// | to | function |
/// |---|---|
/// | a terminal, as a whole report | ``terminal(_:)`` |
/// | a terminal, in one line or cell | ``line(_:)`` |
/// | JSON | ``json(_:)`` |
/// | a message of SARIF | ``sarif(_:)``, then ``json(_:)`` |
/// | Markdown | ``markdown(_:)``, ``markdownCode(_:)`` |
/// | HTML, as text or as the value of an attribute | ``html(_:)`` |
/// | DOT, as a quoted identifier or label | ``dot(_:)`` |
/// | a literal of C, Python or Swift | ``c(_:)``, ``python(_:)``, ``swift(_:)`` |
/// | a comment of one line in C, Python or Swift | ``comment(_:)`` |
public enum Escaped {
  /// Whether every byte is a printable ASCII character, so that most functions have nothing to do.
  static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
  }

  /// Replaces the scalars for which `replacement` returns a text.
  static func replacing(_ text: String, _ replacement: (Unicode.Scalar) -> String?) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if let other = replacement(scalar) { result += other } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }

  /// `scalar` as Python would write it: `\n`, `\x1b`, `\u202e`, `\U000e0001`.
  static func pythonEscape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default:
      switch scalar.value {
      case ..<0x100: "\\x" + hex(scalar.value, digits: 2)
      case ..<0x1_0000: "\\u" + hex(scalar.value, digits: 4)
      default: "\\U" + hex(scalar.value, digits: 8)
      }
    }
  }

  /// `value` in hexadecimal, padded with zeros to `digits`.
  static func hex(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

extension Unicode.Scalar {
  /// Whether it can change how other characters are shown, or is invisible: controls, bidirectional controls, line
  /// separators, and characters without a standard meaning.
  var isSteering: Bool {
    if value < 0x7F { return value < 0x20 }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
      return true
    default: return false
    }
  }
}
