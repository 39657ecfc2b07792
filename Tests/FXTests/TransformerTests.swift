import FX
import Testing

@Suite struct TransformerTests {
  /// Replaces `neg` by `abs`.
  private final class NoSigns: Transformer {
    override func callFunction(
      _ target: Node.Target, _ args: [PyTree<Node>], _ kwargs: [Named<PyTree<Node>>]
    ) throws -> PyTree<Node> {
      try super.callFunction(target == .neg ? .abs : target, args, kwargs)
    }
  }

  @Test func rewritesAGraph() throws {
    let module = GraphModule(Chain().graph)
    let transformed = try NoSigns(module).transform()
    try transformed.lint()
    #expect(
      transformed.graph.description == """
        graph():
            %x : [num_users=1] = placeholder[target=x]
            %y : [num_users=1] = placeholder[target=y]
            %add_tensor : [num_users=1] = call_function[target=torch.ops.aten.add.Tensor](args = (%x, %y), kwargs = {})
            %abs_default : [num_users=1] = call_function[target=torch.ops.aten.abs.default](args = (%add_tensor,), kwargs = {})
            %mul_tensor : [num_users=1] = call_function[target=torch.ops.aten.mul.Tensor](args = (%abs_default, 2), kwargs = {})
            return (mul_tensor,)
        """)
    #expect(try Calculator(transformed).run([-3.0, 1.0]) == .tuple([.value(4)]))
  }

  @Test func keepsEverythingElse() throws {
    var graph = Graph()
    let x = graph.placeholder("x", default: 3)
    let rest = graph.placeholder("*rest")
    let weight = graph.getAttr("w")
    let nest = graph.callFunction(
      .sum,
      [.list([.node(x), .tuple([.node(weight), 1])]), .slice(.init(.none, .node(x))), .submodule("m")],
      kwargs: ["d": .dict([Named("k", .node(rest))])])
    let called = graph.callModule("m", [.node(nest)])
    let method = graph.callMethod("size", [.node(called), .tensorConstant("w")])
    graph.output(.dict([Named("r", .node(method))]))
    var module = GraphModule(graph, className: "Net")
    module.setAttribute(AttributeID(1), at: "w")
    module.setSubmodule(GraphModule(Chain().graph), at: "m")
    module.graph.rename(nest, to: "sum_default")
    #expect(try Transformer(module).transform() == module)
  }

  @Test func carriesMetadataOver() throws {
    var chain = Chain()
    chain.graph.setMetadata(NodeMetadata([Named("stack_trace", "here")]), of: chain.neg)
    let graph = try NoSigns(GraphModule(chain.graph)).transform().graph
    let abs = try #require(graph.node(named: "abs_default"))
    #expect(graph.stackTrace(of: abs) == "here")
    #expect(graph.findNodes(.callFunction).filter { graph.stackTrace(of: $0) != nil } == [abs])
  }

  @Test func mayAddSeveralNodesForOne() throws {
    final class Twice: Transformer {
      override func callFunction(
        _ target: Node.Target, _ args: [PyTree<Node>], _ kwargs: [Named<PyTree<Node>>]
      ) throws -> PyTree<Node> {
        let once = try super.callFunction(target, args, kwargs)
        return target == .neg ? try super.callFunction(target, [once], kwargs) : once
      }
    }
    let module = try Twice(GraphModule(Chain().graph)).transform()
    #expect(module.graph.findNodes(.callFunction, target: .neg).count == 2)
    #expect(try Calculator(module).run([3.0, 4.0]) == .tuple([.value(14)]))
  }
}
