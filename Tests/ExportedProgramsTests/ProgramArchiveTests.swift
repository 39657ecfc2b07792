import Testing
import ZipArchives

@testable import ExportedPrograms

@Suite struct ProgramArchiveTests {
  @Test func readsTheFlatLayout() throws {
    let archive = try archive(["serialized_exported_program.json": "{}", "version": "8.7"])
    #expect(archive.layout.form == .flat)
    #expect(archive.layout.version == "8.7")
    #expect(try archive.programText(nil).bytes.text == "{}")
  }

  @Test func readsTheLayoutWithPickledWeights() throws {
    let archive = try archive(packaged(["models/model.json": "{}", "data/weights/model.pt": ""]))
    #expect(archive.layout.form == .pickled)
    #expect(archive.layout.root == "m/")
    #expect(archive.layout.models == ["model"])
  }

  @Test func readsTheLayoutWithRawWeights() throws {
    let archive = try archive(packaged(["models/only.json": "[]", "data/weights/weight_0": "abcd"]))
    #expect(archive.layout.form == .raw)
    #expect(try archive.programText(nil).entry == "m/models/only.json")
  }

  @Test func asksWhichOfSeveralPrograms() throws {
    let archive = try archive(packaged(["models/a.json": "1", "models/b.json": "2"]))
    #expect(try archive.programText("b").bytes.text == "2")
    let error = #expect(throws: ArchiveError.self) { try archive.programText(nil) }
    #expect(
      error?.description == """
        2 programs in the archive, and none called 'model'
          hint   name one of: a, b
        """)
  }

  @Test func refusesACompiledPackage() throws {
    let archive = try archive(packaged(["data/aotinductor/model/x.so": ""]))
    let error = #expect(throws: ArchiveError.self) { try archive.programText(nil) }
    #expect(error?.kind == .compiledPackage)
  }

  @Test(
    arguments: [
      (["m/data.pkl": ""], "a file of torch.save"), (["m/constants.pkl": ""], "a TorchScript module"),
      (["readme": ""], "'archive_format' is missing"), (["m/archive_format": "onnx"], "its format is 'onnx'"),
      (["m/archive_format": "pt2", "m/archive_version": "7"], "archive version '7' is not supported"),
      (["m/archive_format": "pt2", "n/x": ""], "do not share one folder"),
      (["m/archive_format": "pt2", "m/byteorder": "big"], "'big'-endian"),
    ] as [([String: String], String)])
  func refusesArchivesOfOtherKinds(_ entries: [String: String], _ message: String) {
    let error = #expect(throws: ArchiveError.self) { try archive(entries) }
    #expect(error?.description.contains(message) == true)
  }

  @Test func refusesAProgramWhoseChecksumIsWrong() throws {
    var bytes = try zip(packaged(["models/model.json": "{\"graph_module\": 1}"]))
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: "graph_module".utf8) })
    bytes[start] ^= 1
    let archive = try ProgramArchive(bytes: bytes)
    let error = #expect(throws: ArchiveError.self) { try archive.programText(nil) }
    guard case .zip(let cause)? = error?.kind, case .checksumMismatch = cause.kind else {
      Issue.record("expected a checksum error, got \(String(describing: error))")
      return
    }
  }

  @Test func refusesADirectoryAndAMissingFile() {
    #expect(throws: ArchiveError.self) { try ProgramArchive(path: "/") }
    #expect(throws: ArchiveError.self) { try ProgramArchive(path: "/nowhere/model.pt2") }
  }
}

private func packaged(_ entries: [String: String]) -> [String: String] {
  let markers = ["archive_format": "pt2", "archive_version": "0\n", "byteorder": "little"]
  return Dictionary(uniqueKeysWithValues: markers.merging(entries) { $1 }.map { ("m/\($0)", $1) })
}

private func zip(_ entries: [String: String]) throws -> [UInt8] {
  var writer = ZipWriter()
  for (name, text) in entries.sorted(by: { $0.key < $1.key }) { try writer.add(name, text.utf8) }
  return writer.finish()
}

private func archive(_ entries: [String: String]) throws -> ProgramArchive {
  try ProgramArchive(bytes: zip(entries))
}
