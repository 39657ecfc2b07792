import SwiftFX
import Testing

/// A rule that propagates a program itself.
@Suite struct RunInARunTests {
  private func run(_ mode: @escaping @Sendable (OperatorCall) -> FakeTensorMode) throws -> Propagation {
    var table = OperatorTable.aten
    try table.add(schema: "mylib::again(Tensor x) -> Tensor") { call in
      var inner = Graph()
      let x = inner.placeholder("x")
      inner.output(.node(inner.callFunction("torch.ops.aten.relu.default", [.node(x)])))
      let mode = mode(call)
      let context = PropagationContext(GraphModule(inner), mode: mode, table: .aten)
      let result = context.propagate([.tensor(mode.tensor([2], dtype: .float32))])
      if let error = result.error { throw error }
      return .tensor(try call.tensor(0))
    }
    var graph = Graph()
    let x = graph.placeholder("x")
    graph.output(.node(graph.callFunction("torch.ops.mylib.again.default", [.node(x)])))
    let outer = FakeTensorMode()
    let context = PropagationContext(GraphModule(graph), mode: outer, table: table)
    return context.propagate([.tensor(outer.tensor([3], dtype: .float32))])
  }

  @Test func itMayNotUseTheTensorsOfTheRun() throws {
    let error = try #require(try run { $0.mode }.error)
    #expect(error.message.contains("FakeTensorMode of its own"), "\(error)")
    #expect(error.node == "again_default", "\(error)")
  }

  @Test func itMayUseItsOwn() throws {
    #expect(try run { _ in FakeTensorMode() }.error == nil)
  }
}
