import Foundation
import Testing

/// The script behind `action.yml` and `.pre-commit-hooks.yaml`.
@Suite struct ArchiveCheckTests {
  private func check(_ paths: String...) throws -> Command.Result {
    let script = repositoryFile("Scripts/check_archives.sh")
    return try Command.run(["/usr/bin/env", "SWIFTFX=\(Command.executable.path)", script] + paths)
  }

  @Test func aProgramThatPropagatesIsALine() throws {
    let result = try check(exampleArchive)
    #expect(result.status == 0)
    #expect(result.output == "ok          \(exampleArchive)\n")
  }

  @Test func aFindingIsPrintedWithItsFixes() throws {
    let result = try check(exampleArchive, example("tracks"))
    #expect(result.status == 1)
    #expect(result.output.contains("finding     \(example("tracks"))\n"))
    #expect(result.output.contains("torch._check(kept.shape[0] > 4)"))
  }

  @Test func aFolderIsSearchedAndTheWorstCounts() throws {
    let scratch = try ScratchFolder()
    let damaged = try scratch.write([0x50, 0x4B], as: "a model.pt2")
    try FileManager.default.copyItem(
      atPath: example("tracks"), toPath: scratch.url.appendingPathComponent("tracks.pt2").path)
    let result = try check(scratch.url.path)
    #expect(result.status == 65)
    #expect(result.output.contains("unreadable  \(damaged)\n"))
    #expect(result.output.contains("finding     "))
  }

  @Test func aFolderWithoutArchivesIsFine() throws {
    let scratch = try ScratchFolder()
    let result = try withExtendedLifetime(scratch) { try check(scratch.url.path) }
    #expect(result.status == 0)
    #expect(result.output == "no archives\n")
  }
}
