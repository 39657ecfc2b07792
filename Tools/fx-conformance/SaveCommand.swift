import ArgumentParser
import ExportedPrograms

/// Saves archives with every call written anew, so that a judge sees what the writer makes of it.
struct SaveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Save archives in a folder, every call and argument written anew.")

  @Argument(help: "Archives of exported programs.")
  var archives: [String]

  @Option(name: .shortAndLong, help: "The folder for the saved ones, which get the same names.")
  var output: String

  func run() throws {
    var failures = 0
    for path in archives {
      do {
        let program = try ExportedProgram(path: path)
        let name = path.split(separator: "/").last ?? ""
        try program.save(to: "\(output)/\(name)", replacing: true, rewritingEverything: true)
      } catch {
        failures += 1
        print("\(path): \(error)")
      }
    }
    if failures > 0 { throw ExitCode(1) }
  }
}
