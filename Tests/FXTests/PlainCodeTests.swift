import FX
import Testing

/// The code and the types that PyTorch 2.13 prints for the same graphs.
@Suite struct PlainCodeTests {
  private func code(_ build: (inout Graph) -> Void) -> (code: String, text: String) {
    var graph = Graph()
    build(&graph)
    return (GraphModule(graph).code, "\(graph)")
  }

  @Test func codeHasNoComments() {
    let printed = code { graph in
      let x = graph.placeholder("x")
      let y = graph.placeholder("y", default: 2)
      let relu = graph.callFunction("torch.relu", [.node(x)])
      graph.setMetadata(NodeMetadata([Named("stack_trace", "File \"a.py\", line 1, in f\n  x")]), of: relu)
      let add = graph.callFunction("_operator.add", [.node(relu), .node(y)])
      let view = graph.callMethod("view", [.node(add), -1])
      graph.output(.tuple([.node(view), .node(relu)]))
    }
    #expect(
      printed.code
        == """
        def forward(self, x, y = 2):
            relu = torch.relu(x);  x = None
            add = relu + y;  y = None
            view = add.view(-1);  add = None
            return (view, relu)

        """)
  }

  @Test func typesArePrintedAndCopied() throws {
    var graph = Graph()
    let x = graph.placeholder("x")
    graph.setType("torch.Tensor", of: x)
    let relu = graph.callFunction("torch.relu", [.node(x)])
    graph.setType("list[torch.Tensor]", of: relu)
    let output = graph.output(.node(relu))
    graph.setType("torch.Tensor", of: output)
    let text = """
      graph():
          %x : torch.Tensor [num_users=1] = placeholder[target=x]
          %relu : list[torch.Tensor] [num_users=1] = call_function[target=torch.relu](args = (%x,), kwargs = {})
          return relu
      """
    #expect("\(graph)" == text)
    #expect(
      GraphModule(graph).code
        == """
        def forward(self, x : torch.Tensor) -> torch.Tensor:
            relu : list[torch.Tensor] = torch.relu(x);  x = None
            return relu

        """)
    let source = graph
    let copy = graph.copyNode(relu, from: source) { .node($0) }
    #expect(graph.type(of: copy) == "list[torch.Tensor]")
    graph.setType(nil, of: x)
    #expect(graph.type(of: x) == nil)
  }

  @Test func starredInputsKeepTheirStars() {
    let printed = code { graph in
      graph.placeholder("*args")
      let kwargs = graph.placeholder("**kwargs")
      let item = graph.callFunction(.getitem, [.node(kwargs), "b"])
      graph.output(.node(item))
    }
    #expect(
      printed.code
        == """
        def forward(self, *args, **kwargs):
            _args = args
            _kwargs = kwargs
            getitem = _kwargs['b'];  _kwargs = None
            return getitem

        """)
  }
}
