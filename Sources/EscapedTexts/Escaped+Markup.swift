// Markup languages.

extension Escaped {
  /// `text` for HTML: as text between tags, or as an attribute value in either kind of quotation marks.
  ///
  /// It does not make URLs safe: one from outside must not become a link.
  public static func html(_ text: String) -> String {
    replacing(text) { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "'": "&#39;"
      case "\n", "\t": nil
      default: scalar.isSteering ? pythonEscape(scalar) : nil
      }
    }
  }

  /// `text` as a quoted DOT string, with quotation marks, for an identifier or a label.
  ///
  /// A line break becomes a line break in the label. Not for labels in angle brackets, which are HTML.
  public static func dot(_ text: String) -> String {
    let inside = replacing(text) { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      // Renderers may put labels into SVG and decode entities.
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      default: scalar.isSteering ? "\\" + pythonEscape(scalar) : nil
      }
    }
    return "\"" + inside + "\""
  }

  /// `text` for Markdown, in a line of prose or in a table cell: nothing in it is markup, a link or a mention.
  public static func markdown(_ text: String) -> String {
    replacing(text) { scalar in
      switch scalar {
      case "\n", "\t": " "
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "@": "&#64;"
      case "!"..."/", ":"..."@", "["..."`", "{"..."~": "\\\(scalar)"
      default: scalar.isSteering ? "\\" + pythonEscape(scalar) : nil
      }
    }
  }

  /// `text` as a Markdown code span, in a line of prose or, with `inTable`, in a table cell.
  public static func markdownCode(_ text: String, inTable: Bool = false) -> String {
    var inside = line(text)
    // In a table, a bar ends the cell even in code, unless it follows a backslash.
    if inTable { inside.replace("|", with: "\\|") }
    var (longest, run) = (0, 0)
    for byte in inside.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    // A span that begins or ends with a backtick or a space needs an extra space, which is not displayed.
    let edges = [inside.utf8.first, inside.utf8.last]
    let needsSpace = edges.contains { $0 == nil || $0 == UInt8(ascii: "`") || $0 == UInt8(ascii: " ") }
    return needsSpace ? "\(fence) \(inside) \(fence)" : fence + inside + fence
  }
}
