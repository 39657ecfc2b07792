import Testing

@testable import DenseTables

@Suite struct ProbeSequenceTests {
  /// A free slot is found whatever is occupied.
  @Test(arguments: [8, 64, 512]) func reachesEverySlot(_ count: Int) {
    for seed: UInt64 in [0, 1, .max, 0x1234_5678_9ABC_DEF0, 1 << 63] {
      for key in [
        HashKey(WordHash(seed: seed)), HashKey(WordHash(seed: seed), near: 7),
        HashKey(WordHash(seed: seed).half),
      ] {
        var probe = ProbeSequence(key, in: count)
        var seen = Set([probe.slot])
        for _ in 0..<count + 16 {
          probe.advance()
          seen.insert(probe.slot)
        }
        #expect(seen == Set(0..<count))
      }
    }
  }

  /// Keys of only a few start slots must not lead to long chains.
  @Test func isShortWhenKeysShareFewSlots() {
    let count = 1 << 16
    var isUsed = [Bool](repeating: false, count: count)
    var steps = 0
    for number in 0..<count / 2 {
      var hash = WordHash()
      hash.add(UInt64(number))
      var probe = ProbeSequence(HashKey(hash, near: UInt32(number % 16)), in: count)
      while isUsed[probe.slot] {
        probe.advance()
        steps += 1
      }
      isUsed[probe.slot] = true
    }
    #expect(steps < count / 2 * 12)
  }
}
