import ArgumentParser
import SwiftFX

extension SwiftFXCommand {
  /// `swiftfx show`: the program as PyTorch prints it.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show",
      abstract: "Print a program as PyTorch shows it, with signature and constraints.",
      discussion: """
        Example: swiftfx show Examples/moe_routing.pt2
                 swiftfx show Examples/moe_routing.pt2 --strides --device
                 swiftfx show Examples/moe_routing.pt2 --constraints tensorrt
        """)

    @Argument(
      help: "The .pt2 archive, or a text that PyTorch printed; - for standard input.",
      completion: .file(extensions: ["pt2"]))
    var archive: String

    @Option(
      help: "The program in an archive that holds several, or the title or number of a graph in a text.")
    var model: String?

    @OptionGroup(title: "Options for texts")
    var inputs: InputOptions

    @Flag(help: "Print the strides of tensors.")
    var strides = false

    @Flag(help: "Print the devices of tensors.")
    var device = false

    @Flag(help: "Print each input on a line of its own.")
    var expanded = false

    @Option(
      help: ArgumentHelp(
        "Print the constraints of the inputs in a tool's words instead: dim, shapes-spec, coreml, onnx, jax or tensorrt.",
        valueName: "tool"), transform: Show.dialect)
    var constraints: ConstraintDialect?

    private static func dialect(_ name: String) throws -> ConstraintDialect {
      guard let dialect = ConstraintDialect(rawValue: name) else {
        let known = ConstraintDialect.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("'\(name)' is not one of \(known)")
      }
      return dialect
    }

    func run() throws {
      let loaded = try LoadedProgram.readModel(archive, model: model, inputs: inputs.given)
      let programs = loaded.programs
      if let constraints {
        try loaded.refuseContradictions()
        let texts = programs.map { loaded in
          let checker = SizeChecker(loaded.program, table: .aten)
          return InputConstraints(loaded.program, checker.rules).text(in: constraints)
        }
        return System.Stream.output.write(Array(texts.joined(separator: "\n").utf8))
      }
      var annotations: AnnotationOptions = []
      if strides { annotations.insert(.strides) }
      if device { annotations.insert(.device) }
      let style = ReadableStyle(isExpanded: expanded)
      let texts = programs.map { ProgramListing(loaded: $0, annotations: annotations, style: style).text }
      System.Stream.output.writeLine(texts.joined(separator: "\n\n"))
    }
  }
}
