/// Numbers lists of words: equal lists have equal numbers.
///
/// The lists are in one pool of limited size; once it is full, new lists get no number, so memory stays bounded.
public struct WordTable: Sendable {
  private struct Entry {
    let hash: UInt32
    let start: UInt32
    let count: UInt32
  }

  private let mostEntries: Int
  private let mostWords: Int
  private var pool: ContiguousArray<UInt64> = []
  private var entries: ContiguousArray<Entry> = []
  private var index = HashIndex(for: 1 << 6)

  /// Creates an empty table for at most `mostEntries` lists and `mostWords` words.
  public init(mostEntries: Int = 1 << 18, mostWords: Int = 1 << 22) {
    self.mostEntries = mostEntries
    self.mostWords = mostWords
  }

  /// Reserves room for `count` lists of a few words each.
  public mutating func reserveCapacity(_ count: Int) {
    entries.reserveCapacity(Swift.min(count, mostEntries))
    pool.reserveCapacity(Swift.min(4 * count, mostWords))
  }

  /// The number of `list`, a new one if it has none; `nil` if the table is full.
  ///
  /// `guess` is tried first. A caller that repeats its look-ups in the same order saves the search, which in a large
  /// table accesses memory all over it.
  public mutating func number(of list: borrowing WordList, guess: Int) -> (number: Int, isNew: Bool)? {
    if guess < entries.count, isSame(guess, list) { return (guess, false) }
    let hash = Self.hash(list)
    let place = index.find(HashKey(hash)) { entries[$0].hash == hash && isSame($0, list) }
    if let number = place.number { return (number, false) }
    guard entries.count < mostEntries, pool.count + list.count <= mostWords else { return nil }
    index.enter(entries.count, at: place)
    entries.append(Entry(hash: hash, start: UInt32(pool.count), count: UInt32(list.count)))
    pool.append(contentsOf: list.words[..<list.count])
    if index.isCrowded(by: entries.count) {
      index = index.doubled(for: entries.indices) { HashKey(entries[$0].hash) }
    }
    return (entries.count - 1, true)
  }

  private func isSame(_ number: Int, _ list: borrowing WordList) -> Bool {
    let entry = entries[number]
    guard Int(entry.count) == list.count else { return false }
    let start = Int(entry.start)
    for position in 0..<list.count where pool[start + position] != list.words[position] { return false }
    return true
  }

  private static func hash(_ list: borrowing WordList) -> UInt32 {
    var hash = WordHash()
    for position in 0..<list.count { hash.add(list.words[position]) }
    return hash.half
  }
}
