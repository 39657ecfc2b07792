import ArgumentParser
import ProgramReports
import SwiftFX

extension SwiftFXCommand {
  /// `swiftfx report`: a program as one page to look at.
  struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "report",
      abstract: "Write a page that shows a program: modules, graphs, symbols, sizes, memory.",
      discussion: """
        The page is one HTML file that needs no network: open it from disk. Its form evaluates the program's check, \
        every shape, memory and operations at the sizes that you type.

        Example: swiftfx report Examples/moe_routing.pt2 -o report.html
                 swiftfx report after.pt2 --against before.pt2 -o report.html

        Exits with 64 when the page is not to be replaced, with 65 when the archive cannot be read or the page cannot be
        written.
        """)

    @Argument(help: "The .pt2 archive, a text that PyTorch printed, or - for a text on standard input.")
    var archive: String

    @Option(name: [.short, .long], help: "The HTML file to write.", completion: .file(extensions: ["html"]))
    var output: String

    @Option(
      help: ArgumentHelp(
        "Show this program beside the first, with what differs between the two.", valueName: "archive"),
      completion: .file(extensions: ["pt2"]))
    var against: String?

    @Option(help: "The program in an archive that holds several.")
    var model: String?

    @Flag(help: "Replace the file if it exists; never a program that is read.")
    var force = false

    func run() throws {
      let loaded = try LoadedProgram.read(archive, model: model)
      let other = try against.map { try LoadedProgram.read($0, model: model) }
      let paths = [archive] + (against.map { [$0] } ?? [])
      let report: ProgramReport
      do {
        report = try ProgramReport(
          loaded.exported, name: loaded.name, table: .aten, against: other.map { ($0.exported, $0.name) })
      } catch {
        reportError("\(Escaped.line(paths.joined(separator: ", "))): \(error)")
        throw ExitStatus.badInput
      }
      try OutputFile.write(report.html, at: output, replacing: force, sparing: paths)
      SpentBudget.tell(archive, report.isCutShort)
    }
  }
}
