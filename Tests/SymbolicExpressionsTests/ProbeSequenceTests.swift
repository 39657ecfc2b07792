import Testing

@testable import SymbolicExpressions

@Suite struct ProbeSequenceTests {
  /// A free slot is found whatever is occupied.
  @Test(arguments: [8, 64, 512]) func reachesEverySlot(_ count: Int) {
    for hash in [0, 1, -1, 0x1234_5678_9ABC_DEF0, .min] {
      var probe = ProbeSequence(near: 7, hash: hash, in: count)
      var seen = Set([probe.slot])
      for _ in 0..<count + 16 {
        probe.advance()
        seen.insert(probe.slot)
      }
      #expect(seen == Set(0..<count))
    }
  }

  /// All pairs of a few symbols share few home slots, which must not lead to long chains.
  @Test func isShortWhenKeysShareFewSlots() {
    let count = 1 << 16
    var isUsed = [Bool](repeating: false, count: count)
    var steps = 0
    for key in 0..<count / 2 {
      let hash = Int(truncatingIfNeeded: UInt64(key + 1) &* 0x9E37_79B9_7F4A_7C15)
      var probe = ProbeSequence(near: UInt32(key % 16), hash: hash, in: count)
      while isUsed[probe.slot] {
        probe.advance()
        steps += 1
      }
      isUsed[probe.slot] = true
    }
    #expect(steps < count / 2 * 12)
  }
}
