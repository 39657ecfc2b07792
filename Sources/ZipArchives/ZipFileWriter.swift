/// Writes a ZIP archive to a file, which gets its name when it is complete.
///
/// The bytes go to a new file in the same folder, and it is renamed at the end. Whatever fails before, the file at the
/// path stays what it was, and the new one is removed.
///
/// ```swift
/// var writer = try ZipFileWriter(path: "copy.pt2", replacing: false)
/// for entry in archive.entries { try writer.copy(entry, from: archive) }
/// try writer.finish()
/// ```
public struct ZipFileWriter: ~Copyable {
  private var file: NewFile
  private var headers = ZipHeaders()

  /// Starts an archive that will be at `path`.
  ///
  /// - Throws: `.alreadyExists` when there is a file and it is not to be replaced; `.cannotWrite`.
  public init(path: String, replacing: Bool) throws(ZipError) {
    file = try NewFile.create(at: path, replacing: replacing)
  }

  /// Appends an entry.
  ///
  /// - Throws: `.duplicateName`, `.limitExceeded` or `.cannotWrite`.
  public mutating func add(_ name: String, _ contents: [UInt8]) throws(ZipError) {
    try contents.withUnsafeBufferPointer { (bytes) throws(ZipError) in
      let bytes = UnsafeRawBufferPointer(bytes)
      try append(name, bytes, checksum: CRC32.checksum(bytes))
    }
  }

  /// Appends an entry of another archive under its name and with its checksum.
  ///
  /// The system copies the mapped bytes; none of them is looked at.
  ///
  /// - Throws: what ``ZipArchive/contents(of:verifyingChecksum:)`` throws, and what ``add(_:_:)`` does.
  public mutating func copy(_ entry: ZipEntry, from archive: ZipArchive) throws(ZipError) {
    let contents = try archive.contents(of: entry, verifyingChecksum: false)
    try contents.withUnsafeBytes { (bytes) throws(ZipError) in
      try append(entry.name, bytes, checksum: entry.checksum)
    }
  }

  private mutating func append(
    _ name: String, _ contents: UnsafeRawBufferPointer, checksum: UInt32
  ) throws(ZipError) {
    let header = try headers.add(name, size: contents.count, checksum: checksum, at: file.count)
    try file.write(header)
    try file.write(contents)
  }

  /// Writes the directory and gives the file its name.
  ///
  /// - Throws: `.cannotWrite`; `.alreadyExists` when a file has appeared there in the meantime.
  public consuming func finish() throws(ZipError) {
    try file.write(headers.end(at: file.count))
    try file.commit()
  }
}
