/// Damage to bytes, wherever it falls.
extension FuzzBytes {
  /// `bytes` with a few flips, cuts, copies and hostile words.
  mutating func damaged(_ bytes: [UInt8], words: [String] = Hostile.numbers + Hostile.strings) -> [UInt8] {
    var bytes = bytes
    for _ in 0...below(6) {
      guard !bytes.isEmpty else { return bytes }
      let at = below(bytes.count)
      switch below(7) {
      case 0, 1: bytes[at] ^= 1 << UInt8(below(8))
      case 2: bytes.removeSubrange(at..<min(bytes.count, at + 1 + below(40)))
      case 3:
        bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 1 + below(60))], at: below(bytes.count))
      case 4: bytes.replaceSubrange(at...at, with: Array(pick(words).utf8))
      case 5: bytes[at] = pick(Array("{}[]()\",:\\ 0n=%#\n".utf8) + [0, 0xFF, 0x80])
      default: if chance(64) { bytes.removeSubrange(at...) } else { bytes[at] = byte() }
      }
    }
    return bytes
  }

  /// `bytes` with lines exchanged, repeated and removed.
  mutating func shuffledLines(_ bytes: [UInt8]) -> [UInt8] {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    for _ in 0..<below(4) where lines.count > 1 {
      let (a, b) = (below(lines.count), below(lines.count))
      switch below(4) {
      case 0: lines.swapAt(a, b)
      case 1: lines.insert(lines[a], at: b)
      case 2: lines.remove(at: a)
      default: lines[a] = lines[b]
      }
    }
    return Array(lines.joined(separator: [0x0A]))
  }
}
