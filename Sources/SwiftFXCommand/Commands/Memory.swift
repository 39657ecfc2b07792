import ArgumentParser
import ProgramCosts
import SwiftFX

extension SwiftFXCommand {
  /// `swiftfx memory`: how large a program gets and how much it computes, as formulas.
  struct Memory: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "memory",
      abstract:
        "Show the peak memory and the FLOPs of a program as formulas of its symbols.",
      discussion: """
        Prints the peak of live memory with the node where it is, parameters, inputs and temporaries apart, and the
        floating-point operations. --set gives symbols values; without it, both ends of the ranges are told, and what
        has no bound is named with the torch._check that it lacks.

        Example: swiftfx memory Examples/moe_routing.pt2
                 swiftfx memory Examples/moe_routing.pt2 --set s77=8 --set s27=128 --by module
                 swiftfx memory Examples/moe_routing.pt2 --svg memory.svg

        Exits with 1 when the program does not propagate to its end, with 64 when a size is unknown or out of range,
        with 65 when the archive cannot be read.
        """)

    @Argument(help: "The .pt2 archive.", completion: .file(extensions: ["pt2"]))
    var archive: String

    @Option(help: "The program in an archive that holds several.")
    var model: String?

    @Option(
      name: .customLong("set"), parsing: .singleValue,
      help: ArgumentHelp("The value of a symbol, such as s0=8.", valueName: "SYMBOL=NUMBER"))
    var sizes: [String] = []

    @Option(
      help: ArgumentHelp("Also print the costs of each module, node or operator.", valueName: "group"),
      transform: Memory.group)
    var by: CostGroup.Kind?

    @Option(help: ArgumentHelp("Draw the memory after each node into this file.", valueName: "file"))
    var svg: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "Print every row, and formulas as long as they are.")
    var all = false

    private static func group(_ name: String) throws -> CostGroup.Kind {
      guard let kind = CostGroup.Kind(rawValue: name) else {
        throw ValidationError("'\(name)' is not one of module, node and operator")
      }
      return kind
    }

    func run() throws {
      let loaded = try LoadedProgram.read(archive, model: model)
      let costs = ProgramCosts(loaded.program, table: .aten)
      let given: CostAssignment
      do {
        given = try CostAssignment(sizes.map { try CostAssignment.parse($0) }, in: costs.shapes)
      } catch {
        reportError("\(Escaped.line(archive)): \(error)")
        throw ExitStatus.wrongUsage
      }
      defer { SpentBudget.tell(archive, costs.shapes.hasSpentAnyBudget) }
      if let svg { try draw(costs, given, loaded, to: svg) }
      if json {
        System.Stream.output.write(MemoryJSON(costs, at: given, by: by).line)
      } else {
        System.Stream.output.writeLine(MemoryReport(loaded, costs, at: given, by: by, showsAll: all).text)
      }
      if costs.error != nil { throw ExitStatus.finding }
    }

    private func draw(
      _ costs: ProgramCosts, _ sizes: CostAssignment, _ loaded: LoadedProgram, to path: String
    ) throws {
      guard let curve = MemoryCurve(costs, at: sizes, title: loaded.name) else {
        reportError(
          "\(Escaped.line(archive)): there is no curve to draw: nothing was reached, or a size is beyond 64 bits"
        )
        throw ExitStatus.wrongUsage
      }
      try OutputFile.write(Array(curve.svg.utf8), at: path, replacing: true, sparing: [archive])
    }
  }
}
