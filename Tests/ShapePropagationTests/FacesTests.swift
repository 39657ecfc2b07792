import FaceComparison
import Foundation
import FuzzTargets
import SwiftFX
import TestSupport
import Testing

/// The open classes answer as the engine does.
@Suite struct FacesTests {
  /// Programs whose branches and loops create, receive and return unbacked sizes.
  static let nested: [String] = {
    let folder = Bundle.module.resourceURL?.appendingPathComponent("Goldens/nested").path ?? ""
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".pt2") }.sorted().map { "\(folder)/\($0)" }
  }()

  static let archives = CorpusGolden.all.map(\.archive) + nested

  @Test(arguments: archives) func agreeOnPrograms(_ archive: String) throws {
    let comparison = try FaceComparison(ExportedProgram(path: archive))
    #expect(comparison.differences == [])
  }

  @Test(arguments: archives) func agreeAfterRandomEdits(_ archive: String) throws {
    let exported = try ExportedProgram(path: archive)
    var random = SplitMix64(seed: UInt64(archive.utf8.count))
    var module = exported.graphModule
    for _ in 0..<4 {
      var edit = RandomEdit(module, random)
      edit.apply()
      random = edit.random
      let comparison = try FaceComparison(exported, edited: edit.module)
      #expect(comparison.differences == [], "\(edit.description)")
      if !comparison.bothFail { module = edit.module }
    }
  }

  /// The expected values are those that PyTorch recorded in the archive.
  @Test(arguments: nested) func nestedProgramsGiveWhatWasRecorded(_ archive: String) throws {
    let program = try FakeProgram(ExportedProgram(path: archive))
    let result = program.context(table: .aten).propagate(program.inputs)
    #expect(result.error == nil)
    let graph = program.exported.graphModule.graph
    var compared = 0
    for node in graph.nodes {
      guard let recorded = program.recordedValue(of: node, in: ""), case .tensor = recorded else { continue }
      let value = result.values[node]
      #expect(
        value.flatMap { program.shapes.shortText(of: $0) } == program.shapes.shortText(of: recorded),
        "\(graph.name(of: node))")
      compared += 1
    }
    #expect(compared > 0)
  }

  @Test func thereAreNestedPrograms() { #expect(Self.nested.count >= 8) }
}
