import Foundation

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
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    guard size >= noticeableSize, isatty(STDERR_FILENO) != 0 else { return try body() }
    let line = "\(what) \(size / 1_000_000) MB …"
    FileHandle.standardError.write(Data(line.utf8))
    defer { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    return try body()
  }
}
