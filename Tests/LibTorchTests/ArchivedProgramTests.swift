import ExportedPrograms
import FX
import Foundation
import TensorVocabulary
import Testing
import ZipArchives

@testable import LibTorch

/// Programs as they are read from archives.
@Suite(.needsLibTorch) struct ArchivedProgramTests {
  private static let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
      "Examples/moe_routing.pt2"
    )
    .path

  /// A copy of the example without the entries whose names contain `text`.
  private func copy(without text: String) throws -> String {
    let archive = try ProgramArchive(path: Self.example)
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).pt2").path
    var file = try ZipFileWriter(path: path, replacing: false)
    for entry in archive.zip.entries where !entry.name.contains(text) {
      try file.copy(entry, from: archive.zip)
    }
    try file.finish()
    return path
  }

  @Test func aMissingWeightIsNamed() throws {
    let path = try copy(without: "data/weights/weight_0")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let error = #expect(throws: LibTorchError.self) {
      _ = try RealProgram(path: path, library: try InstalledLibrary.require())
    }
    guard case .missingWeight(let name, let input)? = error?.kind else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!name.isEmpty && !input.isEmpty)
    #expect(error?.description.contains("the archive has no tensor") == true)
  }

  @Test func missingDevicesAreRefused() throws {
    let library = try InstalledLibrary.require()
    #expect(library.obstacle(to: .cpu) == nil)
    let isMissing = (try? library.empty(.float32, sizes: [0], device: Device(.mps))) == nil
    #expect((library.obstacle(to: Device(.mps)) != nil) == isMissing)
  }
}
