#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The bytes of a file, mapped and never copied, or bytes given by the caller.
///
/// Immutable, so tasks may share it. The mapping lasts as long as the object; every ``MappedBytes`` of it keeps the
/// object alive. If another process truncates the file while it is mapped, reading the lost part kills this process, as
/// with any mapping; so replace archives rather than overwrite them.
public final class MappedFile: Sendable {
  /// The path that was opened, for messages; `nil` for bytes in memory.
  public let path: String?

  // Sound without isolation: the memory is written before `init` returns and never again.
  private nonisolated(unsafe) let storage: UnsafeRawBufferPointer

  /// The number of bytes.
  public var count: Int { storage.count }

  /// All bytes.
  public var bytes: MappedBytes { MappedBytes(owner: self, offset: 0, count: count) }

  /// Copies `bytes`.
  public init(bytes: some Collection<UInt8>) {
    path = nil
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    copy.copyBytes(from: bytes)
    storage = UnsafeRawBufferPointer(copy)
  }

  /// Maps the file at `path`.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - isCopiedOnWrite: whether code that is given a pointer, such as a library for tensors, may write there: it
  ///     then writes to a copy of the page in this process, and the file stays as it is. Such code must not share the
  ///     object with other tasks.
  /// - Throws: `.cannotRead`, `.isDirectory`, `.notARegularFile`, `.emptyFile`.
  public init(path: String, isCopiedOnWrite: Bool = false) throws(ZipError) {
    self.path = path
    storage = try Self.map(path, isCopiedOnWrite ? PROT_READ | PROT_WRITE : PROT_READ)
  }

  deinit {
    if path == nil {
      storage.deallocate()
    } else {
      munmap(UnsafeMutableRawPointer(mutating: storage.baseAddress), storage.count)
    }
  }

  private static func map(_ path: String, _ protection: Int32) throws(ZipError) -> UnsafeRawBufferPointer {
    // O_NONBLOCK: opening a pipe without a writer must fail below, not block here.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw systemError(path) }
    defer { close(descriptor) }

    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw systemError(path) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw ZipError(.isDirectory, file: path)
    default: throw ZipError(.notARegularFile, file: path)
    }
    guard let size = Int(exactly: status.st_size), size > 0 else { throw ZipError(.emptyFile, file: path) }
    guard let base = mmap(nil, size, protection, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
      throw systemError(path)
    }
    return UnsafeRawBufferPointer(start: base, count: size)
  }

  private static func systemError(_ path: String) -> ZipError {
    ZipError(.cannotRead(reason: String(cString: strerror(errno))), file: path)
  }

  /// Populates the pages of a range that is about to be read completely.
  ///
  /// Otherwise every sixteenth page faults on first access; if the system cannot populate pages, all do.
  fileprivate func willRead(offset: Int, count: Int) {
    #if os(Linux)
      guard path != nil, count >= 1 << 16, let base = storage.baseAddress else { return }
      // Bound: the range lies in the mapping, which starts at a page boundary; pages are at least 4 KB.
      let start = offset / 4_096 * 4_096
      madvise(UnsafeMutableRawPointer(mutating: base + start), offset + count - start, MADV_POPULATE_READ)
    #endif
  }

  /// Calls `body` with the bytes of `range`, which ``MappedBytes`` has checked on creation.
  fileprivate func withUnsafeBytes<Result, Failure: Error>(
    offset: Int, count: Int, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(rebasing: storage[offset..<offset + count]))
  }
}

/// A range of bytes of a ``MappedFile``, which it keeps alive.
public struct MappedBytes: Sendable {
  private let owner: MappedFile
  /// The start of the range in the file.
  public let offset: Int
  /// The number of bytes.
  public let count: Int

  fileprivate init(owner: MappedFile, offset: Int, count: Int) {
    self.owner = owner
    self.offset = offset
    self.count = count
  }

  /// The bytes in `range`, relative to this range; `nil` if it is out of bounds.
  public func slice(_ range: Range<Int>) -> MappedBytes? {
    guard range.lowerBound >= 0, range.upperBound <= count else { return nil }
    return MappedBytes(owner: owner, offset: offset + range.lowerBound, count: range.count)
  }

  /// Calls `body` with the bytes.
  ///
  /// The pointer is valid until `body` returns, or for as long as the caller keeps this value or another
  /// one of the same file.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try owner.withUnsafeBytes(offset: offset, count: count, body)
  }

  /// Whether both ranges have the same bytes.
  public func hasSameBytes(as other: MappedBytes) -> Bool {
    guard count == other.count else { return false }
    return withUnsafeBytes { bytes in
      other.withUnsafeBytes { others in
        guard let start = bytes.baseAddress, let otherStart = others.baseAddress else { return true }
        return memcmp(start, otherStart, count) == 0
      }
    }
  }

  /// Announces that all of the bytes are about to be read.
  func willRead() { owner.willRead(offset: offset, count: count) }

  /// The bytes decoded as UTF-8; invalid sequences become U+FFFD.
  public var text: String {
    withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }
}
