import ATenOperators
import ExportedPrograms
import Foundation
import ShapePropagation
import Testing

@testable import ProgramCosts

/// Archives that other test targets have, too.
enum Sample {
  private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let folders = [
    "ShapePropagationTests/Goldens", "SizeAdmissionTests/Goldens", "ShapePropagationTests/Goldens/nested",
  ]

  /// The path of the archive called `name`.
  static func path(_ name: String) throws -> String {
    let paths = folders.map { tests.appendingPathComponent("\($0)/\(name).pt2").path }
    return try #require(paths.first { FileManager.default.fileExists(atPath: $0) }, "\(name)")
  }

  /// The names of all archives.
  static let names: [String] = folders.flatMap { folder -> [String] in
    let files =
      (try? FileManager.default.contentsOfDirectory(atPath: tests.appendingPathComponent(folder).path)) ?? []
    return files.filter { $0.hasSuffix(".pt2") }.map { String($0.dropLast(4)) }
  }.sorted()

  /// The paths of all archives, or of those in the folder that a developer chose.
  static let chosen: [String] = {
    guard let folder = ProcessInfo.processInfo.environment["COSTED_ARCHIVES"] else {
      return names.compactMap { try? path($0) }
    }
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".pt2") }.sorted().map { "\(folder)/\($0)" }
  }()

  static func program(_ name: String) throws -> FakeProgram {
    try FakeProgram(ExportedProgram(path: path(name)))
  }

  static func costs(_ name: String) throws -> ProgramCosts { ProgramCosts(try program(name), table: .aten) }
}
