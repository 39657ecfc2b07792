/// A line on a terminal that says what is being done, gone when it is done.
///
/// Only work that takes long enough to be noticed shows it, and only where standard error is a terminal.
enum Progress {
  /// Archives from this size on take long enough, in bytes.
  static let noticeableSize = 32_000_000

  /// Runs `body`, with `what` on the terminal meanwhile when the file at `path` is large.
  static func shown<Result>(
    _ what: String, ofFileAt path: String, _ body: () throws -> Result
  ) rethrows -> Result {
    let terminal = System.Stream.errors
    let size = System.size(ofFileAt: path)
    guard size >= noticeableSize, terminal.isTerminal else { return try body() }
    terminal.write("\(what) \(size / 1_000_000) MB …")
    defer { terminal.write("\r\u{1B}[K") }
    return try body()
  }
}
