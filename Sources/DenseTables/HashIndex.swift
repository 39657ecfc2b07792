/// Finds entries of dense columns by hash: the only open-addressing table of arenas, memos and interners.
///
/// The index stores no keys, only the numbers of entries. Their owner numbers them from zero in order of arrival,
/// stores their contents in its own columns, and decides which entry is meant.
///
///     slots    ·  2  ·  ·  0  1  ·  ·        an owner's column    key 0 | key 1 | key 2
///
/// At least half of the slots are free, and entries are never removed individually, so a free slot ends a search.
///
/// ```swift
/// let place = index.find(key) { names[$0] == name }
/// if let number = place.number { return number }
/// index.enter(names.count, at: place)
/// names.append(name)
/// if index.isCrowded(by: names.count) { index = index.doubled(for: names.indices) { key(of: names[$0]) } }
/// ```
@frozen
public struct HashIndex: Sendable {
  @usableFromInline var slots: ContiguousArray<UInt32>

  @inlinable static var free: UInt32 { .max }

  /// The slot at which a search ended, and the number in it.
  @frozen
  public struct Place {
    @usableFromInline let slot: Int
    @usableFromInline let content: UInt32

    @inlinable
    init(slot: Int, content: UInt32) {
      self.slot = slot
      self.content = content
    }

    /// The number of the entry that was found; `nil` if there is none.
    @inlinable public var number: Int? { content == HashIndex.free ? nil : Int(content) }
  }

  /// Creates an index without room, which allocates nothing.
  ///
  /// Nothing can be searched for in it: its owner replaces it by one with room for the first entry.
  public init() { slots = [] }

  /// Creates an empty index with room for `count` entries.
  public init(for count: Int) {
    var slotCount = 16
    while slotCount < count * 2 { slotCount *= 2 }
    self.init(slotCount: slotCount)
  }

  /// Creates an empty index with `slotCount` slots, a power of two.
  @usableFromInline
  init(slotCount: Int) {
    slots = ContiguousArray(repeating: Self.free, count: slotCount)
  }

  /// The slot of the entry with `key` for which `isMeant` holds, or the free one where such an entry belongs.
  ///
  /// - Complexity: O(1) calls of `isMeant` expected.
  @inlinable
  @inline(__always)
  public func find(_ key: HashKey, where isMeant: (Int) -> Bool) -> Place {
    var probe = ProbeSequence(key, in: slots.count)
    while true {
      let content = slots[probe.slot]
      if content == Self.free || isMeant(Int(content)) { return Place(slot: probe.slot, content: content) }
      probe.advance()
    }
  }

  /// Enters a new entry at the free slot found by a search for it.
  @inlinable
  public mutating func enter(_ number: Int, at place: Place) {
    slots[place.slot] = UInt32(truncatingIfNeeded: number)
  }

  /// Whether there are slots at all.
  @inlinable public var hasRoom: Bool { !slots.isEmpty }

  /// Whether `count` entries are too many; the owner then calls ``doubled(for:_:)``.
  @inlinable
  public func isCrowded(by count: Int) -> Bool { count * 2 > slots.count }

  /// An index of the same entries with twice as many slots.
  @inlinable
  @inline(__always)
  public func doubled(for numbers: Range<Int>, _ key: (Int) -> HashKey) -> HashIndex {
    var result = HashIndex(slotCount: slots.count * 2)
    for number in numbers {
      result.enter(number, at: result.find(key(number)) { _ in false })
    }
    return result
  }

  /// Removes all entries.
  public mutating func removeAll() { self = HashIndex(slotCount: slots.count) }
}
