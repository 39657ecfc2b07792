/// Where a ``HashIndex`` looks for an entry: its hash, and the slot to try first.
///
/// The first slot usually follows from the hash. An owner whose look-ups follow another order can specify a place
/// instead, so that entries created at about the same time are close together.
@frozen
public struct HashKey: Sendable {
  @usableFromInline let start: Int
  @usableFromInline let hash: Int

  /// The distance between the slots of neighbouring places: about the number of slots that an index has per entry.
  @inlinable static var spacing: Int { 4 }

  /// A key whose first slot follows from its hash.
  @inlinable
  public init(_ hash: WordHash) {
    self.hash = hash.value
    start = hash.value
  }

  /// A key whose first slot follows from its hash.
  @inlinable
  public init(_ hash: UInt32) {
    start = Int(hash)
    // The upper bits, which choose the steps, are missing from so short a hash.
    self.hash = Int(truncatingIfNeeded: UInt64(hash) &* WordHash.factor)
  }

  /// A key whose first slot follows from a place.
  @inlinable
  public init(_ hash: WordHash, near place: UInt32) {
    self.hash = hash.value
    start = Int(place) &* Self.spacing
  }
}

/// Mixes words into a hash, one after another.
///
/// The same in every process, so only for keys that untrusted input does not choose.
@frozen
public struct WordHash: Hashable, Sendable {
  @usableFromInline var mixed: UInt64

  /// 2⁶⁴ divided by the golden ratio, which spreads neighbouring words.
  @inlinable static var factor: UInt64 { 0x9E37_79B9_7F4A_7C15 }

  /// A hash that starts with `seed`.
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

  /// Its lower half, for owners that store the hashes of their entries.
  @inlinable public var half: UInt32 { UInt32(truncatingIfNeeded: mixed) }
}
