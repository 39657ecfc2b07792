import ExportedPrograms
import Foundation
import ZipArchives

/// Archives and texts of the repository, which inputs are made from.
public enum FuzzSamples {
  /// The root of the repository.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// An archive with its program as JSON.
  struct Archive: Sendable {
    let bytes: [UInt8]
    let json: JSONTree
    /// Strings and numbers that occur in it.
    let pool: [JSONTree]
  }

  private static func files(_ folder: String, _ endings: [String]) -> [[UInt8]] {
    let folder = root.appending(path: folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().filter { name in endings.contains { name.hasSuffix($0) } }
      .compactMap { try? [UInt8](Data(contentsOf: folder.appending(path: $0))) }
  }

  /// Programs as PyTorch exports them.
  static let archives = [
    "Examples", "Tests/ExportedProgramsTests/Goldens", "Tests/ShapePropagationTests/Goldens",
  ].flatMap { files($0, [".pt2"]) }
    .compactMap(archive)

  /// Programs that ask for a lot, or that say what cannot be.
  static let hostile = files("Tests/CommandTests/Fixtures/hostile", [".pt2"]).compactMap(archive)

  /// Texts that PyTorch printed.
  static let texts = files("Tests/GraphTextTests/Goldens", [".txt", ".py"])

  private static func archive(_ bytes: [UInt8]) -> Archive? {
    guard let zip = try? ZipArchive(bytes: bytes),
      let entry = zip.entries.first(where: {
        $0.name.hasSuffix("models/model.json") || $0.name == "serialized_exported_program.json"
      }),
      let text = try? zip.contents(of: entry).withUnsafeBytes({ [UInt8]($0) }),
      let json = JSONTree(text)
    else { return nil }
    return Archive(bytes: bytes, json: json, pool: json.leaves)
  }

  /// An archive with `json` as its only program.
  static func archive(_ json: JSONTree) -> [UInt8] {
    var writer = ZipWriter()
    do {
      try writer.add("m/archive_format", "pt2".utf8)
      try writer.add("m/models/model.json", json.text)
    } catch { return [] }
    return writer.finish()
  }
}
