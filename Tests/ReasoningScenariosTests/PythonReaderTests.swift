import ReasoningScenarios
import SymbolicExpressions
import SymbolicShapes
import Testing

/// Python text is evaluated as Python evaluates it with `SymInt`s.
@Suite struct PythonReaderTests {
  private let shapes = ShapeEnv()

  init() {
    shapes.createBackedSymbol("s0", hint: .int(8))
    _ = shapes.createUnbackedInt()
  }

  private func text(_ python: String) throws -> String {
    shapes.text(raw: try PythonReader(python, in: shapes).expression)
  }

  @Test(arguments: [
    ("2 + 3 * 4 - 1", "13"), ("-7 // 2", "-4"), ("-7 % 4", "1"), ("(s0 + s0) * 2", "4*s0"),
    ("s0 // 4", "(s0//4)"), ("s0 % 4", "Mod(s0, 4)"), ("u0 % 4", "PythonMod(u0, 4)"),
    ("sym_max(1, u0)", "Max(1, u0)"), ("sym_min(2, 3)", "2"), ("-u0", "-u0"), ("u0 <= s0", "u0 <= s0"),
  ])
  func computes(_ python: String, _ expected: String) throws {
    #expect(try text(python) == expected)
  }

  /// With an integer on the left, Python calls the reflected method of the `SymInt` on the right.
  @Test func anIntegerOnTheLeftIsMirrored() throws {
    #expect(try text("4 > s0") == "s0 < 4")
    #expect(try text("4 != s0") == "Ne(s0, 4)")
  }

  @Test func knowsWhetherThereIsAHint() throws {
    #expect(try PythonReader("s0 // 2 == 4", in: shapes).hasExample)
    #expect(try !PythonReader("s0 == u0", in: shapes).hasExample)
  }

  @Test(arguments: ["s0 // 0", "u0 % 0", "1 // (2 - 2)", "s0 // (s0 - 8)"])
  func divisionByZeroIsPythonsError(_ python: String) {
    #expect(throws: PythonReaderError.divisionByZero) { try PythonReader(python, in: shapes) }
  }

  @Test(arguments: [
    "", "s0 +", "(s0", "s9", "sym_min(s0)", "abs(u0)", "s0 s0", "s0 < 4 < 5", "9223372036854775807 + 1",
    "4611686018427387904 * 2", "99999999999999999999", "(((", "s0 / 2", "-",
  ])
  func unreadableTextIsAnError(_ python: String) {
    #expect {
      try PythonReader(python, in: shapes)
    } throws: { error in
      if case .unreadable? = error as? PythonReaderError { true } else { false }
    }
  }

  @Test func deepNestingIsAnError() {
    let depth = 200_000
    let text = String(repeating: "(", count: depth) + "s0" + String(repeating: ")", count: depth)
    #expect(throws: PythonReaderError.self) { try PythonReader(text, in: shapes) }
  }
}
