import ArgumentParser
import ExportedPrograms
import FaceComparison

/// `faces A.pt2 …`: runs both faces of propagation on archives and reports where they differ.
struct FacesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "faces", abstract: "Compare the open classes with the engine on archives.")

  @Argument(help: "Archives of exported programs.")
  var archives: [String]

  func run() throws {
    var (different, failed) = (0, 0)
    for path in archives {
      let name = path.split(separator: "/").last.map { String($0) } ?? path
      do {
        let comparison = try FaceComparison(ExportedProgram(path: path))
        if comparison.bothFail { failed += 1 }
        guard !comparison.differences.isEmpty else { continue }
        different += 1
        print("\(name): \(comparison.differences.count) differ")
        for line in comparison.differences.prefix(6) { print("  \(line.prefix(600))") }
      } catch { print("\(name): \(error)") }
    }
    print("programs \(archives.count), disagree \(different), both fail \(failed)")
    if different > 0 { throw ExitCode(1) }
  }
}
