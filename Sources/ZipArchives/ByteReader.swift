/// Reads little-endian integers at untrusted offsets: out of bounds is `nil`, never a trap.
struct ByteReader {
  let bytes: UnsafeRawBufferPointer

  func integer<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ type: T.Type = T.self, at offset: Int
  ) -> T? {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<T>.size else { return nil }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  /// The two- or four-byte number at `offset`, which the caller has checked to be in bounds.
  func field<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ type: T.Type, _ offset: Int
  ) -> Int {
    Int(truncatingIfNeeded: T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self)))
  }

  func has(_ signature: UInt32, at offset: Int) -> Bool {
    integer(UInt32.self, at: offset) == signature
  }
}

/// The signatures and fixed sizes of the records of a ZIP archive (PKWARE APPNOTE 6.3, section 4.3).
enum ZipRecord {
  static let localHeader: UInt32 = 0x0403_4b50
  static let centralHeader: UInt32 = 0x0201_4b50
  static let end: UInt32 = 0x0605_4b50
  static let end64: UInt32 = 0x0606_4b50
  static let end64Locator: UInt32 = 0x0706_4b50

  static let localHeaderSize = 30
  static let centralHeaderSize = 46
  static let endSize = 22
  static let end64Size = 56
  static let end64LocatorSize = 20

  /// The extra field for values that do not fit into 32 bits.
  static let zip64Extra = 0x0001
  /// The extra field that PyTorch uses as padding, so that contents start at a multiple of 64.
  static let paddingExtra = 0x4246
}
