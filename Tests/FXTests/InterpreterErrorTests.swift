import FX
import Testing

@Suite struct InterpreterErrorTests {
  private func dividing() -> Graph {
    var graph = Graph()
    let x = graph.placeholder("x")
    let y = graph.placeholder("y")
    let quotient = graph.callFunction(.div, [.node(x), .node(y)], kwargs: ["rounding_mode": "floor"])
    let trace = "  File \"model.py\", line 14, in forward\n    return x / y\n"
    graph.setMetadata(NodeMetadata([Named("stack_trace", trace)]), of: quotient)
    graph.output(.node(quotient))
    return graph
  }

  @Test func carriesTheNodeItsArgumentsAndTheSourceLine() {
    let error = #expect(throws: InterpreterError.self) {
      try Calculator(GraphModule(dividing())).run([3.0, 0.0])
    }
    #expect(error?.kind == .evaluationFailed)
    #expect(error?.underlying is DivisionByZero)
    #expect(error?.target == "torch.ops.aten.div.Tensor")
    #expect(error?.arguments == [Named("x", "3.0"), Named("y", "0.0")])
    #expect(error?.stackTrace == "  File \"model.py\", line 14, in forward\n    return x / y\n")
    #expect(
      error?.description == """
        error: division by zero
          node   %div_tensor : [num_users=1] = call_function[target=torch.ops.aten.div.Tensor]\
        (args = (%x, %y), kwargs = {rounding_mode: floor})
          given  x: 3.0
          given  y: 0.0
          at     model.py:14 in forward: return x / y
        """)
  }

  @Test func addsTheCallersOfSubmodules() {
    var graph = Graph()
    let x = graph.placeholder("x")
    graph.output(.node(graph.callModule("inner", [.node(x), 0])))
    var module = GraphModule(graph)
    module.setSubmodule(GraphModule(dividing()), at: "inner")
    let error = #expect(throws: InterpreterError.self) { try Calculator(module).run([1.0]) }
    #expect(error?.node?.hasPrefix("%div_tensor") == true)
    #expect(error?.callers.count == 1)
    #expect(error?.callers.first?.hasPrefix("%inner : [num_users=1] = call_module[target=inner]") == true)
  }

  @Test func isUsableAgainAfterAnError() throws {
    let calculator = Calculator(GraphModule(dividing()))
    #expect(throws: InterpreterError.self) { try calculator.run([3.0, 0.0]) }
    #expect(try calculator.run([3.0, 2.0]) == .value(1.5))
  }

  @Test func namesUnknownOperators() {
    var graph = Graph()
    let x = graph.placeholder("x")
    graph.output(.node(graph.callFunction("torch.ops.my.op.default", [.node(x)])))
    let error = #expect(throws: InterpreterError.self) { try Calculator(GraphModule(graph)).run([1.0]) }
    #expect(error?.kind == .unsupported(.callFunction, target: "torch.ops.my.op.default"))
    #expect(
      error?.description.hasPrefix(
        "error: this interpreter does not know what call_function of 'torch.ops.my.op.default' does") == true)
  }
}
