import SymbolicExpressions
import SymbolicShapes
import Testing

/// Facts that answer later questions, looked up as in PyTorch 2.13.
@Suite struct AxiomTests {
  /// `u0 // (u0 // u1)` is `u1` when both divisions are exact, whenever that becomes known.
  @Test(arguments: [0, 1, 2])
  func aFactIsSimplerOnceDivisionsAreExact(_ place: Int) throws {
    let shapes = ShapeEnv()
    for _ in 0..<3 { _ = shapes.createUnbackedInt() }
    var checks = ["Eq(Mod(u0, u1), 0)", "Eq(Mod(u0, u0//u1), 0)"]
    checks.insert("u0//(u0//u1) <= u2", at: place)
    for check in ["u0 >= 1", "u1 >= 1"] + checks {
      #expect(shapes.check(SymBool(try shapes.parse(check))))
    }
    for question in ["u1 <= u2", "u1 < u2 + 1", "u0//(u0//u1) <= u2"] {
      #expect(shapes.staticallyKnown(SymBool(try shapes.parse(question))) == true, "\(question)")
    }
    #expect(shapes.staticallyKnown(SymBool(try shapes.parse("u2 < u1"))) == false)
  }
}
