/// A ZIP archive whose entries are stored, not compressed: their contents are views of the file.
///
/// ```
///  ┌ local header │ extra (padding) │ contents ┐ … ┌ central directory ┐ ┌ end64, locator ┐ ┌ end ┐
///  └ headerOffset │                 │          ┘   └ one header an entry┘ └ large files    ┘ └─────┘
/// ```
///
/// Only the central directory is trusted; local headers locate the contents and must agree with it. Names are
/// keys and are never used as paths. Nothing is copied, and no other file is opened.
///
/// ```swift
/// let archive = try ZipArchive(path: "model.pt2")
/// for entry in archive.entries { print(entry.name, entry.size) }
/// ```
public struct ZipArchive: Sendable {
  /// The bytes of the archive.
  public let file: MappedFile
  /// The entries, in the order of the central directory.
  public let entries: [ZipEntry]
  private let indices: [String: Int]

  /// Maps the file at `path` and reads its central directory.
  ///
  /// - Throws: ``ZipError`` for anything that is not a supported archive.
  /// - Complexity: O(n log n) in the number of entries, independent of their size.
  public init(path: String, limits: ZipLimits = .default) throws(ZipError) {
    try self.init(MappedFile(path: path), limits: limits)
  }

  /// Reads an archive held in memory.
  public init(bytes: some Collection<UInt8>, limits: ZipLimits = .default) throws(ZipError) {
    try self.init(MappedFile(bytes: bytes), limits: limits)
  }

  /// Reads the central directory of `file`.
  public init(_ file: MappedFile, limits: ZipLimits = .default) throws(ZipError) {
    guard file.count > 0 else { throw ZipError(.emptyFile, file: file.path) }
    do throws(ZipError) {
      let directory = try file.bytes.withUnsafeBytes { (bytes) throws(ZipError) in
        try CentralDirectory(ByteReader(bytes: bytes), limits)
      }
      self.file = file
      entries = directory.entries
      indices = directory.indices
    } catch {
      throw error.in(file)
    }
  }

  /// The entry called `name`, or `nil`.
  public subscript(name: String) -> ZipEntry? {
    indices[name].map { entries[$0] }
  }

  /// The contents of `entry`.
  ///
  /// `verifyingChecksum` says whether to read all bytes once and compare their CRC-32. Leave it on for anything that is
  /// parsed; gigabytes of weights are better checked when they are used.
  ///
  /// - Returns: a view of the file, which it keeps alive.
  /// - Throws: ``ZipError`` if the entry is compressed, encrypted or damaged.
  public func contents(of entry: ZipEntry, verifyingChecksum: Bool = true) throws(ZipError) -> MappedBytes {
    do throws(ZipError) {
      let contents = try locate(entry)
      if verifyingChecksum {
        contents.willRead()
        let computed = contents.withUnsafeBytes { CRC32.checksum($0) }
        guard computed == entry.checksum else {
          throw ZipError(
            .checksumMismatch(recorded: entry.checksum, computed: computed),
            offset: contents.offset, entry: entry.name)
        }
      }
      return contents
    } catch {
      throw error.in(file)
    }
  }

  private func locate(_ entry: ZipEntry) throws(ZipError) -> MappedBytes {
    func failure(_ kind: ZipError.Kind) -> ZipError {
      ZipError(kind, offset: entry.headerOffset, entry: entry.name)
    }
    guard !entry.isEncrypted else { throw failure(.encrypted) }
    guard entry.method == 0 else { throw failure(.compressed(method: entry.method)) }
    guard entry.storedSize == entry.size else {
      throw failure(.malformed("a stored entry of \(entry.storedSize) bytes claims to hold \(entry.size)"))
    }
    // Bound: `end` is inside the file and at least a local header and a name past `headerOffset`.
    let header = ZipRecord.localHeaderSize
    let start = try file.bytes.withUnsafeBytes { (bytes) throws(ZipError) -> Int in
      let reader = ByteReader(bytes: bytes)
      guard reader.has(ZipRecord.localHeader, at: entry.headerOffset) else {
        throw failure(.malformed("no local header"))
      }
      let nameLength = reader.field(UInt16.self, entry.headerOffset + 26)
      let extraLength = reader.field(UInt16.self, entry.headerOffset + 28)
      let name = entry.headerOffset + header
      guard nameLength == entry.name.utf8.count, name + nameLength <= entry.end,
        bytes[name..<name + nameLength].elementsEqual(entry.name.utf8)
      else { throw failure(.malformed("its local header has another name")) }
      return name + nameLength + extraLength
    }
    guard start <= entry.end, entry.size <= entry.end - start,
      let contents = file.bytes.slice(start..<start + entry.size)
    else { throw failure(.outOfBounds("the contents")) }
    return contents
  }
}

extension ZipError {
  /// The same error with the file filled in.
  func `in`(_ file: MappedFile) -> ZipError {
    var error = self
    error.file = file.path
    return error
  }
}
