import ExportedPrograms
import FX
import Foundation

/// The archives of this and other test targets.
enum TestArchives {
  static let all = [
    "Examples", "Tests/CommandTests/Fixtures", "Tests/ShapePropagationTests/Goldens",
    "Tests/ShapePropagationTests/Goldens/nested", "Tests/SizeAdmissionTests/Goldens",
  ].flatMap(archives)

  /// Programs in the spirit of public reports.
  static let reports = archives("Tests/CommandTests/Fixtures/reports")

  /// The archives in a folder of the package.
  private static func archives(_ folder: String) -> [String] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let path = root.appendingPathComponent(folder).path
    let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return files.filter { $0.hasSuffix(".pt2") }.sorted().map { "\(path)/\($0)" }
  }
}

extension ExportedProgram {
  /// The program with what `original` recorded, under the names that the nodes have now.
  func renamedRecords(from original: ExportedProgram) -> ExportedProgram {
    var result = self
    var values = RecordedValues()
    for node in graphModule.graph.nodes {
      values.record(
        original.recordedValues[""]?.value(of: node, in: original.graphModule.graph), for: node,
        in: graphModule.graph)
    }
    result.recordedValues[""] = values
    return result
  }
}
