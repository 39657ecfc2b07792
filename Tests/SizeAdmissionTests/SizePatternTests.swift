import Testing

@testable import SizeAdmission

@Suite struct SizePatternTests {
  private func one(_ value: Int) -> SizePattern.Dim { .range(lower: value, upper: value, step: 1) }

  @Test func readsSizesRangesAndOpenDims() throws {
    let rows: [(String, String, [SizePattern.Dim])] = [
      ("x=8x128", "x", [one(8), one(128)]), ("k=5", "k", [one(5)]), ("k=-5", "k", [one(-5)]), ("s=", "s", []),
      ("x=1..64x128", "x", [.range(lower: 1, upper: 64, step: 1), one(128)]),
      ("x=?x1..4096/8", "x", [.open, .range(lower: 1, upper: 4_096, step: 8)]),
      ("batch.ids.0=3", "batch.ids.0", [one(3)]), ("x=7..7", "x", [one(7)]),
      ("k=-3..2", "k", [.range(lower: -3, upper: 2, step: 1)]),
    ]
    for (text, input, dims) in rows {
      let pattern = try SizePattern(text)
      #expect(pattern.input == input)
      #expect(pattern.dims == dims, "\(text)")
    }
  }

  @Test(arguments: [
    "x", "=8", "x=8,128", "x=8x", "x=x8", "x=a", "x=8..", "x=..8", "x=9..8", "x=1..8/0", "x=1..8/-2", "x=8/2",
    "x=1...8", "x=1..8/2/2", "x= 8", "x=8 x 2", "x=--1", "x=-", "x=1.5", "x=0x10h", "x=??", "x=1e3", "x=８",
  ])
  func refusesOtherTexts(_ text: String) {
    let error = #expect(throws: SizeError.self) { try SizePattern(text) }
    if case .malformed? = error { return }
    Issue.record("\(text): \(String(describing: error))")
  }

  @Test(arguments: [
    "x=9223372036854775808", "x=1..99999999999999999999", "k=-9223372036854775809",
    "k=-9223372036854775808..9223372036854775807",
  ])
  func refusesWhatDoesNotFit(_ text: String) {
    let error = #expect(throws: SizeError.self) { try SizePattern(text) }
    if case .tooLarge? = error { return }
    Issue.record("\(text): \(String(describing: error))")
  }

  @Test func survivesEveryTruncationAndBitFlip() {
    let bytes = Array("batch.x=-1x?x8..4096/8x9223372036854775807".utf8)
    for length in 0...bytes.count { _ = try? SizePattern(String(decoding: bytes[..<length], as: UTF8.self)) }
    for position in bytes.indices {
      for bit in 0..<8 {
        var flipped = bytes
        flipped[position] ^= 1 << bit
        _ = try? SizePattern(String(decoding: flipped, as: UTF8.self))
      }
    }
  }
}
