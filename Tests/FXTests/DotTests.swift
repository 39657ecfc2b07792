import FX
import Testing

@Suite struct DotTests {
  @Test func drawsNodesAndUses() {
    var graph = Graph()
    let x = graph.placeholder("x")
    graph.output(graph.call("aten.add.Tensor", x, 1))
    #expect(
      graph.dot() == """
        digraph "graph" {
          node [shape=box];
          "x" [label="x\\nplaceholder"];
          "add_tensor" [label="add_tensor\\naten.add.Tensor(x, 1)"];
          "x" -> "add_tensor";
          "output" [label="output\\noutput"];
          "add_tensor" -> "output";
        }

        """)
  }

  @Test func escapesWhatAFileSays() {
    var graph = Graph()
    graph.callFunction("evil\"];\n<script>", [.string("\"]; b [label=\"")])
    let text = graph.dot(name: "a\"b")
    #expect(!text.contains("<script>"))
    // The name is made an identifier; the argument stays in its label.
    #expect(text.split(separator: "\n").count == 4)
    #expect(text.contains("\\\"]; b [label=\\\""))
    #expect(text.hasPrefix("digraph \"a\\\"b\" {"))
  }
}
