import ArgumentParser
import ProgramComparison
import SwiftFX

extension SwiftFXCommand {
  /// `swiftfx diff`: what differs between two programs, up to names and order.
  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "diff",
      abstract: "Show what differs between two programs, whatever their nodes and symbols are called.",
      discussion: """
        Nodes are matched by what they compute and where they stand. Prints what differs: operators, arguments, dtypes,
        sizes as formulas, ranges, guards, runtime asserts, weights by content, inputs and outputs, sizes that only one of
        the programs takes, memory and operations.

        Example: swiftfx diff a.pt2 b.pt2
                 swiftfx diff a.pt2 b.pt2 --markdown --ignore strides
                 swiftfx diff a.pt2 b.pt2 --only operators,weights

        Topics: \(DifferenceTopic.allCases.map(\.rawValue).joined(separator: ", ")).

        Exits with 1 when they differ in a topic that is shown, with 64 when the arguments are wrong, with 65 when an
        archive cannot be read.
        """)

    @Argument(
      help: "The first archive.", completion: .file(extensions: ["pt2"])
    )
    var a: String

    @Argument(help: "The second archive.", completion: .file(extensions: ["pt2"]))
    var b: String

    @Option(help: "The program in archives that hold several.")
    var model: String?

    @Option(
      help: ArgumentHelp("The topics to compare, separated by commas.", valueName: "topics"),
      transform: Diff.topics)
    var only: Set<DifferenceTopic>?

    @Option(
      help: ArgumentHelp("The topics to leave out, separated by commas.", valueName: "topics"),
      transform: Diff.topics)
    var ignore: Set<DifferenceTopic> = []

    @Flag(help: "Print Markdown, for a pull request.")
    var markdown = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
      if markdown, json { throw ValidationError("choose one of --markdown and --json") }
      if topics.isEmpty { throw ValidationError("--only and --ignore leave no topic to compare") }
    }

    /// The topics to compare; names are shown to who asks for them.
    private var topics: Set<DifferenceTopic> {
      (only ?? Set(DifferenceTopic.allCases).subtracting([.names])).subtracting(ignore)
    }

    private static func topics(_ names: String) throws -> Set<DifferenceTopic> {
      Set(
        try names.split(separator: ",").map { name in
          guard let topic = DifferenceTopic(rawValue: String(name)) else {
            throw ValidationError(
              "'\(name)' is not one of \(DifferenceTopic.allCases.map(\.rawValue).joined(separator: ", "))")
          }
          return topic
        })
    }

    func run() throws {
      let difference: ProgramDifference
      do {
        difference = try ProgramDifference(
          load(a), load(b),
          comparesAcceptedSizes: json || !topics.isDisjoint(with: [.sizes, .guards]),
          costs: topics == [.costs] ? .always : json || topics.contains(.costs) ? .ofDifferentGraphs : .never)
      } catch let status as ExitCode {
        throw status
      } catch {
        reportError("\(a), \(b): \(error)")
        throw ExitStatus.badInput
      }
      let report = DifferenceReport(difference, topics, a: a, b: b)
      if json {
        System.Stream.output.write(DifferenceJSON.bytes(difference))
      } else {
        System.Stream.output.writeLine(markdown ? report.markdown : report.text)
      }
      SpentBudget.tell("\(a), \(b)", difference.isCutShort)
      if !report.isEmpty || json && !difference.isEqual { throw ExitStatus.finding }
    }

    private func load(_ path: String) throws -> ExportedProgram {
      do {
        if path != "-", case .archive = try ModelFile(path) {
          return try ExportedProgram(path: FileNames.path(of: path), model: model)
        }
      } catch {
        reportError("\(Escaped.line(path)): \(error)")
        throw ExitStatus.badInput
      }
      return try LoadedProgram.read(path, model: model).exported
    }
  }
}
