/// The order in which an open-addressing table tries its slots for a key: near a given place first, then anywhere.
///
/// What an arena is asked about at one time was made at about one time, and has handles that are close together.
/// A hash would strew it over the whole table, a cache miss each; so a few slots that follow from a handle come
/// first. Keys that share a handle fill them; the rest jumps by a step of its own from slot to slot, past the
/// filled regions, so that no program makes long chains: with half of the slots free, two jumps are enough on
/// average. Slots are never freed, hence a free slot ends the search.
struct ProbeSequence {
  /// The slot to try.
  private(set) var slot: Int
  private let hash: Int
  private let mask: Int
  private var nearSlotsLeft: Int

  /// How many slots are tried near the place.
  private static var nearSlots: Int { 8 }
  /// How far apart the places of neighbouring handles are: about as many slots as a table has for a handle.
  private static var spacing: Int { 4 }

  /// - Parameters:
  ///   - place: near this handle.
  ///   - hash: of all that makes the key.
  ///   - count: the number of slots, a power of two.
  init(near place: UInt32, hash: Int, in count: Int) {
    mask = count &- 1
    self.hash = hash
    nearSlotsLeft = Self.nearSlots
    slot = (Int(place) &* Self.spacing) & mask
  }

  /// Goes on to the next slot.
  mutating func advance() {
    nearSlotsLeft &-= 1
    if nearSlotsLeft > 0 {
      slot = (slot &+ 1) & mask
    } else if nearSlotsLeft == 0 {
      slot = hash & mask
    } else {
      // Odd, and so reaching every slot.
      slot = (slot &+ (hash >> 32 | 1)) & mask
    }
  }

  /// The place of an expression with these operands: the newer one, or beside it by as much as the other one is,
  /// when that is a small integer.
  static func place(_ a: UInt32, _ b: UInt32) -> UInt32 {
    (a | b) & SymExpr.smallFlag == 0 ? Swift.max(a, b) : a &+ b
  }
}
