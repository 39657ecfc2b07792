/// Shows a line on a terminal while work is in progress.
///
/// Shown only for work long enough to be noticed, and only if standard error is a terminal.
enum Progress {
  /// The smallest archive, in bytes, whose work is long enough.
  static let noticeableSize = 32_000_000

  /// Runs `body`; shows `what` meanwhile if the file at `path` is large.
  static func shown<Result>(
    _ what: String, ofFileAt path: String, _ body: () throws -> Result
  ) rethrows -> Result {
    let terminal = System.Stream.errors
    let size = System.size(ofFileAt: path)
    guard size >= noticeableSize, terminal.isTerminal else { return try body() }
    terminal.write("\(what) \(size / 1_000_000) MB …")
    defer { terminal.write(Array("\r\u{1B}[K".utf8)) }
    return try body()
  }
}
