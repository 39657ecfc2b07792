/// The location of the central directory, from the records at the end of the file.
struct DirectoryLocation {
  let offset: Int
  let size: Int
  let count: Int
  /// The first byte after the directory.
  var end: Int { offset + size }

  /// Finds the end record, and the ZIP64 one before it if there is one.
  ///
  /// The directory must be adjacent to the end records. So in a truncated file, the end record of an archive *inside*
  /// this one is not mistaken for that of the file.
  init(_ reader: ByteReader) throws(ZipError) {
    guard let end = Self.endRecord(reader) else { throw ZipError(.notAnArchive) }
    var volume = reader.field(UInt16.self, end + 4) | reader.field(UInt16.self, end + 6)
    var count = reader.field(UInt16.self, end + 10)
    var size = reader.field(UInt32.self, end + 12)
    var offset = reader.field(UInt32.self, end + 16)
    var limit = end

    let locator = end - ZipRecord.end64LocatorSize
    if reader.has(ZipRecord.end64Locator, at: locator) {
      guard
        let end64 = reader.integer(UInt64.self, at: locator + 8).flatMap({ Int(exactly: $0) }),
        end64 <= locator, locator - end64 >= ZipRecord.end64Size, reader.has(ZipRecord.end64, at: end64)
      else { throw ZipError(.malformed("the ZIP64 end record is not where it should be"), offset: locator) }
      volume = reader.field(UInt32.self, end64 + 16) | reader.field(UInt32.self, end64 + 20)
      func wide(_ position: Int) throws(ZipError) -> Int {
        guard let value = reader.integer(UInt64.self, at: end64 + position).flatMap({ Int(exactly: $0) })
        else {
          throw ZipError(.outOfBounds("the central directory"), offset: end64 + position)
        }
        return value
      }
      count = try wide(32)
      size = try wide(40)
      offset = try wide(48)
      limit = end64
    }
    guard volume == 0 else { throw ZipError(.multipleVolumes, offset: end) }
    guard size <= limit, offset == limit - size else {
      throw ZipError(
        .malformed(
          "the central directory (\(size) bytes at \(offset)) does not end where its end record starts"),
        offset: end)
    }
    self.offset = offset
    self.size = size
    self.count = count
  }

  /// The offset of the last end record whose comment ends at the end of the file.
  private static func endRecord(_ reader: ByteReader) -> Int? {
    let last = reader.bytes.count - ZipRecord.endSize
    let first = max(0, last - Int(UInt16.max))
    guard first <= last else { return nil }
    return (first...last).reversed().first { offset in
      reader.has(ZipRecord.end, at: offset) && reader.field(UInt16.self, offset + 20) == last - offset
    }
  }
}
