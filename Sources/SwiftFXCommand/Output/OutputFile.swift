import SwiftFX
import ZipArchives

/// The files that commands write.
enum OutputFile {
  /// Writes a file that appears when it is complete, or reports on standard error why that fails.
  ///
  /// The files in `read` are never replaced.
  static func write(_ bytes: [UInt8], at path: String, replacing: Bool, sparing read: [String]) throws {
    guard !read.contains(where: { isOneFile($0, path) }) else {
      reportError("\(Escaped.line(path)) is the program that is read; name another file")
      throw ExitStatus.wrongUsage
    }
    do throws(ZipError) {
      var file = try NewFile.create(at: path, replacing: replacing)
      try file.write(bytes)
      try file.commit()
    } catch {
      reportError("\(error)")
      throw error.kind == .alreadyExists ? ExitStatus.wrongUsage : ExitStatus.badInput
    }
  }
}
