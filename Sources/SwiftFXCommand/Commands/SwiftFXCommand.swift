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
    // Each command states its name: deriving it from the type took a fifth of a short run.
    subcommands: [
      Propagate.self, Explain.self, Show.self, Check.self, Memory.self, Transform.self, Diff.self,
      Report.self, Run.self,
      Bench.self,
    ])

  static func main() {
    HeapPages.enlarge()
    System.surviveFailedWrites()
    TruncatedFiles.survive()
    var status = run(Array(CommandLine.arguments.dropFirst()))
    if TruncatedFiles.wereRead {
      reportError("a file became shorter while it was read")
      status = ExitStatus.badInput.rawValue
    }
    if let failure = System.outputFailure {
      if failure.isWorthTelling { reportError("the output cannot be written: \(failure.reason)") }
      status = ExitStatus.outputFailed.rawValue
    }
    System.finish(status)
  }

  /// Runs the command that `arguments` specify; help and errors are written like all other output.
  private static func run(_ arguments: [String]) -> Int32 {
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
      return 0
    } catch {
      let code = exitCode(for: error)
      let text = fullMessage(for: error)
      let stream = code == .success ? System.Stream.output : System.Stream.errors
      if !text.isEmpty { stream.writeLine(text) }
      return code.rawValue
    }
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
  /// The output could not be written completely.
  static let outputFailed = ExitCode(74)
}
