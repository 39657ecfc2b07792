import FX
import TensorVocabulary
import Testing

/// Dictionaries with integer keys, as PyTorch 2.13 prints and runs them (`test_trace_dict_int_keys`).
@Suite struct DictionaryKeyTests {
  private func module() -> GraphModule {
    var graph = Graph()
    let x = graph.placeholder("x")
    let relu = graph.callFunction(
      "torch.relu", [.dict([DictEntry(1, .node(x)), DictEntry("a", 2)])],
      kwargs: ["k": .dict([DictEntry(-3, .node(x))])])
    let item = graph.callFunction(.getitem, [.node(relu), 1])
    graph.output(.dict([DictEntry(0, .node(item)), DictEntry("b", .node(relu))]))
    return GraphModule(graph)
  }

  @Test func printsIntegersWithoutQuotes() {
    #expect(
      "\(module().graph)" == """
        graph():
            %x : [num_users=1] = placeholder[target=x]
            %relu : [num_users=2] = call_function[target=torch.relu](args = ({1: %x, a: 2},), kwargs = {k: {-3: %x}})
            %getitem : [num_users=1] = call_function[target=operator.getitem](args = (%relu, 1), kwargs = {})
            return {0: getitem, 'b': relu}
        """)
    #expect(
      module().code == """
        def forward(self, x):
            relu = torch.relu({1: x, 'a': 2}, k = {-3: x});  x = None
            getitem = relu[1]
            return {0: getitem, 'b': relu}

        """)
  }

  @Test func theIntegerIsNotTheText() throws {
    let tree: PyTree<Int> = .dict([DictEntry(1, .value(10)), DictEntry("1", .value(20))])
    #expect(try tree[.constant(1)] == .value(10))
    #expect(try tree[.constant("1")] == .value(20))
    #expect(try tree[.constant(true)] == .value(10))
    #expect(throws: SelectionError(.noSuchKey("2"), in: "dict")) { try tree[.constant(2)] }
    #expect("\(tree)" == "{1: 10, '1': 20}")
    let (leaves, spec) = tree.flattened()
    #expect(spec == TreeSpec(.dict(keys: [1, "1"]), [.leaf, .leaf]))
    #expect(try spec.unflatten(leaves) == tree)
  }

  @Test func aTransformerKeepsKeys() throws {
    let transformed = try Transformer(module()).transform()
    #expect("\(transformed.module.graph)" == "\(module().graph)")
  }
}
