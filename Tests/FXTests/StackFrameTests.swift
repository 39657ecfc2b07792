import Testing

@testable import FX

@Suite struct StackFrameTests {
  @Test(
    arguments: [
      ("  File \"model.py\", line 14, in forward\n    return x\n", "model.py:14 in forward: return x"),
      (
        "File \"a.py\", line 1, in f\n  g()\nFile \"b, in c.py\", line 2, in g\n  h()",
        "b, in c.py:2 in g: h()"
      ),
      ("File \"a.py\", line 1, in f\n  g()\nNo frame here", "a.py:1 in f: g()"),
      ("File \"a.py\", line 1, in f\n", nil), ("", nil), ("File \"a.py\", line x, in f\n code", nil),
      ("\n\n", nil),
    ] as [(String, String?)])
  func findsTheInnermostFrame(_ trace: String, _ expected: String?) {
    #expect(StackFrame(innermostOf: trace)?.description == expected)
  }
}
