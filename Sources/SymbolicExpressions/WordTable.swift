/// Numbers for lists of words: equal lists, equal numbers.
///
/// The lists lie in one pool and are found by hash. There is room for so many; further lists get no number, so
/// memory stays bounded.
package struct WordTable: Sendable {
  private struct Entry {
    let hash: UInt64
    let start: UInt32
    let count: UInt32
  }

  private static var mostEntries: Int { 1 << 17 }
  private static var mostWords: Int { 1 << 21 }
  private static var free: UInt32 { .max }

  private var pool: ContiguousArray<UInt64> = []
  private var entries: ContiguousArray<Entry> = []
  private var slots = ContiguousArray<UInt32>(repeating: WordTable.free, count: 1 << 7)

  /// A table without lists.
  package init() {}

  /// The number of `words`, a new one when they have none; `nil` when there is no room.
  package mutating func number(of words: ContiguousArray<UInt64>) -> (number: Int, isNew: Bool)? {
    let hash = Self.hash(words)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != Self.free {
      let number = Int(slots[slot])
      if entries[number].hash == hash, isSame(entries[number], words) { return (number, false) }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard entries.count < Self.mostEntries, pool.count + words.count <= Self.mostWords else { return nil }
    slots[slot] = UInt32(entries.count)
    entries.append(Entry(hash: hash, start: UInt32(pool.count), count: UInt32(words.count)))
    pool.append(contentsOf: words)
    if entries.count * 2 > slots.count { rebuild() }
    return (entries.count - 1, true)
  }

  private func isSame(_ entry: Entry, _ words: ContiguousArray<UInt64>) -> Bool {
    guard Int(entry.count) == words.count else { return false }
    for position in words.indices where pool[Int(entry.start) + position] != words[position] { return false }
    return true
  }

  private mutating func rebuild() {
    slots = ContiguousArray(repeating: Self.free, count: slots.count * 2)
    for (number, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: entry.hash) & (slots.count - 1)
      while slots[slot] != Self.free { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(number)
    }
  }

  private static func hash(_ words: ContiguousArray<UInt64>) -> UInt64 {
    var hash: UInt64 = 0
    for word in words {
      hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
    }
    return hash
  }
}
