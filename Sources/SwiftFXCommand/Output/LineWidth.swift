#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The maximum line width of a report.
enum LineWidth {
  /// The columns of the standard output, from `COLUMNS` or the terminal; `nil` for a file or a pipe, in which no line
  /// is cut.
  static let ofOutput: Int? = {
    if let text = getenv("COLUMNS"), let columns = Int(String(cString: text)), columns > 0 {
      return max(columns, least)
    }
    guard System.Stream.output.isTerminal else { return nil }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return usual }
    return max(Int(size.ws_col), least)
  }()

  /// The columns assumed if the terminal does not report them, and for wrapped text.
  static let usual = 80
  /// The minimum width of a report.
  private static let least = 40

  /// `line`, cut with `…` if it is longer than `columns`.
  static func fitted(_ line: String, within columns: Int? = ofOutput) -> String {
    guard let columns, line.count > columns else { return line }
    return line.prefix(columns - 1) + "…"
  }
}
