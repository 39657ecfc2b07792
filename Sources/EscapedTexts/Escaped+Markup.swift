// Languages in which texts are marked up.

extension Escaped {
  /// `text` for HTML: as text between tags, or as the value of an attribute in quotation marks of either kind.
  ///
  /// It makes no address safe: one that comes from outside must not become a link.
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

  /// A quoted string of DOT that says `text`, quotation marks included, for an identifier or a label.
  ///
  /// A line break becomes one of the label. It is not meant for labels in angle brackets: those are HTML.
  public static func dot(_ text: String) -> String {
    let inside = replacing(text) { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      // Renderers may put labels into SVG and take entities apart.
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      default: scalar.isSteering ? "\\" + pythonEscape(scalar) : nil
      }
    }
    return "\"" + inside + "\""
  }

  /// `text` for Markdown, in a line of prose or in the cell of a table: nothing in it is markup, a link or a mention.
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

  /// A code span of Markdown that says `text`, in a line of prose or, if told so, in the cell of a table.
  public static func markdownCode(_ text: String, inTable: Bool = false) -> String {
    var inside = line(text)
    // In a table a bar ends the cell, in code, too, unless a backslash stands before it.
    if inTable { inside.replace("|", with: "\\|") }
    var (longest, run) = (0, 0)
    for byte in inside.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    // A span that begins or ends with a backtick or a space needs a space, which is not shown.
    let edges = [inside.utf8.first, inside.utf8.last]
    let needsSpace = edges.contains { $0 == nil || $0 == UInt8(ascii: "`") || $0 == UInt8(ascii: " ") }
    return needsSpace ? "\(fence) \(inside) \(fence)" : fence + inside + fence
  }
}
