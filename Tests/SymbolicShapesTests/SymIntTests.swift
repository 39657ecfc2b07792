import SymbolicExpressions
import SymbolicShapes
import Testing

@Suite struct SymIntTests {
  /// Debug builds store a tag of the environment above the handle, which takes eight more bits from the lowest
  /// integers.
  @Test(arguments: [0, 1, -1, Int.max, Int.min + 1 << 40, -9_000_000_000_000_000_000])
  func keepsConstantsInPlace(_ value: Int) {
    #expect(SymInt(value).constant == value)
    #expect(!SymInt(value).isSymbolic)
  }

  @Test func theLowestIntegersAreTooLarge() {
    #expect(SymInt(Int.min) == .tooLarge)
    #expect(SymInt(Int.min).constant == nil)
  }

  @Test func arithmeticOverflowIsAnAnswer() {
    let shapes = ShapeEnv()
    #expect(shapes.add(SymInt(Int.max), 1) == .tooLarge)
    #expect(shapes.mul(SymInt(1 << 40), SymInt(1 << 40)) == .tooLarge)
    #expect(shapes.sub(SymInt(-9_000_000_000_000_000_000), SymInt(9_000_000_000_000_000_000)) == .tooLarge)
    #expect(shapes.staticallyKnown(shapes.eq(.tooLarge, .tooLarge)) == nil)
  }

  @Test(arguments: [(7, 2), (-7, 2), (7, 3), (-1, 5), (0, 4), (Int.max, 3)])
  func divisionRoundsDown(_ a: Int, _ b: Int) {
    let shapes = ShapeEnv()
    let quotient = shapes.floorDiv(SymInt(a), SymInt(b)).constant
    #expect(quotient == Int((Double(a) / Double(b)).rounded(.down)) || a == .max)
    if a == .max { #expect(quotient == a / b) }
  }
}
