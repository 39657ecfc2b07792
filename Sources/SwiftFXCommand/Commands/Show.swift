import ArgumentParser
import SwiftFX

extension SwiftFXCommand {
  /// `swiftfx show`: the program as PyTorch prints it.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show",
      abstract: "Print a program as PyTorch shows it, with signature and constraints.",
      discussion: "Example: swiftfx show Examples/moe_routing.pt2")

    @Argument(help: "The .pt2 archive.", completion: .file(extensions: ["pt2"]))
    var archive: String

    @Option(help: "The program in an archive that holds several.")
    var model: String?

    func run() throws {
      let loaded = try LoadedProgram.read(archive, model: model)
      System.Stream.output.writeLine(ProgramListing(loaded).text)
    }
  }
}
