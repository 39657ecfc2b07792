import FX
import Testing

@Suite struct DeadCodeTests {
  @Test func erasesUnusedNodes() throws {
    var chain = Chain()
    chain.graph.inserting(before: chain.mul) { graph in
      let dead = graph.callFunction(.abs, [.node(chain.x)])
      graph.callFunction(.mul, [.node(dead), 2])
      graph.getAttr("w")
    }
    #expect(try chain.graph.eliminateDeadCode())
    #expect(chain.graph == Chain().graph)
    #expect(try !chain.graph.eliminateDeadCode())
    try chain.graph.lint()
  }

  @Test(
    arguments: [
      ("torch.ops.aten.add_.Tensor", true), ("torch.ops.aten.add.Tensor", false),
      ("torch.ops.aten.add.out", true), ("torch.ops.aten.rand.default", true),
      ("torch.ops.aten._assert_scalar.default", true), ("torch.ops.aten.sym_constrain_range.default", true),
      ("torch.ops.aten.item.default", false), ("torch.ops.my.op.default", true),
      ("torch.ops.higher_order.cond", false), ("torch.ops.higher_order.print", true),
      ("_operator.setitem", true), ("_operator.add", false), ("torch.sym_max", false),
      ("torch._C._set_grad_enabled", true),
      ("torch.ops._c10d_functional.wait_tensor.default", true),
      ("torch.ops._c10d_functional.wait_tensor", true),
      ("torch.ops._c10d_functional.all_reduce.default", false),
      ("torch.ops._c10d_functional.all_reduce", false),
      ("torch.ops._c10d_functional.all_reduce_.default", true), ("torch.ops.aten.relu", false),
      ("torch.ops.aten.relu_", true), ("torch.ops.aten.rand", true), ("torch.ops.aten.dropout", true),
    ] as [(Node.Target, Bool)])
  func keepsSideEffects(_ target: Node.Target, _ isImpure: Bool) throws {
    var graph = Graph()
    let x = graph.placeholder("x")
    let call = graph.callFunction(target, [.node(x)])
    graph.output(.none)
    #expect(graph.isImpure(call) == isImpure)
    try graph.eliminateDeadCode()
    #expect(graph.contains(call) == isImpure)
  }

  @Test func looksIntoAutoFunctionalizedCalls() {
    var graph = Graph()
    let check = graph.callFunction(
      "torch.ops.higher_order.auto_functionalized", [.operator("torch.ops.aten._assert_scalar.default")])
    let add = graph.callFunction(
      "torch.ops.higher_order.auto_functionalized_v2", [.operator("torch.ops.aten.add_.Tensor")])
    #expect(graph.isImpure(check))
    #expect(!graph.isImpure(add))
  }

  @Test func letsTheCallerDecide() throws {
    var graph = Graph()
    let x = graph.placeholder("x")
    let kept = graph.callFunction(.abs, [.node(x)])
    graph.output(.none)
    try graph.eliminateDeadCode { _, node in node != x }
    #expect(graph.contains(kept))
    #expect(graph.contains(x))
    try graph.eliminateDeadCode { graph, node in graph.op(of: node) == .output }
    #expect(!graph.contains(x))
  }

  @Test func refusesGraphsOutOfOrder() {
    var chain = Chain()
    chain.graph.move(chain.neg, before: chain.add)
    #expect(throws: GraphError.self) { try chain.graph.eliminateDeadCode() }
    #expect(chain.graph.nodes.count == 6)
  }

  @Test func descendsIntoSubmodulesInUse() throws {
    var inner = Graph()
    let x = inner.placeholder("x")
    inner.callFunction(.abs, [.node(x)])
    inner.output(.node(x))
    var graph = Graph()
    let branch = graph.getAttr("used")
    graph.output(.node(graph.callFunction("torch.ops.higher_order.cond", [.node(branch)])))
    var module = GraphModule(graph)
    module.setSubmodule(GraphModule(inner), at: "used")
    module.setSubmodule(GraphModule(inner), at: "unused")
    #expect(try module.eliminateDeadCode())
    #expect(module.submodule(at: "used")?.graph.nodes.count == 2)
    #expect(module.submodule(at: "unused")?.graph.nodes.count == 3)
  }
}
