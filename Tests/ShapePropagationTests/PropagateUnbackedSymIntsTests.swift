import SwiftFX
import Testing

@Suite struct PropagateUnbackedSymIntsTests {
  @Test func givesFreshSymbolsTheirKnownNames() throws {
    let program = TestProgram()
    let interpreter = PropagateUnbackedSymInts(
      program.module, mode: program.mode, table: .aten, facts: program.facts, garbageCollectValues: false)
    let result = FakeValue(try interpreter.run(program.inputs), program.mode.shapes)
    #expect(program.mode.shapes.shortText(of: result) == "(i64[u0, 1], f32[u0, 4], u0)")
    #expect(interpreter.renamings.map(\.node) == [program.nonzero])
  }

  @Test func runNodeCanBeOverridden() throws {
    final class Logger: PropagateUnbackedSymInts {
      var log: [String] = []
      override func runNode(_ node: Node) throws -> PyTree<FakeValue> {
        let value = try super.runNode(node)
        log.append(
          "\(graph.name(of: node)): \(mode.shapes.shortText(of: FakeValue(value, mode.shapes)) ?? "")")
        return value
      }
    }
    let program = TestProgram()
    let logger = Logger(program.module, mode: program.mode, table: .aten, facts: program.facts)
    try logger.run(program.inputs)
    #expect(
      logger.log == [
        "x: f32[s0, 4]", "mask: b8[s0]", "nonzero_default: i64[u0, 1]", "index_tensor: f32[u0, 4]",
        "sym_size_int: u0", "output: (i64[u0, 1], f32[u0, 4], u0)",
      ])
  }

  @Test func callFunctionCanBeOverriddenToSwapOperators() throws {
    final class Swapper: PropagateUnbackedSymInts {
      override func callFunction(
        _ target: Node.Target, _ args: [PyTree<FakeValue>], _ kwargs: [Named<PyTree<FakeValue>>]
      ) throws -> PyTree<FakeValue> {
        let swapped: Node.Target =
          target == "torch.ops.aten.nonzero.default" ? "torch.ops.aten.neg.default" : target
        return try super.callFunction(swapped, args, kwargs)
      }
    }
    var graph = Graph()
    let x = graph.placeholder("x")
    let node = graph.callFunction("torch.ops.aten.nonzero.default", [.node(x)])
    graph.output(.node(node))
    let mode = FakeTensorMode()
    let result = try Swapper(GraphModule(graph), mode: mode, table: .aten)
      .run([FakeValue.tensor(mode.tensor([3, 5], dtype: .float32))])
    #expect(mode.shapes.shortText(of: FakeValue(result, mode.shapes)) == "f32[3, 5]")
  }

  @Test func forgetsMemosWhenPropagatingAgain() throws {
    let program = TestProgram()
    let interpreter = FakeTensorProp(program.module, mode: program.mode, table: .aten, facts: program.facts)
    for _ in 0..<3 {
      let result = try interpreter.propagate(program.inputs)
      #expect(program.mode.shapes.shortText(of: result) == "(i64[u0, 1], f32[u0, 4], u0)")
    }
  }

  @Test func namesTheNodeThatFailed() throws {
    var program = TestProgram()
    let bad = program.graph.inserting(before: program.count) { graph in
      graph.callFunction("torch.ops.aten.mm.default", [.node(program.x), .node(program.x)])
    }
    let interpreter = PropagateUnbackedSymInts(
      program.module, mode: program.mode, table: .aten, facts: program.facts)
    let error = #expect(throws: InterpreterError.self) { try interpreter.run(program.inputs) }
    #expect(error?.description.contains(program.graph.name(of: bad)) == true)
  }
}
