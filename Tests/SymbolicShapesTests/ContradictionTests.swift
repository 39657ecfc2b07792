import SymbolicExpressions
import SymbolicShapes
import Testing

/// Checks that cannot hold beside what is known, as PyTorch 2.13 refuses them.
@Suite struct ContradictionTests {
  private let shapes = ShapeEnv()

  private func kind(ofChecking text: String) throws -> SymbolicShapeError.Kind? {
    do {
      try shapes.require(SymBool(try shapes.parse(text)))
      return nil
    } catch let error as SymbolicShapeError { return error.kind }
  }

  @Test func anExampleOutOfRangeIsAContradiction() throws {
    shapes.createBackedSymbol("s7", hint: .int(24))
    _ = shapes.createUnbackedInt()
    for check in ["u0 >= 0", "u0 < 7"] { #expect(try kind(ofChecking: check) == nil) }
    #expect(try kind(ofChecking: "s7 <= u0") == .contradiction)
    // PyTorch keeps what it had concluded when it stopped.
    #expect(shapes.bound(of: try shapes.parse("u0")) == .int(IntRange(lower: 2, upper: 6)))
    #expect(shapes.bound(of: try shapes.parse("s7")) == .int(IntRange(lower: 2, upper: 6)))
  }

  @Test func aCheckThatIsKnownToFailIsRefused() throws {
    _ = shapes.createUnbackedInt()
    #expect(try kind(ofChecking: "u0 >= 5") == nil)
    #expect(try kind(ofChecking: "u0 < 5") == .checkFailed)
    #expect(try kind(ofChecking: "u0 > u0") == .checkFailed)
  }

  @Test func aGuardTakenAgainstTheExampleIsARefusal() throws {
    shapes.createBackedSymbol("s7", hint: .int(8))
    #expect(try kind(ofChecking: "s7 == 9") == .checkFailed)
    #expect(shapes.guards.map { shapes.text(raw: $0.expression) } == ["Ne(s7, 9)"])
  }

  @Test func unknownSymbolsAreNamed() {
    #expect(throws: ExpressionParseError.self) { try shapes.parse("s1 >= 2") }
  }
}
