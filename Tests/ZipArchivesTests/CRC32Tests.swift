import Testing
import ZipArchives

@Suite struct CRC32Tests {
  /// The standard check value of this CRC.
  @Test func agreesWithTheCheckValue() {
    #expect(Array("123456789".utf8).withUnsafeBytes { CRC32.checksum($0) } == 0xCBF4_3926)
  }

  @Test func agreesWithTheDefinitionAtEveryLength() {
    let bytes = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) }
    for count in Array(0..<40) + [16_383, 16_384, 16_391, 32_768, 65_537, 70_000] {
      let prefix = Array(bytes.prefix(count))
      #expect(prefix.withUnsafeBytes { CRC32.checksum($0) } == bitwise(prefix), "\(count) bytes")
    }
  }

  private func bitwise(_ bytes: [UInt8]) -> UInt32 {
    var state = UInt32.max
    for byte in bytes {
      state ^= UInt32(byte)
      for _ in 0..<8 { state = state & 1 == 1 ? state >> 1 ^ 0xEDB8_8320 : state >> 1 }
    }
    return ~state
  }
}
