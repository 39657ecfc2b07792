import ArgumentParser
import SwiftFX

extension SwiftFXCommand {
  /// `swiftfx check`: whether a program accepts inputs of given sizes, and the shapes of its results.
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: "Check sizes of inputs against a program before running it.",
      discussion: """
        Each --input names an input and its sizes; '?' leaves a size open. Prints whether PyTorch would take them,
        the constraint that they violate with its origin and the nearest sizes that are accepted, and the shapes
        of the results. With ranges, prints which sizes are accepted.

        Example: swiftfx check Examples/moe_routing.pt2 --input x=8x128x16
                 swiftfx check Examples/moe_routing.pt2 --input x=1..64x1..4096/8x16
                 swiftfx check Examples/moe_routing.pt2 --emit python > admission.py

        Exits with 1 when sizes are refused, with 64 when the arguments are wrong, with 65 when the archive cannot
        be read.
        """)

    @Argument(
      help: "The .pt2 archive, or a text that PyTorch printed; - for standard input.",
      completion: .file(extensions: ["pt2"]))
    var archive: String

    @Option(
      help: "The program in an archive that holds several, or the title or number of a graph in a text.")
    var model: String?

    @Option(
      name: .customLong("inputs"),
      help: ArgumentHelp(
        "Lines such as 'x: f32[s0, 8]' that say what the inputs of a text without shapes are.",
        valueName: "file"))
    var inputsFile: String?

    @Option(
      name: .customLong("input"), parsing: .singleValue,
      help: ArgumentHelp("Sizes of an input, such as x=8x128, x=1..64x128, k=5.", valueName: "NAME=SIZES"))
    var inputs: [String] = []

    @Flag(help: "Refuse also what PyTorch runs but the propagated shapes do not cover.")
    var strict = false

    @Option(
      help: ArgumentHelp("Print the check as source: python, c or swift.", valueName: "language"),
      transform: Check.language)
    var emit: SourceLanguage?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
      if emit != nil, json { throw ValidationError("choose one of --emit and --json") }
    }

    private static func language(_ name: String) throws -> SourceLanguage {
      guard let language = SourceLanguage(rawValue: name) else {
        throw ValidationError("'\(name)' is not one of python, c and swift")
      }
      return language
    }

    func run() throws {
      let loaded = try LoadedProgram.read(archive, model: model, inputs: GivenInputs(file: inputsFile))
      let checker = SizeChecker(loaded.program, table: .aten)
      let request: SizeRequest
      do {
        let patterns = try inputs.map { try SizePattern($0) }
        request = try SizeRequest(patterns, checker.rules)
      } catch {
        reportError("\(Escaped.line(archive)): \(error)")
        throw ExitStatus.wrongUsage
      }
      defer { SpentBudget.tell(archive, checker.hasSpentBudget) }
      if let emit { return try write(checker, in: emit, loaded) }
      if request.isSweep { return try sweep(request, checker, loaded) }
      let answer = checker.check(request, policy: strict ? .strict : .accepted)
      if json {
        System.Stream.output.write(CheckJSON.bytes(loaded, inputs, answer))
      } else {
        System.Stream.output.writeLine(CheckReport(loaded, inputs, checker, answer).text)
      }
      if answer.verdict == .refused { throw ExitStatus.finding }
    }

    private func sweep(_ request: SizeRequest, _ checker: SizeChecker, _ loaded: LoadedProgram) throws {
      let sweep: SizeSweep
      do { sweep = try SizeSweep(request, checker, policy: strict ? .strict : .accepted) } catch {
        reportError("\(Escaped.line(archive)): \(error)")
        throw ExitStatus.wrongUsage
      }
      let start = ContinuousClock.now
      let result = sweep.run()
      let report = SweepReport(loaded, sweep, result, seconds: start.duration(to: .now).seconds)
      if json { System.Stream.output.write(report.json) } else { System.Stream.output.writeLine(report.text) }
      if result.accepted == 0 { throw ExitStatus.finding }
    }

    private func write(_ checker: SizeChecker, in language: SourceLanguage, _ loaded: LoadedProgram) throws {
      let check = checker.admissionCheck(policy: strict ? .strict : .accepted)
      let source = AdmissionSource(check, in: language, title: loaded.name)
      System.Stream.output.write(Array(source.text.utf8))
      for constraint in source.unchecked {
        reportError("\(Escaped.line(archive)): not checked: \(constraint.text): \(constraint.reason)")
      }
    }
  }
}
