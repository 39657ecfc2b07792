import FX
import GraphPasses
import Testing

@Suite struct PassTableTests {
  @Test func namesTheNearestPass() {
    #expect(throws: GraphPassError(.unknownPass("dead-cod", nearest: "dead-code"))) {
      try PassTable.structural.pass("dead-cod")
    }
  }

  @Test func refusesAnArgumentThatThePassDoesNotTake() {
    #expect(throws: GraphPassError.self) { try PassTable.structural.pass("sort=fast:yes") }
    #expect(throws: GraphPassError.self) { try PassTable.structural.pass("cse=sloppy") }
  }

  /// Writes above ATen have no schema; PyTorch's `eliminate_dead_code` erases the methods.
  @Test func deadCodeKeepsMethodsAndFunctionsThatWrite() throws {
    var graph = Graph()
    let x = graph.placeholder("x")
    graph.callMethod("index_copy_", [.node(x), 0, .node(x), .node(x)])
    graph.callFunction("torch.relu_", [.node(x)])
    graph.callFunction("torch.neg", [.node(x)], kwargs: ["out": .node(x)])
    graph.callMethod("relu", [.node(x)])
    graph.callFunction("torch.neg", [.node(x)])
    graph.callFunction("torch.ops.higher_order.wrap_with_set_grad_enabled", [false, .node(x)])
    graph.output(.node(x))
    var module = GraphModule(graph)
    try PassTable.structural.pass("dead-code")(&module)
    #expect(
      module.graph.nodes.map { module.graph.target(of: $0).text } == [
        "x", "index_copy_", "torch.relu_", "torch.neg", "output",
      ])
  }

  @Test func everyPassHasAUniqueNameAndASentence() {
    let names = PassTable.structural.entries.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(PassTable.structural.entries.allSatisfy { $0.summary.hasSuffix(".") })
  }
}
