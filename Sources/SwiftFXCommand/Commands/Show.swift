import ArgumentParser
import SwiftFX

extension SwiftFXCommand {
  /// `swiftfx show`: the program as PyTorch prints it.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show",
      abstract: "Print a program as PyTorch shows it, with signature and constraints.",
      discussion: "Example: swiftfx show Examples/moe_routing.pt2")

    @Argument(
      help: "The .pt2 archive, or a text that PyTorch printed; - for standard input.",
      completion: .file(extensions: ["pt2"]))
    var archive: String

    @Option(
      help: "The program in an archive that holds several, or the title or number of a graph in a text.")
    var model: String?

    @OptionGroup(title: "Options for texts")
    var inputs: InputOptions

    func run() throws {
      let programs = try LoadedProgram.readAll(archive, model: model, inputs: inputs.given)
      System.Stream.output.writeLine(programs.map { ProgramListing($0).text }.joined(separator: "\n\n"))
    }
  }
}
