/// Where a ``HashIndex`` looks for an entry: its hash, and the slot to try first.
///
/// The first slot usually follows from the hash. An owner whose questions come in an order of their own can name a
/// place instead, so that entries made at about the same time lie close together.
@frozen
public struct HashKey: Sendable {
  @usableFromInline let start: Int
  @usableFromInline let hash: Int

  /// How far apart the slots of neighbouring places are: about as many slots as an index has for an entry.
  @inlinable static var spacing: Int { 4 }

  /// A key that starts where its hash says.
  @inlinable
  public init(_ hash: WordHash) {
    self.hash = hash.value
    start = hash.value
  }

  /// A key that starts where its hash says.
  @inlinable
  public init(_ hash: UInt32) {
    start = Int(hash)
    // The steps are chosen by the upper bits, which so short a hash does not have.
    self.hash = Int(truncatingIfNeeded: UInt64(hash) &* WordHash.factor)
  }

  /// A key that starts at a place.
  @inlinable
  public init(_ hash: WordHash, near place: UInt32) {
    self.hash = hash.value
    start = Int(place) &* Self.spacing
  }
}

/// Mixes words into a hash, one after the other.
///
/// It is the same in every process: for keys that no stranger chooses.
@frozen
public struct WordHash: Hashable, Sendable {
  @usableFromInline var mixed: UInt64

  /// 2⁶⁴ divided by the golden ratio, which spreads neighbouring words.
  @inlinable static var factor: UInt64 { 0x9E37_79B9_7F4A_7C15 }

  /// A hash that begins with `seed`.
  @inlinable
  public init(seed: UInt64 = 0) { mixed = seed }

  /// Mixes in one more word.
  @inlinable
  public mutating func add(_ word: UInt64) {
    mixed = (mixed ^ word) &* Self.factor
    mixed ^= mixed >> 29
  }

  /// The hash of all words so far.
  @inlinable public var value: Int { Int(truncatingIfNeeded: mixed) }

  /// Its lower half, for owners that keep the hashes of their entries.
  @inlinable public var half: UInt32 { UInt32(truncatingIfNeeded: mixed) }
}
