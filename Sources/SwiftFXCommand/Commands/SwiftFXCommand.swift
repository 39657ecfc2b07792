import ArgumentParser
import HeapPages
import SwiftFX

/// `swiftfx`: the shapes of exported PyTorch programs, without Python.
@main
struct SwiftFXCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swiftfx",
    abstract: "Know the shapes of an exported PyTorch program, for every input, without running it.",
    version: SwiftFXVersion.current,
    subcommands: [Propagate.self, Explain.self, Show.self, Check.self, Bench.self])

  static func main() {
    HeapPages.enlarge()
    main(nil)
  }
}

/// The exit codes of `Documentation/exit-codes.md`; argument parsing itself exits with 64.
enum ExitStatus {
  /// The program is readable and there is something to report.
  static let finding = ExitCode(1)
  /// The arguments do not fit this program.
  static let wrongUsage = ExitCode(64)
  /// The input cannot be read.
  static let badInput = ExitCode(65)
}
