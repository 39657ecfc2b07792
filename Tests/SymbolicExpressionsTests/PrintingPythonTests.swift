import SymbolicExpressions
import Testing

/// Expressions as Python source; the texts were checked by hand against Python's precedences.
@Suite struct PrintingPythonTests {
  @Test(arguments: [
    ("u0 + 1", "a.shape[0] + 1"),
    ("2*u0 - u1", "2 * a.shape[0] - n"),
    ("u0*(u1 + 1) // 2", "(a.shape[0] * n + a.shape[0]) // 2"),
    ("Eq(u0, 1)", "a.shape[0] == 1"),
    ("Ne(Mod(u0, 4), 0)", "a.shape[0] % 4 != 0"),
    ("Max(u0, u1)", "torch.sym_max(a.shape[0], n)"),
    ("u0 <= u1", "a.shape[0] <= n"),
  ])
  func writesPython(_ text: String, _ expected: String) throws {
    var arena = ExprArena()
    _ = arena.symbol("u0", [.integer, .unbacked])
    _ = arena.symbol("u1", [.integer, .unbacked])
    let expression = try arena.parse(text) { _ in nil }
    let python = arena.pythonText(of: expression) { $0.index == 0 ? "a.shape[0]" : "n" }
    #expect(python == expected)
  }
}
