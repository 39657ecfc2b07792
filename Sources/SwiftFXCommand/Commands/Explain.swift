import ArgumentParser
import SwiftFX

extension SwiftFXCommand {
  /// `swiftfx explain`: where a symbol, a node's shape or a condition comes from, and why.
  struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say where a symbol, a shape or a condition comes from, and why.",
      discussion: """
        SUBJECT is a symbol (u0), a node (index, or true_graph_0.index inside a branch) or an expression
        ('2*u0 <= s77'). Without one, all symbols and asserts of the program are told in short.

        Example: swiftfx explain Examples/moe_routing.pt2 u0
        Example: swiftfx explain Examples/moe_routing.pt2 'u0 <= s27*s77'

        Exits with 64 when there is no such symbol or node, with 65 when the archive cannot be read.
        """)

    @Argument(help: "The .pt2 archive.", completion: .file(extensions: ["pt2"]))
    var archive: String

    @Argument(help: "A symbol, a node or an expression.")
    var subject: String?

    @Option(help: "The program in an archive that holds several.")
    var model: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "Print every fact, and lines as long as they are.")
    var all = false

    func run() throws {
      let program = ExplainedProgram(try LoadedProgram.read(archive, model: model))
      let explanation: Explanation
      do { explanation = try program.explanation(of: subject) } catch {
        reportError("\(error)")
        throw ExitStatus.wrongUsage
      }
      if json {
        System.Stream.output.write(explanation.json)
      } else {
        System.Stream.output.writeLine(ExplanationText(explanation: explanation, showsAll: all).text)
      }
    }
  }
}
