import FX
import TensorVocabulary
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
    let transformed = try NoSigns(module).transform().module
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
      kwargs: ["d": .dict([DictEntry("k", .node(rest))])])
    let called = graph.callModule("m", [.node(nest)])
    let method = graph.callMethod("size", [.node(called), .tensorConstant("w")])
    graph.output(.dict([DictEntry("r", .node(method))]))
    var module = GraphModule(graph, className: "Net")
    module.setAttribute(AttributeID(1), at: "w")
    module.setSubmodule(GraphModule(Chain().graph), at: "m")
    module.graph.rename(nest, to: "sum_default")
    #expect(try Transformer(module).transform().module == module)
  }

  @Test func carriesMetadataOver() throws {
    var chain = Chain()
    chain.graph.setMetadata(NodeMetadata([Named("stack_trace", "here")]), of: chain.neg)
    let graph = try NoSigns(GraphModule(chain.graph)).transform().module.graph
    let abs = try #require(graph.node(named: "abs_default"))
    #expect(graph.stackTrace(of: abs) == "here")
    #expect(graph.findNodes(.callFunction).filter { graph.stackTrace(of: $0) != nil } == [abs])
  }

  @Test func mapsOldNodesToNew() throws {
    var chain = Chain()
    let output = try #require(chain.graph.outputNode)
    // Erased nodes leave gaps, so the numbers of the new graph differ.
    let dead = chain.graph.inserting(before: chain.add) { $0.callFunction(.relu, [.node(chain.x)]) }
    try chain.graph.erase(dead)
    let late = chain.graph.inserting(before: chain.add) { $0.callFunction(.relu, [.node(chain.x)]) }
    let transformed = try NoSigns(GraphModule(chain.graph)).transform()
    let graph = transformed.module.graph
    let names = chain.graph.nodes.map { node in transformed.nodes[node].map { graph.name(of: $0) } }
    #expect(names == ["x", "y", "relu_default", "add_tensor", "abs_default", "mul_tensor", "output"])
    #expect(transformed.nodes[late] != late)
    #expect(transformed.nodes[output] == graph.outputNode)
    #expect(transformed.nodes[dead] == nil)
  }

  @Test func mapsLeftOutNodesToWhatStandsForThem() throws {
    /// Drops `neg`, and splits the product.
    final class Shortened: Transformer {
      override func callFunction(
        _ target: Node.Target, _ args: [PyTree<Node>], _ kwargs: [Named<PyTree<Node>>]
      ) throws -> PyTree<Node> {
        switch target {
        case .neg: args[0]
        case .mul: .tuple(args)
        default: try super.callFunction(target, args, kwargs)
        }
      }
    }
    let chain = Chain()
    let transformed = try Shortened(GraphModule(chain.graph)).transform()
    let add = try #require(transformed.nodes[chain.add])
    #expect(transformed.nodes[chain.neg] == add)
    #expect(transformed.nodes[chain.mul] == nil)
    #expect(transformed.module.graph.description.hasSuffix("return ((add_tensor, 2),)"))
  }

  @Test func startsALineageOfItsOwn() throws {
    let module = GraphModule(Chain().graph)
    let transformed = try Transformer(module).transform().module
    #expect(transformed == module)
    #expect(!transformed.graph.isDescendant(of: module.graph))
    #expect(!module.graph.isDescendant(of: transformed.graph))
    #expect(transformed.graph.sharedNodeCount(with: module.graph) == 0)
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
    let chain = Chain()
    let transformed = try Twice(GraphModule(chain.graph)).transform()
    let module = transformed.module
    let standIn = try #require(transformed.nodes[chain.neg])
    #expect(module.graph.name(of: standIn) == "neg_default_1")
    #expect(module.graph.findNodes(.callFunction, target: .neg).count == 2)
    #expect(try Calculator(module).run([3.0, 4.0]) == .tuple([.value(14)]))
  }
}
