/// A hash table stored as static text; it maps a name to the start of its line among a namespace's schemas.
///
/// A slot has five base-16 digits, `@` to `O`; an empty slot has the highest value. Collisions use the next empty slot.
/// `Scripts/dump_schemas.py` writes the table.
struct SchemaIndex {
  private static let digits = 5
  private static let free = 0xF_FFFF

  private let text: UnsafeBufferPointer<UInt8>

  init(_ text: StaticString) {
    self.text = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  private var slotCount: Int { text.count / Self.digits }

  /// The start of the first line that satisfies `isMeant`, among those that may begin with `key`; `nil` if there is
  /// none.
  ///
  /// - Complexity: O(1) slots on average, O(slots) in the worst case.
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

  /// Bound: a slot is below `slotCount`.
  private subscript(slot: Int) -> Int {
    var value = 0
    for byte in text[slot * Self.digits..<(slot + 1) * Self.digits] { value = value << 4 | Int(byte & 0xF) }
    return value
  }

  /// FNV-1a with its halves folded together.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash ^ hash >> 32
  }
}
