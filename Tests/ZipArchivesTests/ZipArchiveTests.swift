import Testing
import ZipArchives

@Suite struct ZipArchiveTests {
  @Test func readsWhatTheWriterWrote() throws {
    let archive = try ZipArchive(bytes: small())
    #expect(archive.entries.map(\.name) == ["m/archive_format", "m/models/model.json", "m/empty"])
    #expect(archive.entries.map(\.size) == [3, 300, 0])
    let format = try #require(archive["m/archive_format"])
    #expect(try archive.contents(of: format).text == "pt2")
    #expect(archive["archive_format"] == nil)
  }

  @Test func alignsContentsTo64Bytes() throws {
    let archive = try ZipArchive(bytes: small())
    for entry in archive.entries {
      #expect(try archive.contents(of: entry).offset % ZipWriter.alignment == 0)
    }
  }

  @Test func readsZip64Records() throws {
    let archive = try ZipArchive(bytes: small(zip64: true))
    let format = try #require(archive["m/archive_format"])
    #expect(try archive.contents(of: format).text == "pt2")
  }

  @Test(arguments: [false, true])
  func refusesAnArchiveTruncatedAtAnyByte(_ zip64: Bool) throws {
    let bytes = try small(zip64: zip64)
    for count in 0..<bytes.count {
      #expect(throws: ZipError.self) { try ZipArchive(bytes: bytes.prefix(count)) }
    }
  }

  @Test func ignoresTheEndRecordOfANestedArchive() throws {
    var outer = ZipWriter()
    try outer.add("first", [UInt8](repeating: 1, count: 100))
    let inner = try small()
    try outer.add("inner.pt", inner)
    let bytes = outer.finish()
    let end = try #require((0...bytes.count).first { bytes.prefix($0).suffix(inner.count) == inner[...] })
    #expect(throws: ZipError.self) { try ZipArchive(bytes: bytes.prefix(end)) }
  }

  @Test func findsEveryFlippedBitOfContents() throws {
    let bytes = try small()
    let archive = try ZipArchive(bytes: bytes)
    let json = try archive.contents(of: try #require(archive["m/models/model.json"]))
    for offset in json.offset..<json.offset + json.count {
      var damaged = bytes
      damaged[offset] ^= 1 << UInt8(offset % 8)
      let archive = try ZipArchive(bytes: damaged)
      let entry = try #require(archive["m/models/model.json"])
      let error = #expect(throws: ZipError.self) { try archive.contents(of: entry) }
      guard case .checksumMismatch = error?.kind else {
        Issue.record("no checksum error for the bit at byte \(offset)")
        return
      }
      #expect(throws: Never.self) { try archive.contents(of: entry, verifyingChecksum: false) }
    }
  }

  /// For any bytes, the reader returns or throws; it never traps.
  @Test(arguments: [false, true])
  func survivesEveryFlippedBit(_ zip64: Bool) throws {
    let bytes = try small(zip64: zip64)
    for offset in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[offset] ^= 1 << UInt8(bit)
        readAll(damaged)
      }
      for value in [0, 0x7F, 0xFF] as [UInt8] {
        var damaged = bytes
        for index in offset..<min(offset + 8, bytes.count) { damaged[index] = value }
        readAll(damaged)
      }
    }
  }

  @Test func refusesAnEntryOutOfBounds() throws {
    let error = damage(try small(), centralField: 24, of: "m/archive_format", to: 0x7FFF_FFFF, alsoAt: 20)
    #expect(error == .outOfBounds("the entry"))
  }

  @Test func refusesCompressedEntries() throws {
    let error = damage(try small(), centralField: 10, of: "m/archive_format", to: 8, width: 2)
    #expect(error == .compressed(method: 8))
  }

  @Test func refusesOverlappingEntries() throws {
    let error = damage(try small(), centralField: 42, of: "m/models/model.json", to: 1)
    #expect(error == .overlappingEntries(other: "m/models/model.json"))
  }

  @Test func refusesDuplicateNames() throws {
    var writer = ZipWriter()
    try writer.add("aa", [])
    try writer.add("ab", [])
    #expect(throws: ZipError.self) { try writer.add("aa", []) }
    let bytes = replace("ab", by: "aa", in: writer.finish())
    let error = #expect(throws: ZipError.self) { try ZipArchive(bytes: bytes) }
    #expect(error?.kind == .duplicateName)
  }

  @Test func refusesMoreEntriesThanTheLimit() throws {
    var limits = ZipLimits()
    limits.entryCount = 2
    let error = #expect(throws: ZipError.self) { try ZipArchive(bytes: small(), limits: limits) }
    #expect(error?.kind == .limitExceeded(what: "entries", value: 3, limit: 2))
  }

  @Test func saysWhatIsWrongWhereAndWhatToDo() {
    let error = #expect(throws: ZipError.self) { try ZipArchive(bytes: Array("no archive at all".utf8)) }
    #expect(
      error?.description == """
        the archive is not a ZIP archive: no end of central directory
          hint   the file is not a ZIP archive, or was cut off while it was copied
        """)
  }
}

/// Opens an archive and reads all its entries, ignoring the results.
private func readAll(_ bytes: [UInt8]) {
  guard let archive = try? ZipArchive(bytes: bytes) else { return }
  for entry in archive.entries { _ = try? archive.contents(of: entry) }
}

private func small(zip64: Bool = false) throws -> [UInt8] {
  var writer = ZipWriter()
  writer.alwaysWritesZip64 = zip64
  try writer.add("m/archive_format", "pt2".utf8)
  try writer.add("m/models/model.json", (0..<300).map { UInt8($0 % 251) })
  try writer.add("m/empty", [])
  return writer.finish()
}

/// Overwrites one field of the directory header of `name`; returns the error of reading the entry.
private func damage(
  _ bytes: [UInt8], centralField field: Int, of name: String, to value: UInt32, width: Int = 4,
  alsoAt other: Int? = nil
) -> ZipError.Kind? {
  var bytes = bytes
  guard let found = bytes.indices.last(where: { bytes[$0...].starts(with: name.utf8) }) else { return nil }
  for field in [field] + (other.map { [$0] } ?? []) {
    for byte in 0..<width { bytes[found - 46 + field + byte] = UInt8(value >> UInt32(8 * byte) & 0xFF) }
  }
  do throws(ZipError) {
    let archive = try ZipArchive(bytes: bytes)
    guard let entry = archive[name] else { return nil }
    _ = try archive.contents(of: entry)
    return nil
  } catch {
    return error.kind
  }
}

private func replace(_ old: String, by new: String, in bytes: [UInt8]) -> [UInt8] {
  var bytes = bytes
  for start in bytes.indices where bytes[start...].starts(with: old.utf8) {
    bytes.replaceSubrange(start..<start + old.utf8.count, with: new.utf8)
  }
  return bytes
}
