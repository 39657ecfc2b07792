#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How long the lines of a report may be.
enum LineWidth {
  /// The columns of the standard output, as `COLUMNS` or the terminal tells; `nil` in a file or a pipe, where no line
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

  /// The columns of a terminal that does not tell, and of texts that are wrapped.
  static let usual = 80
  /// No report is made narrower.
  private static let least = 40

  /// `line`, cut with `…` where it is longer than `columns`.
  static func fitted(_ line: String, within columns: Int? = ofOutput) -> String {
    guard let columns, line.count > columns else { return line }
    return line.prefix(columns - 1) + "…"
  }
}
