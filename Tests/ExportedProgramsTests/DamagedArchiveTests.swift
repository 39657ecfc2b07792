import ExportedPrograms
import Foundation
import TestSupport
import Testing
import ZipArchives

/// PyTorch's archives with random damage: loading returns or throws, and never traps.
@Suite struct DamagedArchiveTests {
  private func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: ProgramGolden.url(name + ".pt2")))
  }

  @Test func refusesAnArchiveTruncatedAtAnyByte() throws {
    let bytes = try bytes("exportdb_optional_input_213")
    for count in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: ArchiveError.self) { try ExportedProgram(ProgramArchive(bytes: bytes.prefix(count))) }
    }
  }

  @Test func survivesFlippedBitsOfAnArchive() throws {
    let bytes = try bytes("exportdb_optional_input_213")
    var random = SplitMix64(seed: 0xF00D)
    for _ in 0..<3_000 {
      var damaged = bytes
      damaged[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      _ = try? ExportedProgram(ProgramArchive(bytes: damaged))
    }
  }

  /// The checksum would catch nearly all damage, so the text is damaged before it is packed.
  @Test(arguments: ProgramGolden.all)
  func survivesDamagedText(_ golden: ProgramGolden) throws {
    let archive = try ZipArchive(path: golden.archive)
    let entry = try #require(
      archive.entries.first {
        $0.name.hasSuffix("models/model.json") || $0.name.hasPrefix("serialized_exported")
      })
    let text = try archive.contents(of: entry).withUnsafeBytes { [UInt8]($0) }
    var random = SplitMix64(seed: 0xBAD5EED)
    for round in 0..<400 {
      var damaged = text
      for _ in 0...round % 3 { Self.damage(&damaged, &random) }
      var writer = ZipWriter()
      try writer.add("m/archive_format", "pt2".utf8)
      try writer.add("m/models/model.json", damaged)
      do {
        _ = try ExportedProgram(ProgramArchive(bytes: writer.finish()))
      } catch {
        #expect(!"\(error)".isEmpty)
      }
    }
  }

  private static func damage(_ text: inout [UInt8], _ random: inout SplitMix64) {
    let at = Int.random(in: text.indices, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: text[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: text.removeSubrange(at..<min(text.count, at + Int.random(in: 1...40, using: &random)))
    case 2: text.insert(contentsOf: text[at..<min(text.count, at + 30)], at: at)
    case 3: text.replaceSubrange(at...at, with: "-99999999999999999999".utf8)
    case 4: text[at] = [UInt8]("{}[]\",:\\ 0n".utf8).randomElement(using: &random) ?? 0
    default: text.removeSubrange(at...)
    }
    if text.isEmpty { text = [0] }
  }
}
