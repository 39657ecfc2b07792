import ArgumentParser
import GraphPasses
import ProgramPasses
import SwiftFX

extension SwiftFXCommand {
  /// `swiftfx transform`: runs passes over a program and saves the result as PyTorch loads it.
  struct Transform: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "transform",
      abstract: "Run passes over a program and save it so that PyTorch can load it.",
      discussion: """
        The passes run in the order in which they are given. After each one the graph is checked and
        propagated again, with the symbols of the program kept. Whatever the passes leave alone is
        saved as it was, weights included; without --pass the result is a copy. The result of a text
        is a text, which goes to standard output when no --output is given.

        Example: swiftfx transform Examples/moe_routing.pt2 --pass dead-code -o smaller.pt2
                 swiftfx transform Examples/moe_routing.pt2 --pass decompose --pass no-ops -o core.pt2
                 swiftfx transform Examples/moe_routing.pt2 --pass runtime-asserts --dry-run
                 swiftfx transform graph.txt --pass replace=pattern:old.txt,with:new.txt
                 swiftfx transform --list

        Exits with 64 when the arguments are wrong or the output is not to be replaced, with 65 when the program
        cannot be read, transformed or saved.
        """)

    @Argument(
      help: ArgumentHelp(
        "A .pt2 archive or a text that PyTorch printed; - for standard input.", valueName: "model"),
      completion: .file(extensions: ["pt2", "txt"]))
    var path: String?

    @Option(help: "The program in an archive or text that holds several, by name or, in a text, by number.")
    var model: String?

    @OptionGroup var inputs: InputOptions

    @Option(
      name: .customLong("pass"), parsing: .singleValue,
      help: ArgumentHelp("A pass to run; may be given several times.", valueName: "NAME[=ARGUMENTS]"))
    var passes: [String] = []

    @Option(
      name: [.customShort("o"), .customLong("output")],
      help: ArgumentHelp("Where the new program goes.", valueName: "OUT.pt2"),
      completion: .file(extensions: ["pt2"]))
    var output: String?

    @Flag(help: "Replace an existing file; never the archive that is read.")
    var force = false

    @Flag(help: "Print what the passes change, and save nothing.")
    var dryRun = false

    @Flag(help: "List the passes.")
    var list = false

    func validate() throws {
      if list { return }
      guard path != nil else { throw ValidationError("name the program to transform, or ask for --list") }
      if dryRun, output != nil { throw ValidationError("--dry-run saves nothing; leave out --output") }
    }

    func run() throws {
      if list { return listPasses() }
      guard let path else { return }
      let steps: [ProgramPass]
      do { steps = try passes.map { try PassTable.command.pass($0) } } catch {
        reportError(
          "\(Escaped.line("\(error)"))\n  hint   swiftfx transform --list tells the passes and their arguments"
        )
        throw ExitStatus.wrongUsage
      }
      let loaded = try LoadedProgram.read(
        path, model: model, inputs: inputs.given, isToBeSaved: output != nil)
      guard dryRun || output != nil || loaded.text != nil else {
        throw ValidationError(
          "say where the new archive goes with --output, or try the passes with --dry-run")
      }
      var edited = loaded.exported
      do { try edited.apply(steps, operators: .aten) } catch {
        reportError("\(Escaped.line(path)): \(error)")
        throw ExitStatus.badInput
      }
      if dryRun { return report(edited, loaded) }
      if loaded.text != nil { return try write(edited) }
      guard let output else { return }
      do { try edited.save(to: output, replacing: force) } catch {
        reportError("\(error)")
        throw error.isWrongUsage ? ExitStatus.wrongUsage : ExitStatus.badInput
      }
    }

    /// Writes the result of a text, to standard output unless it has a place.
    private func write(_ edited: ExportedProgram) throws {
      let text: String
      do { text = try ProgramText(edited).text } catch {
        reportError("\(error)")
        throw ExitStatus.badInput
      }
      guard let output else { return System.Stream.output.write(text) }
      try OutputFile.write(
        Array(text.utf8), at: output, replacing: force, sparing: path.map { [$0] } ?? [])
    }

    private func listPasses() {
      let entries = PassTable.command.entries
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
