import SwiftFX
import Testing

/// Ranges that follow from equations, by arithmetic.
@Suite struct EquationRangeTests {
  private func ranges(_ equation: String, _ symbols: [String: ClosedRange<Int>]) throws -> [String: IntRange]
  {
    let shapes = ShapeEnv()
    for (name, range) in symbols.sorted(by: { $0.key < $1.key }) {
      shapes.declare(
        name, [.integer, .unbacked], kind: .unbackedInt,
        range: .int(IntRange(lower: range.lowerBound, upper: range.upperBound)),
        hint: nil)
    }
    #expect(shapes.check(SymBool(try shapes.parse(equation))))
    let equations = EquationRanges(shapes)
    var result: [String: IntRange] = [:]
    for symbol in shapes.symbols { result[shapes.arena.name(of: symbol)] = equations[symbol]?.range }
    return result
  }

  /// Two sizes of at least 1 whose product is 32.
  @Test func ofAProduct() throws {
    let found = try ranges("Eq(u5*u65 + 8, 40)", ["u5": 1...Int.max, "u65": 1...Int.max])
    #expect(found == ["u5": IntRange(lower: 1, upper: 32), "u65": IntRange(lower: 1, upper: 32)])
  }

  /// With one of them between 2 and 8, the other is between 4 and 16.
  @Test func ofAProductWithABoundedFactor() throws {
    let found = try ranges("Eq(u5*u65, 32)", ["u5": 2...8, "u65": 0...Int.max])
    #expect(found["u65"] == IntRange(lower: 4, upper: 16))
  }

  /// Twice a number of at least 2, and three times another, are 10.
  @Test func ofASum() throws {
    let found = try ranges("Eq(2*u0 + 3*u1, 10)", ["u0": 2...Int.max, "u1": 0...Int.max])
    #expect(found["u0"] == IntRange(lower: 2, upper: 5))
    #expect(found["u1"] == IntRange(lower: 0, upper: 2))
  }

  /// A factor that may be 0 leaves the other open.
  @Test func ofAProductThatMayBeZero() throws {
    let found = try ranges("Eq(u0*u1, u2)", ["u0": 0...Int.max, "u1": 0...Int.max, "u2": 0...10])
    #expect(found["u0"] == nil && found["u1"] == nil)
  }
}
