import DenseTables
import Testing

@Suite struct ColumnTests {
  /// Random writes and reads answer as a dictionary with a default does.
  @Test(arguments: [UInt64](1...4)) func answersAsADictionary(_ seed: UInt64) {
    var random = WordHash(seed: seed)
    var column = Column<UInt32>(nothing: .max)
    var expected: [Int: UInt32] = [:]
    #expect(column.isEmpty)
    for step in 0..<1_000 {
      random.add(UInt64(step))
      let number = Int(random.half % 300)
      #expect(column[number] == expected[number, default: .max])
      if step % 3 == 0 {
        column[number] = UInt32(step)
        expected[number] = UInt32(step)
      }
    }
    #expect(!column.isEmpty)
  }
}
