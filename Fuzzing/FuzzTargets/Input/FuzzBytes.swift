/// The bytes of an input as a source of choices.
///
/// Equal bytes give equal choices. When they are used up, choices follow from all of them, so every input is complete.
public struct FuzzBytes: RandomNumberGenerator {
  private let bytes: [UInt8]
  private var position = 0
  private var rest: UInt64

  /// A source that reads `bytes`.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    // FNV-1a.
    rest = bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// The next byte.
  public mutating func byte() -> UInt8 {
    guard position < bytes.count else { return UInt8(truncatingIfNeeded: nextRest() >> 32) }
    position += 1
    return bytes[position - 1]
  }

  /// Eight bytes.
  public mutating func next() -> UInt64 {
    guard position < bytes.count else { return nextRest() }
    return (0..<8).reduce(0) { word, _ in word << 8 | UInt64(byte()) }
  }

  /// SplitMix64.
  private mutating func nextRest() -> UInt64 {
    rest &+= 0x9E37_79B9_7F4A_7C15
    var z = rest
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number below `count`, which is positive; numbers are read from as few bytes as they need.
  mutating func below(_ count: Int) -> Int {
    if count <= 256 { return Int(byte()) % max(1, count) }
    return Int(next() >> 1) % count
  }

  /// Whether an event of this likelihood, in 256ths, happens.
  mutating func chance(_ part: Int) -> Bool { Int(byte()) < part }

  /// One of `elements`, which are not empty.
  mutating func pick<Elements: RandomAccessCollection>(_ elements: Elements) -> Elements.Element {
    elements[elements.index(elements.startIndex, offsetBy: below(elements.count))]
  }
}
