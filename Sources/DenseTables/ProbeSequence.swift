/// The order in which a ``HashIndex`` tries its slots for a key: first a few in a row, then anywhere.
///
/// Keys that share a place fill the slots beside it. The rest jump from slot to slot, each by its own step, past the
/// filled regions, so no set of keys makes long chains: with half of the slots free, two jumps are enough on average.
@frozen
@usableFromInline
struct ProbeSequence {
  /// The slot to try.
  @usableFromInline var slot: Int
  @usableFromInline let hash: Int
  @usableFromInline let mask: Int
  @usableFromInline var nearSlotsLeft: Int

  /// The number of slots tried near the place.
  @inlinable static var nearSlots: Int { 8 }

  /// The slots of `key` in an index of `count` slots, a power of two.
  @inlinable
  init(_ key: HashKey, in count: Int) {
    mask = count &- 1
    hash = key.hash
    nearSlotsLeft = Self.nearSlots
    slot = key.start & mask
  }

  /// Advances to the next slot.
  @inlinable
  mutating func advance() {
    nearSlotsLeft &-= 1
    if nearSlotsLeft > 0 {
      slot = (slot &+ 1) & mask
    } else if nearSlotsLeft == 0 {
      // Uses other bits than those that may determine the first slot.
      slot = (hash >> 20) & mask
    } else {
      // The step is odd, so it reaches every slot.
      slot = (slot &+ (hash >> 32 | 1)) & mask
    }
  }
}
