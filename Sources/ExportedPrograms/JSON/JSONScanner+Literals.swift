extension JSONScanner {
  /// Reads `true` or `false`.
  mutating func boolean() throws(JSONFailure) -> Bool {
    switch peek() {
    case UInt8(ascii: "t") where skip("true"): return true
    case UInt8(ascii: "f") where skip("false"): return false
    default: throw unexpected("a boolean")
    }
  }

  /// Reads `null` if it comes next; otherwise reads nothing.
  @inline(__always)
  mutating func null() -> Bool {
    peek() == UInt8(ascii: "n") && skip("null")
  }

  private mutating func skip(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard end - cursor >= count else { return false }
    for index in 0..<count where cursor[index] != word.utf8Start[index] { return false }
    cursor += count
    return true
  }
}
