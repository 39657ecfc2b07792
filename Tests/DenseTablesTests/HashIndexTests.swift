import DenseTables
import Testing

/// Numbers keys like an owner of an index, and like a `Dictionary`.
private struct NumberedKeys {
  /// How a key is hashed: well, badly, or not at all.
  enum Hashing: CaseIterable {
    case spread, shared, near, half

    func key(of word: UInt64) -> HashKey {
      var hash = WordHash()
      hash.add(word)
      switch self {
      case .spread: return HashKey(hash)
      case .shared: return HashKey(WordHash(seed: word % 3))
      case .near: return HashKey(hash, near: UInt32(truncatingIfNeeded: word % 5))
      case .half: return HashKey(hash.half)
      }
    }
  }

  let hashing: Hashing
  var index: HashIndex
  var keys: [UInt64] = []

  func number(of key: UInt64) -> Int? {
    index.find(hashing.key(of: key)) { keys[$0] == key }.number
  }

  mutating func add(_ key: UInt64) -> Int {
    let place = index.find(hashing.key(of: key)) { keys[$0] == key }
    if let number = place.number { return number }
    index.enter(keys.count, at: place)
    keys.append(key)
    if index.isCrowded(by: keys.count) {
      index = index.doubled(for: keys.indices) { hashing.key(of: keys[$0]) }
    }
    return keys.count - 1
  }
}

@Suite struct HashIndexTests {
  /// Random requests get the numbers that a dictionary gives, through collisions, growth and forgetting.
  @Test(arguments: NumberedKeys.Hashing.allCases, [UInt64](1...8))
  private func answersAsADictionary(_ hashing: NumberedKeys.Hashing, _ seed: UInt64) {
    var random = WordHash(seed: seed)
    var numbered = NumberedKeys(hashing: hashing, index: HashIndex(for: 0))
    var expected: [UInt64: Int] = [:]
    for step in 0..<3_000 {
      random.add(UInt64(step))
      let key = UInt64(random.half) % 1_000
      switch random.value & 0xFFF {
      case 0:
        numbered.index.removeAll()
        numbered.keys = []
        expected = [:]
      case 1...0x3FF:
        #expect(numbered.number(of: key) == expected[key])
      default:
        let number = expected[key] ?? expected.count
        expected[key] = number
        #expect(numbered.add(key) == number)
      }
    }
    for key in 0..<UInt64(1_000) { #expect(numbered.number(of: key) == expected[key]) }
  }

  /// Keys that start at the last slot continue at the first.
  @Test func wrapsAround() {
    var index = HashIndex(for: 8)
    let last = HashKey(15 as UInt32)
    for number in 0..<8 { index.enter(number, at: index.find(last) { _ in false }) }
    #expect(!index.isCrowded(by: 8))
    #expect(index.isCrowded(by: 9))
    for number in 0..<8 { #expect(index.find(last) { $0 == number }.number == number) }
    #expect(index.find(last) { $0 == 8 }.number == nil)
  }

  /// An owner that never lets the index grow finds every entry as long as one slot is free.
  @Test func findsAllWhenNearlyFull() {
    var index = HashIndex(for: 8)
    for number in 0..<15 { index.enter(number, at: index.find(HashKey(UInt32(number * 7))) { _ in false }) }
    for number in 0..<15 {
      #expect(index.find(HashKey(UInt32(number * 7))) { $0 == number }.number == number)
    }
    #expect(index.find(HashKey(3 as UInt32)) { _ in false }.number == nil)
  }

  /// An index is not crowded by as many entries as it was created for.
  @Test(arguments: [0, 1, 7, 8, 9, 1_000]) func hasTheRoomItWasAskedFor(_ count: Int) {
    #expect(!HashIndex(for: count).isCrowded(by: count))
  }

  /// The first entries of an owner that were not entered, such as constants, are not entered when the index grows.
  @Test func growsByTheNamedEntriesOnly() {
    let index = HashIndex(for: 4).doubled(for: 3..<6) { HashKey(UInt32($0)) }
    for number in 0..<8 {
      let found = index.find(HashKey(UInt32(number))) { $0 == number }.number
      #expect(found == ((3..<6).contains(number) ? number : nil))
    }
  }
}
