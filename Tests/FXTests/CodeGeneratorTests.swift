import FX
import Testing

/// The code that PyTorch 2.13 writes with hooks and with `_BoxedCodeGen`.
@Suite struct CodeGeneratorTests {
  private let module: GraphModule = {
    var graph = Graph()
    let x = graph.placeholder("x")
    graph.setType("torch.Tensor", of: x)
    let y = graph.placeholder("y", default: 2)
    let relu = graph.callFunction("torch.relu", [.node(x)])
    let add = graph.callFunction("_operator.add", [.node(relu), .node(y)])
    graph.output(.tuple([.node(add), .node(relu)]))
    return GraphModule(graph)
  }()

  @Test func hooksChangeTheBodyOneAfterAnother() {
    let generator = CodeGenerator.plain
      .transformingBody { ["import pdb; pdb.set_trace()"] + $0 }
      .transformingBody { $0 + ["# end"] }
    #expect(
      module.code(generator) == """
        def forward(self, x : torch.Tensor, y = 2):
            import pdb; pdb.set_trace()
            relu = torch.relu(x);  x = None
            add = relu + y;  y = None
            return (add, relu)
            # end

        """)
    #expect(module.code == module.code(.plain))
  }

  @Test func inputsMayComeInAList() {
    #expect(
      module.code(.boxed) == """
        def forward(self, args_list):
            args_iter = iter(args_list)
            x = next(args_iter)
            y = next(args_iter)
            args_list.clear()
            relu = torch.relu(x);  x = None
            add = relu + y;  y = None
            return (add, relu)

        """)
    var graph = Graph()
    graph.output(.int(1))
    #expect(GraphModule(graph).code(.boxed) == "def forward(self, args_list):\n    return 1\n")
  }

  /// `print_readable` with `colored` and `expanded_def`.
  @Test func readableCodeMayBeColoredAndExpanded() {
    let style = ReadableStyle(isColored: true, isExpanded: true)
    let text = module.readable(
      annotation: { _, node in node == Node(index: 1) ? "i64[]" : nil }, style: style)
    #expect(
      text == """
        class GraphModule(torch.nn.Module):
            def forward(
                self,
                x : torch.Tensor,
                y: "i64[]" = \u{1B}[34m2\u{1B}[0m,
            ):
                \u{1B}[2m# No stacktrace found for following nodes\u{1B}[0m
                relu = torch.relu(x);  \u{1B}[2mx = None\u{1B}[0m
                add = relu + y;  \u{1B}[2my = None\u{1B}[0m
                return (add, relu)

        """)
  }

  @Test func aHeadOfOnesOwn() {
    let generator = CodeGenerator { parameters, result in
      ["@torch.no_grad()", "def run(\(parameters.dropFirst().joined(separator: ", ")))\(result):"]
    }
    #expect(
      module.code(generator).hasPrefix("@torch.no_grad()\ndef run(x : torch.Tensor, y = 2):\n    relu ="))
  }
}
