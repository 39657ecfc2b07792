import GraphText
import Testing

/// A text that cannot be read, and where it goes wrong.
struct BrokenText: CustomTestStringConvertible, Sendable {
  var name: String
  var text: String
  var line: Int
  var column: Int
  var message: String

  var testDescription: String { name }

  private static let head = """
    class GraphModule(torch.nn.Module):
        def forward(self, x: "f32[2, 3]"):

    """

  static let all: [BrokenText] = [
    .init(name: "empty", text: "", line: 1, column: 1, message: "the text is empty"),
    .init(name: "no graph", text: "hello\nworld\n", line: 1, column: 1, message: "no FX graph in the text"),
    .init(
      name: "use before definition",
      text: head
        + "        a = torch.ops.aten.relu.default(b)\n        b = torch.ops.aten.relu.default(x)\n        return (a,)\n",
      line: 3, column: 41, message: "'b' is used before line 4 defines it"),
    .init(
      name: "undefined", text: head + "        return (y,)\n", line: 3, column: 17,
      message: "'y' is not defined"),
    .init(
      name: "released",
      text: head + "        a = torch.ops.aten.relu.default(x);  x = None\n        return (x,)\n",
      line: 4, column: 17, message: "'x' was released on an earlier line"),
    .init(
      name: "defined twice",
      text: head
        + "        a = torch.ops.aten.relu.default(x)\n        a = torch.ops.aten.relu.default(x)\n        return (a,)\n",
      line: 4, column: 9, message: "'a' is defined a second time"),
    .init(
      name: "cut off", text: head + "        a = torch.ops.aten.relu.default(x)\n", line: 3, column: 43,
      message: "the text ends before the graph does: 2 nodes were read"),
    .init(
      name: "open bracket",
      text: head
        + "        a = torch.ops.aten.relu.default(x\n        b = torch.ops.aten.relu.default(a)\n        return (b,)\n",
      line: 3, column: 40, message: "'(' is opened here and not closed"),
    .init(
      name: "open quote",
      text: head + "        a: \"f32[2 = torch.ops.aten.relu.default(x)\n        return (a,)\n",
      line: 3, column: 12, message: "this quote is opened here and not closed"),
    .init(
      name: "elided", text: head + "        ... (left out) ...\n        return (x,)\n", line: 3, column: 9,
      message: "lines were left out here"),
    .init(
      name: "dtype",
      text: head + "        a: \"f33[2, 3]\" = torch.ops.aten.relu.default(x)\n        return (a,)\n",
      line: 3, column: 13, message: "'f33' is no dtype"),
    .init(
      name: "huge size",
      text: head
        + "        a: \"f32[99999999999999999999]\" = torch.ops.aten.relu.default(x)\n        return (a,)\n",
      line: 3, column: 17, message: "99999999999999999999 does not fit in 64 bits"),
    .init(
      name: "negative size",
      text: head + "        a: \"f32[-3, 3]\" = torch.ops.aten.relu.default(x)\n        return (a,)\n",
      line: 3, column: 17, message: "expected a size of at least 0, found -3"),
    .init(
      name: "huge integer",
      text: head + "        a = torch.ops.aten.add.Tensor(x, 99999999999999999999)\n        return (a,)\n",
      line: 3, column: 42, message: "99999999999999999999 does not fit in 64 bits"),
    .init(
      name: "bad expression",
      text: head + "        a: \"f32[s0 +, 3]\" = torch.ops.aten.relu.default(x)\n        return (a,)\n",
      line: 3, column: 21, message: "the expression 's0 +' cannot be read"),
    .init(
      name: "two sides", text: "--- a\n+++ b\n@@ -1,2 +1,2 @@\n graph():\n-    return 1\n+    return 2\n",
      line: 5, column: 1,
      message: "this is a diff of two graphs"),
    .init(
      name: "field", text: "graph():\n    %x : [num_users=?] = placeholder[target=x]\n    return x\n",
      line: 2, column: 21,
      message: "expected a number"),
    .init(
      name: "two graphs mixed",
      text:
        "class A(torch.nn.Module):\nclass B(torch.nn.Module):\n    def forward(self, x):\n        return x\n",
      line: 2,
      column: 1, message: "expected 'def forward'"),
  ]
}

@Suite struct TextErrorTests {
  @Test(arguments: BrokenText.all)
  func namesThePlace(_ broken: BrokenText) throws {
    let error = try #require(throws: TextError.self) { try GraphDocument(broken.text) }
    #expect(error.position == TextPosition(line: broken.line, column: broken.column))
    #expect(error.message.contains(broken.message), "\(error.message)")
  }

  @Test func bytesThatAreNoText() throws {
    let bytes = Array("graph():\n  ".utf8) + [0xC3, 0x28]
    let error = try #require(throws: TextError.self) { try GraphDocument(bytes: bytes) }
    #expect(error.kind == .notUTF8)
    #expect(error.position == TextPosition(line: 2, column: 3))
  }

  /// Whatever is cut off or nested, there is an answer and no trap.
  @Test func hostileTextsAreAnswered() {
    let head = "class A(torch.nn.Module):\n    def forward(self, x):\n        a = "
    let deep = [
      head + String(repeating: "(", count: 100_000), head + String(repeating: "-", count: 100_000) + "1",
      head + String(repeating: "x + ", count: 100_000) + "x",
      head + String(repeating: "x.", count: 100_000) + "x",
      "graph():\n    %x : [num_users=0] = call_method[target=f](args = "
        + String(repeating: "([", count: 50_000)
        + ", kwargs = {})\n    return x",
      // A bracket that closes nothing.
      "graph():\n    %x : [num_users=0] = call_method[target=f](args = (%y, ]), kwargs = {})\n    return x",
      String(repeating: "class A(torch.nn.Module):\n", count: 10_000),
    ]
    for text in deep { _ = try? GraphDocument(text) }
    #expect(throws: TextError.self) { try GraphDocument(deep[0]) }
    #expect(throws: TextError.self) { try GraphDocument(deep[2]) }
    #expect(throws: TextError.self) { try GraphDocument(deep[5]) }
  }

  @Test(arguments: TextSample.all)
  func truncatedTextsAreAnswered(_ sample: TextSample) {
    let bytes = Array(sample.text.utf8)
    for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)) {
      _ = try? GraphDocument(bytes: Array(bytes[..<length]))
    }
  }
}
