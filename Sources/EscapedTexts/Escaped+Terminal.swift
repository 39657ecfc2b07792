extension Escaped {
  /// `text` for a terminal: line breaks and tabs stay; characters that control the terminal are spelled out, such as
  /// `\x1b`.
  ///
  /// This is the last step before a report is written. Parts of a report that must not break their line go through
  /// ``line(_:)`` first; escaping twice changes nothing.
  public static func terminal(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 0x0A || $0 == 0x09 }) { return text }
    return replacing(text) { $0.isSteering && $0 != "\n" && $0 != "\t" ? pythonEscape($0) : nil }
  }

  /// `text` for one line of a report: line breaks and tabs are spelled out, too.
  public static func line(_ text: String) -> String {
    isPlain(text) ? text : replacing(text) { $0.isSteering ? pythonEscape($0) : nil }
  }
}
