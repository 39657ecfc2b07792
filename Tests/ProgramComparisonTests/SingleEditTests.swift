import ExportedPrograms
import Foundation
import ProgramComparison
import TestSupport
import Testing

/// Every single random change is found, and nothing else; the other way round it is mirrored.
///
/// `EDITED_ARCHIVES=FOLDER` tries the archives of a folder, and `EDITS=8` more changes of each kind.
@Suite struct SingleEditTests {
  private static let edits = ProcessInfo.processInfo.environment["EDITS"].flatMap { Int($0) } ?? 1

  private static let archives: [String] = {
    guard let folder = ProcessInfo.processInfo.environment["EDITED_ARCHIVES"] else { return TestArchives.all }
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".pt2") }.sorted().map { "\(folder)/\($0)" }
  }()

  @Test(arguments: archives) func everySingleEditIsFound(_ path: String) throws {
    let program = try ExportedProgram(path: path)
    // The same changes wherever the archives are.
    let name = path.split(separator: "/").last ?? ""
    var numbers = SplitMix64(seed: name.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
    for kind in ProgramEdit.kinds {
      for _ in 0..<Self.edits {
        guard let edit = kind(program, &numbers) else { break }
        let there = try ProgramDifference(program, edit.program, comparesAcceptedSizes: false)
        let back = try ProgramDifference(edit.program, program, comparesAcceptedSizes: false)
        if let problem = edit.problem(there, mirrored: back) {
          Issue.record("\(name): \(problem)")
        }
      }
    }
  }
}
