import ArgumentParser
import SwiftFX

extension SwiftFXCommand {
  /// `swiftfx propagate`: re-derives the shape of every node and compares it with what the archive recorded.
  struct Propagate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Re-derive the symbolic shape of every node of a program.",
      discussion: """
        Prints a table of nodes, the symbols with their ranges and births, guards and runtime asserts, and where
        the result differs from what the archive recorded.

        Example: swiftfx propagate Examples/moe_routing.pt2

        Exits with 1 when propagation stops at an error or differs from the archive, with 64 when the arguments
        are wrong, with 65 when the archive cannot be read.
        """)

    @Argument(help: "The .pt2 archive.", completion: .file(extensions: ["pt2"]))
    var archive: String

    @Option(help: "The program in an archive that holds several.")
    var model: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "Take the recorded value of a node whose operator has no rule.")
    var trustRecorded = false

    @Flag(help: "Print every node and every column.")
    var all = false

    func run() throws {
      let loaded = try LoadedProgram.read(archive, model: model)
      let start = ContinuousClock.now
      let result = loaded.context.propagate(
        loaded.program.inputs, options: PropagationOptions(trustsRecorded: trustRecorded))
      let seconds = start.duration(to: .now).seconds
      if json {
        System.Stream.output.write(PropagationJSON.bytes(loaded, result, propagateSeconds: seconds))
      } else {
        print(PropagationReport(loaded, result, propagateSeconds: seconds, showsAll: all).text)
        if let error = result.error { reportError("\(archive): \(error)") }
      }
      if result.error != nil, !json { throw ExitStatus.finding }
    }
  }
}
