import SwiftFX
import Testing

/// An archive with valid JSON but invalid expressions.
@Suite struct BadExpressionTests {
  @Test(arguments: [
    ("Symbol('u0'", "Symbol(?u0'"), ("Symbol('u0', integer=True", "Symbol('u0', integer=Maybe"),
    ("Symbol('u0'", "Unknown('u0'"),
  ])
  func anUnreadableExpressionIsNamed(_ good: String, _ bad: String) throws {
    let golden = try #require(CorpusGolden.all.first { $0.name == "unb_floordiv_213" })
    let archive = try ZipArchive(path: golden.archive)
    var writer = ZipWriter()
    for entry in archive.entries {
      var bytes = try archive.contents(of: entry).withUnsafeBytes { Array($0) }
      if entry.name.hasSuffix("models/model.json") {
        bytes = Array(String(decoding: bytes, as: UTF8.self).replacing(good, with: bad).utf8)
      }
      try writer.add(entry.name, bytes)
    }
    let exported = try ExportedProgram(ProgramArchive(bytes: writer.finish()))
    let error = #expect(throws: PropagationError.self) { try FakeProgram(exported) }
    #expect(error?.message.contains("cannot be read") == true)
  }
}
