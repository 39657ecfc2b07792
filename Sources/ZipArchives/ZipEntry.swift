/// An entry of a ZIP archive, as the central directory describes it.
public struct ZipEntry: Sendable {
  /// The name, a key that must never be used as a path.
  public let name: String
  /// The size of the contents in bytes.
  public let size: Int
  /// The CRC-32 that the archive recorded.
  public let checksum: UInt32

  let storedSize: Int
  let method: Int
  let isEncrypted: Bool
  /// The offset of the local header.
  let headerOffset: Int
  /// The offset of the next local header or the central directory, before which the contents must end.
  var end: Int
}
