import SwiftFX

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Names of files that are no UTF-8.
///
/// A name is shown with U+FFFD for what cannot be decoded; to be opened it needs the bytes of the argument.
enum FileNames {
  /// By shown name: a path of the same file that is UTF-8.
  private static let openable: [String: String] = {
    var found: [String: String] = [:]
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = CommandLine.unsafeArgv[index] else { continue }
      let shown = String(cString: argument)
      guard shown.unicodeScalars.contains("\u{FFFD}"), found[shown] == nil else { continue }
      // The file stays open as long as the process runs.
      let file = open(argument, O_RDONLY | O_NONBLOCK)
      if file >= 0 { found[shown] = "/dev/fd/\(file)" }
    }
    return found
  }()

  /// The path that opens the file of an argument.
  static func path(of argument: String) -> String {
    // Most names need no table.
    guard argument.unicodeScalars.contains("\u{FFFD}") else { return argument }
    return openable[argument] ?? argument
  }
}
