/// A list of words that is written again and again in the same memory.
@frozen
package struct WordList: Sendable {
  @usableFromInline var words: ContiguousArray<UInt64> = []
  /// How many words there are; further ones in `words` are old.
  @usableFromInline package internal(set) var count = 0

  /// An empty list.
  package init() {}

  /// Starts over.
  @inlinable
  package mutating func removeAll() { count = 0 }

  /// Adds a word at the end.
  @inlinable
  package mutating func append(_ word: UInt64) {
    if count < words.count { words[count] = word } else { words.append(word) }
    count += 1
  }
}

/// Numbers for lists of words: equal lists, equal numbers.
///
/// The lists lie in one pool and are found by hash. There is room for so many; further lists get no number, so
/// memory stays bounded.
package struct WordTable: Sendable {
  private struct Entry {
    let hash: UInt32
    let start: UInt32
    let count: UInt32
  }

  private static var mostEntries: Int { 1 << 18 }
  private static var mostWords: Int { 1 << 22 }
  private static var free: UInt32 { .max }

  private var pool: ContiguousArray<UInt64> = []
  private var entries: ContiguousArray<Entry> = []
  private var slots = ContiguousArray<UInt32>(repeating: WordTable.free, count: 1 << 7)

  /// A table without lists.
  package init() {}

  /// Makes room for `count` lists of some words each.
  package mutating func reserveCapacity(_ count: Int) {
    entries.reserveCapacity(Swift.min(count, Self.mostEntries))
    pool.reserveCapacity(Swift.min(4 * count, Self.mostWords))
  }

  /// The number of `list`, a new one when it has none; `nil` when there is no room.
  ///
  /// `guess` is looked at first: who asks in the same order again saves the search, which in a large table is a walk
  /// through memory.
  package mutating func number(of list: borrowing WordList, guess: Int) -> (number: Int, isNew: Bool)? {
    if guess < entries.count, isSame(entries[guess], list) { return (guess, false) }
    let hash = Self.hash(list)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != Self.free {
      let number = Int(slots[slot])
      if entries[number].hash == hash, isSame(entries[number], list) { return (number, false) }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard entries.count < Self.mostEntries, pool.count + list.count <= Self.mostWords else { return nil }
    slots[slot] = UInt32(entries.count)
    entries.append(Entry(hash: hash, start: UInt32(pool.count), count: UInt32(list.count)))
    pool.append(contentsOf: list.words[..<list.count])
    if entries.count * 2 > slots.count { rebuild() }
    return (entries.count - 1, true)
  }

  private func isSame(_ entry: Entry, _ list: borrowing WordList) -> Bool {
    guard Int(entry.count) == list.count else { return false }
    let start = Int(entry.start)
    for position in 0..<list.count where pool[start + position] != list.words[position] { return false }
    return true
  }

  private mutating func rebuild() {
    slots = ContiguousArray(repeating: Self.free, count: slots.count * 2)
    for (number, entry) in entries.enumerated() {
      var slot = Int(entry.hash) & (slots.count - 1)
      while slots[slot] != Self.free { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(number)
    }
  }

  private static func hash(_ list: borrowing WordList) -> UInt32 {
    var hash: UInt64 = 0
    for position in 0..<list.count {
      hash = (hash ^ list.words[position]) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
    }
    return UInt32(truncatingIfNeeded: hash)
  }
}
