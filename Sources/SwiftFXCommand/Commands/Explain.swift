import ArgumentParser
import SwiftFX

extension SwiftFXCommand {
  /// `swiftfx explain`: where a symbol, a node's shape or a condition comes from, and why.
  struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "explain",
      abstract: "Explain where a symbol, a shape or a condition comes from.",
      discussion: """
        SUBJECT is a symbol (u0), a node (index, or true_graph_0.index inside a branch) or an expression
        ('2*u0 <= s77'). Without one, all symbols and asserts of the program are told in short.

        Example: swiftfx explain Examples/moe_routing.pt2 u0
        Example: swiftfx explain Examples/moe_routing.pt2 'u0 <= s27*s77'

        Exits with 64 when there is no such symbol or node, with 65 when the archive cannot be read.
        """)

    @Argument(
      help: "The .pt2 archive, or a text that PyTorch printed; - for standard input.",
      completion: .file(extensions: ["pt2"]))
    var archive: String

    @Argument(help: "A symbol, a node or an expression.")
    var subject: String?

    @Option(
      help: "The program in an archive that holds several, or the title or number of a graph in a text.")
    var model: String?

    @OptionGroup(title: "Options for texts")
    var inputs: InputOptions

    @OptionGroup(title: "Limits")
    var limits: BudgetOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "Print every fact, and lines as long as they are.")
    var all = false

    func run() throws {
      let explanation: Explanation
      let loaded = try LoadedProgram.readModel(archive, model: model, inputs: inputs.given)
      if loaded.programs.isEmpty, let log = loaded.document?.document.environments.first {
        explanation = try self.explanation(of: ExplainedLog(environment: log))
      } else {
        let program = ExplainedProgram(try loaded.onlyProgram(archive), limits)
        defer { SpentBudget.tell(archive, program.shapes.hasSpentAnyBudget) }
        do { explanation = try program.explanation(of: subject) } catch {
          reportError("\(error)")
          throw ExitStatus.wrongUsage
        }
      }
      if json {
        System.Stream.output.write(explanation.json)
      } else {
        System.Stream.output.writeLine(ExplanationText(explanation: explanation, showsAll: all).text)
      }
    }

    private func explanation(of log: ExplainedLog) throws -> Explanation {
      guard let subject else { return log.overview }
      if let explanation = log.explanation(of: subject) { return explanation }
      reportError(Escaped.line("\(archive): the log has no symbol '\(subject)'"))
      throw ExitStatus.wrongUsage
    }
  }
}
