/// The list of entries at the end of an archive, parsed and checked.
struct CentralDirectory {
  private(set) var entries: [ZipEntry] = []
  private(set) var indices: [String: Int] = [:]

  /// Reads the central directory of the archive in `reader`.
  init(_ reader: ByteReader, _ limits: ZipLimits) throws(ZipError) {
    let location = try DirectoryLocation(reader)
    guard location.count <= limits.entryCount else {
      throw ZipError(.limitExceeded(what: "entries", value: location.count, limit: limits.entryCount))
    }
    // Every entry has a header, so a forged count cannot cause more to be reserved than the size of the file.
    guard location.count <= location.size / ZipRecord.centralHeaderSize else {
      throw ZipError(.outOfBounds("the list of \(location.count) entries"), offset: location.offset)
    }
    entries.reserveCapacity(location.count)
    indices.reserveCapacity(location.count)

    var offset = location.offset
    for _ in 0..<location.count {
      let (entry, length) = try Self.entry(reader, at: offset, location, limits)
      guard indices.updateValue(entries.count, forKey: entry.name) == nil else {
        throw ZipError(.duplicateName, offset: offset, entry: entry.name)
      }
      entries.append(entry)
      offset += length
    }
    guard offset == location.end else {
      throw ZipError(.malformed("bytes after the last entry of the central directory"), offset: offset)
    }
    try separateEntries(location.offset)
  }

  /// Reads the header at `offset`; returns the entry and the length of the header.
  private static func entry(
    _ reader: ByteReader, at offset: Int, _ location: DirectoryLocation, _ limits: ZipLimits
  ) throws(ZipError) -> (ZipEntry, length: Int) {
    guard location.end - offset >= ZipRecord.centralHeaderSize else {
      throw ZipError(.outOfBounds("a header of the central directory"), offset: offset)
    }
    guard reader.has(ZipRecord.centralHeader, at: offset) else {
      throw ZipError(.malformed("no header of the central directory here"), offset: offset)
    }
    let nameLength = reader.field(UInt16.self, offset + 28)
    let extraLength = reader.field(UInt16.self, offset + 30)
    let commentLength = reader.field(UInt16.self, offset + 32)
    let length = ZipRecord.centralHeaderSize + nameLength + extraLength + commentLength
    guard length <= location.end - offset else {
      throw ZipError(.outOfBounds("a header of the central directory"), offset: offset)
    }
    guard nameLength <= limits.nameLength else {
      throw ZipError(
        .limitExceeded(what: "bytes in a name", value: nameLength, limit: limits.nameLength), offset: offset)
    }
    let nameStart = offset + ZipRecord.centralHeaderSize
    let nameBytes = UnsafeRawBufferPointer(rebasing: reader.bytes[nameStart..<nameStart + nameLength])
    guard let name = Self.name(nameBytes) else {
      throw ZipError(.malformed("a name that is not UTF-8"), offset: nameStart)
    }

    var fields = WideFields(
      size: reader.field(UInt32.self, offset + 24), storedSize: reader.field(UInt32.self, offset + 20),
      headerOffset: reader.field(UInt32.self, offset + 42), disk: reader.field(UInt16.self, offset + 34))
    let extra = nameStart + nameLength
    guard fields.widen(reader, extra: extra..<extra + extraLength) else {
      throw ZipError(.malformed("its ZIP64 sizes are missing or too large"), offset: extra, entry: name)
    }
    guard fields.disk == 0 else { throw ZipError(.multipleVolumes, offset: offset, entry: name) }

    // The contents lie between their header and the directory. The subtractions cannot overflow because
    // each value is first checked to be at most the size of the file.
    let header = ZipRecord.localHeaderSize + nameLength
    guard fields.headerOffset <= location.offset, header <= location.offset - fields.headerOffset,
      fields.storedSize <= location.offset - fields.headerOffset - header
    else { throw ZipError(.outOfBounds("the entry"), offset: offset, entry: name) }

    let entry = ZipEntry(
      name: name, size: fields.size, checksum: UInt32(reader.field(UInt32.self, offset + 16)),
      storedSize: fields.storedSize, method: reader.field(UInt16.self, offset + 10),
      isEncrypted: reader.field(UInt16.self, offset + 8) & 1 == 1,
      headerOffset: fields.headerOffset, end: location.offset)
    return (entry, length)
  }

  /// The text of a name; nearly all are ASCII, which needs no further check.
  private static func name(_ bytes: UnsafeRawBufferPointer) -> String? {
    bytes.allSatisfy { $0 < 0x80 }
      ? String(decoding: bytes, as: UTF8.self) : String(validating: bytes, as: UTF8.self)
  }

  /// Sets the end of each entry, and rejects entries that overlap.
  private mutating func separateEntries(_ directoryOffset: Int) throws(ZipError) {
    let order = entries.indices.sorted { entries[$0].headerOffset < entries[$1].headerOffset }
    for (index, next) in zip(order, order.dropFirst()) {
      let entry = entries[index]
      let least = ZipRecord.localHeaderSize + entry.name.utf8.count + entry.storedSize
      guard entries[next].headerOffset - entry.headerOffset >= least else {
        throw ZipError(
          .overlappingEntries(other: entries[next].name), offset: entry.headerOffset, entry: entry.name)
      }
      entries[index].end = entries[next].headerOffset
    }
  }
}

/// The fields of a directory header that may move to a ZIP64 extra field.
private struct WideFields {
  var size: Int
  var storedSize: Int
  var headerOffset: Int
  var disk: Int

  /// Reads the fields that are all ones from the ZIP64 extra field, which holds them in this order.
  ///
  /// Returns whether all of them were found and fit into `Int`.
  mutating func widen(_ reader: ByteReader, extra: Range<Int>) -> Bool {
    let all32 = 0xFFFF_FFFF
    guard size == all32 || storedSize == all32 || headerOffset == all32 || disk == 0xFFFF else { return true }
    guard var offset = Self.zip64Extra(reader, extra) else { return false }
    func next() -> Int? {
      defer { offset += 8 }
      guard offset + 8 <= extra.upperBound else { return nil }
      return reader.integer(UInt64.self, at: offset).flatMap { Int(exactly: $0) }
    }
    for field in [\WideFields.size, \.storedSize, \.headerOffset] where self[keyPath: field] == all32 {
      guard let value = next() else { return false }
      self[keyPath: field] = value
    }
    if disk == 0xFFFF {
      guard offset + 4 <= extra.upperBound, let value = reader.integer(UInt32.self, at: offset) else {
        return false
      }
      disk = Int(value)
    }
    return true
  }

  /// The start of the data of the ZIP64 extra field.
  private static func zip64Extra(_ reader: ByteReader, _ extra: Range<Int>) -> Int? {
    var offset = extra.lowerBound
    while offset + 4 <= extra.upperBound {
      let length = reader.field(UInt16.self, offset + 2)
      if reader.field(UInt16.self, offset) == ZipRecord.zip64Extra { return offset + 4 }
      offset += 4 + length
    }
    return nil
  }
}
