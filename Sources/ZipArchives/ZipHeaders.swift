/// The records of an archive that is being written: a header before each entry, the directory after the last.
struct ZipHeaders {
  /// Whether ZIP64 records are written even when the sizes do not require them.
  var alwaysWritesZip64 = false

  private var directory: [UInt8] = []
  private var names: Set<String> = []

  /// Notes an entry whose header goes to `offset`.
  ///
  /// - Returns: the header, after which contents start at a multiple of ``ZipWriter/alignment``.
  /// - Throws: `.duplicateName`, or `.limitExceeded` for a name that no header can hold.
  mutating func add(
    _ name: String, size: Int, checksum: UInt32, at offset: Int
  ) throws(ZipError) -> [UInt8] {
    let nameLimit = ZipLimits.default.nameLength
    guard name.utf8.count <= nameLimit else {
      throw ZipError(
        .limitExceeded(what: "bytes in a name", value: name.utf8.count, limit: nameLimit), entry: name)
    }
    guard names.insert(name).inserted else { throw ZipError(.duplicateName, entry: name) }
    let fields = EntryFields(
      name: Array(name.utf8), checksum: checksum, size: size, headerOffset: offset,
      isWide: alwaysWritesZip64 || size >= 0xFFFF_FFFF)
    addDirectoryHeader(fields)
    return Self.localHeader(fields)
  }

  /// The directory and the records after it, which go to `offset`.
  func end(at offset: Int) -> [UInt8] {
    let count = names.count
    var output = directory
    if alwaysWritesZip64 || count >= 0xFFFF || offset >= 0xFFFF_FFFF || directory.count >= 0xFFFF_FFFF {
      let end64 = offset + output.count
      output.append(ZipRecord.end64, UInt64(ZipRecord.end64Size - 12), UInt16(45), UInt16(45))
      output.append(UInt32(0), UInt32(0), UInt64(count), UInt64(count))
      output.append(UInt64(directory.count), UInt64(offset))
      output.append(ZipRecord.end64Locator, UInt32(0), UInt64(end64), UInt32(1))
    }
    output.append(ZipRecord.end, UInt16(0), UInt16(0), UInt16(clamping: count), UInt16(clamping: count))
    output.append(UInt32(clamping: directory.count), UInt32(clamping: offset), UInt16(0))
    return output
  }

  private static func localHeader(_ fields: EntryFields) -> [UInt8] {
    var extra: [UInt8] = []
    if fields.isWide {
      extra.append(UInt16(ZipRecord.zip64Extra), UInt16(16), UInt64(fields.size), UInt64(fields.size))
    }
    // The padding field has a header of four bytes, and the contents must start at a multiple of 64.
    let unpadded = fields.headerOffset + ZipRecord.localHeaderSize + fields.name.count + extra.count + 4
    let padding = (ZipWriter.alignment - unpadded % ZipWriter.alignment) % ZipWriter.alignment
    extra.append(UInt16(ZipRecord.paddingExtra), UInt16(padding))
    extra += [UInt8](repeating: UInt8(ascii: "Z"), count: padding)

    var output: [UInt8] = []
    output.append(ZipRecord.localHeader)
    output += fields.common
    output.append(UInt16(fields.name.count), UInt16(extra.count))
    output += fields.name
    output += extra
    return output
  }

  private mutating func addDirectoryHeader(_ fields: EntryFields) {
    let isFar = alwaysWritesZip64 || fields.headerOffset >= 0xFFFF_FFFF
    var values: [UInt8] = []
    if fields.isWide { values.append(UInt64(fields.size), UInt64(fields.size)) }
    if isFar { values.append(UInt64(fields.headerOffset)) }
    var extra: [UInt8] = []
    if !values.isEmpty { extra.append(UInt16(ZipRecord.zip64Extra), UInt16(values.count)) }
    extra += values

    directory.append(ZipRecord.centralHeader, UInt16(45))
    directory += fields.common
    directory.append(UInt16(fields.name.count), UInt16(extra.count), UInt16(0), UInt16(0), UInt16(0))
    directory.append(UInt32(0), isFar ? UInt32.max : UInt32(fields.headerOffset))
    directory += fields.name
    directory += extra
  }
}

/// The fields shared by the local and the central header of an entry.
private struct EntryFields {
  let name: [UInt8]
  let checksum: UInt32
  let size: Int
  let headerOffset: Int
  let isWide: Bool

  /// The fields from "version needed" to the sizes.
  ///
  /// Flag 0x800 marks the name as UTF-8; the date is 1 January 1980.
  var common: [UInt8] {
    var bytes: [UInt8] = []
    let size = isWide ? UInt32.max : UInt32(size)
    bytes.append(UInt16(45), UInt16(0x800), UInt16(0), UInt16(0), UInt16(0x21), checksum, size, size)
    return bytes
  }
}

extension [UInt8] {
  /// Appends integers of any width in little-endian order.
  fileprivate mutating func append<each Integer: FixedWidthInteger>(_ values: repeat each Integer) {
    for value in repeat each values {
      Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
  }
}
