import SymbolicExpressions
import SymbolicShapes
import Testing

/// Numbers beyond 64 bits, invalid texts and unknown symbols give errors or right answers, never a trap.
@Suite struct HostileNumberTests {
  private let shapes = ShapeEnv()

  private func symInt(_ text: String) throws -> SymInt { shapes.symInt(try shapes.parse(text)) }

  @Test(arguments: [
    "", " ", "u0 >=", ">= 2", "u0 u1", "(u0", "u0)", "2 <= u0 <=", "u0 // ", "Max(", "Mod(u0)", "u0 ** u0 **",
    "1..2",
    "VR[2, 3]", "u0 =< 2", "é", "u0[0]", "lambda: 0", "__import__('os')", "0x", "1e999999", "u0 if u1",
    "\u{0}",
    String(repeating: "(", count: 5_000), String(repeating: "-", count: 5_000) + "1",
  ])
  func invalidExpressionsAreRefused(_ text: String) {
    for _ in 0..<2 { _ = shapes.createUnbackedInt() }
    #expect(throws: ExpressionParseError.self) { try shapes.parse(text) }
  }

  @Test(arguments: ["u7", "s0 + 1", "2*q", "Max(u0, u1)", "True & x"])
  func unknownSymbolsAreNamed(_ text: String) {
    _ = shapes.createUnbackedInt()
    #expect(throws: ExpressionParseError.self) { try shapes.parse(text) }
  }

  private static let huge = [
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "4611686018427387904", "18446744073709551616", "1000000000000000000000000000000", "2**63", "2**1000",
  ]

  /// No check, question or bound near the limits of 64 bits traps, and no answer is wrong for small sizes.
  @Test(arguments: huge)
  func hugeNumbersInChecks(_ number: String) throws {
    for template in [
      "u0 < N", "u0 >= N", "u0 == N", "u0 != N", "u0 + N > u1", "u0 - N < u1", "N*u0 > u1", "N*u0*u1 >= 1",
      "u0*u1*N*N > 5", "u0 // N == 0", "N // u0 > 0", "Mod(u0, N) == u0", "Max(u0, N) >= u1",
      "Min(u0, N) <= u1",
      "N*s0 > s1", "s0*s1 == N", "s0 + N > 0", "PythonMod(u0 - N, N) >= 0", "(u0 + N)**2 > 0", "N*u0 == N*u1",
    ] {
      let shapes = ShapeEnv()
      for name in ["s0", "s1"] { shapes.createBackedSymbol(name, hint: .int(8)) }
      for _ in 0..<2 { _ = shapes.createUnbackedInt() }
      guard let expression = try? shapes.parse(template.replacing("N", with: number)) else { continue }
      let condition = SymBool(expression)
      _ = shapes.staticallyKnown(condition)
      _ = shapes.prove(condition, budget: ProofBudget(work: 4_000, cases: 8, facts: 8))
      _ = shapes.bound(of: expression)
      _ = shapes.guardOrFalse(condition)
      do { try shapes.require(condition) } catch { _ = "\(error)" }
      for name in ["u0", "u1", "s0", "s1"] {
        _ = shapes.provedBound(
          of: try shapes.parse(name), budget: ProofBudget(work: 4_000, cases: 8, facts: 8))
        _ = shapes.text(of: shapes.simplify(try shapes.parse("\(name)*\(name) + u0")))
      }
    }
  }

  @Test func aSizeStaysWithin64Bits() throws {
    _ = shapes.createUnbackedInt()
    let greatest = try shapes.parse("9223372036854775807")
    #expect(shapes.arena.integerValue(of: greatest) == .max)
    #expect(shapes.check(SymBool(try shapes.parse("u0 <= 9223372036854775806"))))
    #expect(shapes.bound(of: try symInt("u0")).upper == .max - 1)
    #expect(!shapes.check(SymBool(try shapes.parse("u0 > 9223372036854775806"))))
  }

  @Test func productsOfRangesBeyond64BitsAreUnbounded() throws {
    let half = IntRange(lower: 1 << 62, upper: 1 << 62)
    for _ in 0..<3 { _ = shapes.createUnbackedInt(range: IntRange(lower: 2, upper: half.upper)) }
    #expect(shapes.bound(of: try symInt("u0*u1")) == IntRange(lower: 4, upper: .max))
    #expect(shapes.bound(of: try symInt("-u0*u1*u2")) == IntRange(lower: .min, upper: -8))
    #expect(shapes.bound(of: try symInt("u0 + u1 + u2")).lower == 6)
    #expect(shapes.bound(of: try symInt("u0 + u1 + u2")).upper == .max)
    #expect(shapes.staticallyKnown(SymBool(try shapes.parse("u0*u1 >= 4"))) == true)
    #expect(shapes.staticallyKnown(SymBool(try shapes.parse("u0*u1 < 9223372036854775807"))) != true)
  }

  @Test func hintsBeyond64BitsAreTypedErrors() throws {
    for name in ["s0", "s1"] { shapes.createBackedSymbol(name, hint: .int(1 << 40)) }
    let product = try symInt("s0*s1")
    #expect(shapes.hint(of: product) == nil)
    #expect(throws: SymbolicShapeError.self) { try shapes.evaluateInt(product) }
    #expect(throws: SymbolicShapeError.self) { try shapes.evaluate(shapes.gt(product, 5_000_000_000)) }
    #expect(try shapes.evaluate(shapes.gt(product, 3)))
  }

  @Test(arguments: [(5, 2), (.max, .min), (.min, .min), (.max, .max), (0, .min), (.min, .max)])
  func rangesOfAllKindsAreAccepted(_ lower: Int, _ upper: Int) throws {
    let range = IntRange(lower: lower, upper: upper)
    _ = shapes.createUnbackedInt(range: range)
    shapes.createBackedSymbol("s0", hint: .int(8), range: range)
    _ = shapes.createUnbackedInt()
    let u1 = try symInt("u1")
    shapes.constrainRangeForSize(u1, range)
    if let symbol = shapes.arena.asSymbol(try shapes.parse("u1")) { shapes.narrow(symbol, to: range) }
    shapes.constrain(try shapes.parse("3*s0 - 7"), range)
    for text in ["u0 + 1", "u0 - 1", "-u0", "u0*u1", "u0 // u1", "Mod(u1, 3)", "2*s0", "Max(u0, s0)"] {
      let expression = try shapes.parse(text)
      _ = shapes.bound(of: expression)
      _ = shapes.provedBound(of: expression)
      let condition = SymBool(shapes.arena.ge(expression, .one))
      _ = shapes.staticallyKnown(condition)
      _ = shapes.check(condition)
    }
  }
}
