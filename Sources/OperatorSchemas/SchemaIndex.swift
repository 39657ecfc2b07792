/// A hash table in static text: at which byte of a namespace's schemas the line of a name starts.
///
/// A slot has five digits of base 16, `@` to `O`; one that is free has the highest. Names that want the same slot take
/// the next free ones. `Scripts/dump_schemas.py` writes it.
struct SchemaIndex {
  private static let digits = 5
  private static let free = 0xF_FFFF

  private let text: UnsafeBufferPointer<UInt8>

  init(_ text: StaticString) {
    self.text = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  private var slotCount: Int { text.count / Self.digits }

  /// The start of the first line that `isMeant`, among those that may begin with `key`; `nil` when there is none.
  ///
  /// - Complexity: O(1) slots on average, never more than there are.
  func start(of key: UnsafeBufferPointer<UInt8>, where isMeant: (Int) -> Bool) -> Int? {
    var slot = Int(truncatingIfNeeded: Self.hash(key) % UInt64(slotCount))
    for _ in 0..<slotCount {
      let start = self[slot]
      if start == Self.free { return nil }
      if isMeant(start) { return start }
      slot = slot + 1 == slotCount ? 0 : slot + 1
    }
    return nil
  }

  /// Bound: a slot lies below `slotCount`.
  private subscript(slot: Int) -> Int {
    var value = 0
    for byte in text[slot * Self.digits..<(slot + 1) * Self.digits] { value = value << 4 | Int(byte & 0xF) }
    return value
  }

  /// FNV-1a, its halves folded together.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash ^ hash >> 32
  }
}
