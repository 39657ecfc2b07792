/// Writes a ZIP archive of stored entries, each aligned to 64 bytes as PyTorch's are.
///
/// ```swift
/// var writer = ZipWriter()
/// try writer.add("model/archive_format", "pt2".utf8)
/// let bytes = writer.finish()
/// ```
///
/// ``ZipFileWriter`` writes one to a file.
public struct ZipWriter {
  /// Contents start at a multiple of this, so that mapped weights can be read in place.
  public static let alignment = 64

  /// Whether ZIP64 records are written even if the sizes do not require them.
  package var alwaysWritesZip64: Bool {
    get { headers.alwaysWritesZip64 }
    set { headers.alwaysWritesZip64 = newValue }
  }

  private var output: [UInt8] = []
  private var headers = ZipHeaders()

  /// Creates an archive without entries.
  public init() {}

  /// Appends an entry.
  ///
  /// - Throws: `.duplicateName`, or `.limitExceeded` for a name too long for a header.
  public mutating func add(_ name: String, _ contents: some Collection<UInt8>) throws(ZipError) {
    let bytes = Array(contents)
    let checksum = bytes.withUnsafeBytes { CRC32.checksum($0) }
    output += try headers.add(name, size: bytes.count, checksum: checksum, at: output.count)
    output += bytes
  }

  /// Returns the bytes of the archive.
  public consuming func finish() -> [UInt8] { output + headers.end(at: output.count) }
}
