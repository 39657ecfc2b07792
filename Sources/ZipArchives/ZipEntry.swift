/// One member of a ZIP archive, as the central directory describes it.
public struct ZipEntry: Sendable {
  /// The key under which the archive lists the entry, never to be used as a path.
  public let name: String
  /// The number of bytes of the contents.
  public let size: Int
  /// The CRC-32 that the archive recorded.
  public let checksum: UInt32

  let storedSize: Int
  let method: Int
  let isEncrypted: Bool
  /// Where the local header starts.
  let headerOffset: Int
  /// Where the next local header or the central directory starts: the contents end before.
  var end: Int
}
