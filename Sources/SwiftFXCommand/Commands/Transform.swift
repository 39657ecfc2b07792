import ArgumentParser
import GraphPasses
import SwiftFX

extension SwiftFXCommand {
  /// `swiftfx transform`: runs passes over a program and saves the result as PyTorch loads it.
  struct Transform: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run passes over a program and save it as PyTorch loads it.",
      discussion: """
        The passes run in the order in which they are given, and the graph is checked after each one. The
        result is propagated again, with the symbols of the archive kept. Whatever the passes leave alone is
        saved as it was, weights included; without --pass the result is a copy.

        Example: swiftfx transform Examples/moe_routing.pt2 --pass dead-code -o smaller.pt2
                 swiftfx transform Examples/moe_routing.pt2 --pass runtime-asserts --dry-run
                 swiftfx transform Examples/moe_routing.pt2 --pass cse=banned:aten.rand -o smaller.pt2
                 swiftfx transform --list

        Exits with 64 when the arguments are wrong or the output is not to be replaced, with 65 when the archive
        cannot be read, transformed or saved.
        """)

    @Argument(help: "The .pt2 archive.", completion: .file(extensions: ["pt2"]))
    var archive: String?

    @Option(help: "The program in an archive that holds several.")
    var model: String?

    @Option(
      name: .customLong("pass"), parsing: .singleValue,
      help: ArgumentHelp("A pass to run; may be given several times.", valueName: "NAME[=ARGUMENTS]"))
    var passes: [String] = []

    @Option(
      name: [.customShort("o"), .customLong("output")],
      help: ArgumentHelp("Where the new archive goes.", valueName: "OUT.pt2"),
      completion: .file(extensions: ["pt2"]))
    var output: String?

    @Flag(help: "Replace a file that is there; never the archive that is read.")
    var force = false

    @Flag(help: "Print what the passes change, and save nothing.")
    var dryRun = false

    @Flag(help: "List the passes.")
    var list = false

    func validate() throws {
      if list { return }
      guard archive != nil else { throw ValidationError("name the archive to transform, or ask for --list") }
      if dryRun, output != nil { throw ValidationError("--dry-run saves nothing; leave out --output") }
      guard dryRun || output != nil else {
        throw ValidationError(
          "say where the new archive goes with --output, or try the passes with --dry-run")
      }
    }

    func run() throws {
      if list { return listPasses() }
      guard let archive else { return }
      let loaded = try LoadedProgram.read(archive, model: model)
      let manager: PassManager
      do {
        let table = PassTable.passes(for: loaded.exported)
        manager = PassManager(try passes.map { try table.pass($0) })
      } catch {
        reportError("\(error)")
        throw ExitStatus.wrongUsage
      }
      let edited: ExportedProgram
      do { edited = try Self.transformed(loaded, manager) } catch {
        reportError("\(archive): \(error)")
        throw ExitStatus.badInput
      }
      if dryRun { return report(edited, loaded) }
      guard let output else { return }
      do { try edited.save(to: output, replacing: force) } catch {
        reportError("\(error)")
        throw error.isWrongUsage ? ExitStatus.wrongUsage : ExitStatus.badInput
      }
    }

    private func listPasses() {
      let entries = PassTable.passes(for: nil).entries
      let width =
        (entries.map(\.name.count) + entries.flatMap(\.parameters).map { $0.name.count + 2 }).max() ?? 0
      func line(_ name: String, _ summary: String) {
        let space = String(repeating: " ", count: max(0, width - name.count))
        System.Stream.output.writeLine("\(name)\(space)   \(summary)")
      }
      for entry in entries {
        line(entry.name, entry.summary)
        for parameter in entry.parameters { line("  \(parameter.name)", parameter.summary) }
      }
    }

    private static func transformed(_ loaded: LoadedProgram, _ manager: PassManager) throws -> ExportedProgram
    {
      var module = loaded.exported.graphModule
      try manager(&module)
      return manager.passes.isEmpty ? loaded.exported : try loaded.program.exported(module, table: .aten)
    }

    private func report(_ edited: ExportedProgram, _ loaded: LoadedProgram) {
      let changes = GraphChanges(from: loaded.exported.graphModule, to: edited.graphModule)
      let (before, after) = (
        loaded.exported.graphModule.graph.nodes.count, edited.graphModule.graph.nodes.count
      )
      System.Stream.output.writeLine(
        "\(loaded.name)   \(before) nodes → \(after) nodes   \(changes.lines.count) changes")
      for line in changes.lines { System.Stream.output.writeLine("  \(line)") }
    }
  }
}

extension SavingError {
  /// Whether another command line helps.
  fileprivate var isWrongUsage: Bool {
    switch kind {
    case .replacesSource: true
    case .file(let error): error.kind == .alreadyExists
    default: false
    }
  }
}
