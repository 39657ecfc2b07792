import SwiftFX
import Testing

@Suite struct PropagationEngineTests {
  @Test func propagates() {
    let program = TestProgram()
    let result = program.context.propagate(program.inputs)
    #expect(result.error == nil)
    #expect(program.text(result, program.nonzero) == "i64[u0, 1]")
    #expect(program.text(result, program.rows) == "f32[u0, 4]")
    #expect(program.text(result, program.count) == "u0")
    #expect(result.renamings.map(\.node) == [program.nonzero])
    #expect(result.fresh.isEmpty)
  }

  @Test func tooFewInputsAreAnError() {
    let program = TestProgram()
    let result = program.context.propagate([program.inputs[0]])
    #expect(result.error?.node == "mask")
    #expect(result.error?.message == "no value was given for input 'mask'")
  }

  @Test func errorsCarryNodeArgumentsAndStackTrace() {
    var program = TestProgram()
    let bad = program.graph.inserting(before: program.count) { graph in
      graph.callFunction("torch.ops.aten.mm.default", [.node(program.x), .node(program.x)])
    }
    var metadata = program.graph.metadata(of: bad)
    metadata.stackTrace = "  File \"model.py\", line 7, in forward\n    y = x @ x"
    program.graph.setMetadata(metadata, of: bad)
    let error = program.context.propagate(program.inputs).error
    #expect(error?.node == program.graph.name(of: bad))
    #expect(error?.nodeText?.contains("torch.ops.aten.mm.default") == true)
    #expect(error?.stackTrace?.contains("model.py") == true)
    let text = error?.description ?? ""
    for part in ["f32[s0, 4]", "y = x @ x", "node   %"] { #expect(text.contains(part), "\(text)") }
  }

  @Test func operatorsWithoutRuleAreNamedWithTheirNodes() throws {
    var program = TestProgram()
    let misspelled = program.graph.inserting(before: program.count) { graph in
      graph.callFunction("torch.ops.aten.nonzeros.default", [.node(program.x)])
    }
    let error = try #require(program.context.propagate(program.inputs).error)
    guard case .unsupportedOperators(let operators) = error.kind else {
      Issue.record("\(error)")
      return
    }
    #expect(operators.map(\.target) == ["torch.ops.aten.nonzeros.default"])
    #expect(operators.map(\.nodes) == [[program.graph.name(of: misspelled)]])
    #expect(operators.first?.similar.first == "aten.nonzero.default")
    #expect(!error.description.contains("--"))
  }

  @Test func modeDoesNotGrowWithRuns() {
    var graph = Graph()
    let known = graph.callFunction(
      "torch.ops.aten.full.default", [.list([2]), 1], kwargs: ["dtype": .dtype(.int64)])
    graph.output(.node(graph.callFunction("torch.ops.aten.clone.default", [.node(known)])))
    let mode = FakeTensorMode()
    let context = PropagationContext(GraphModule(graph), mode: mode, table: .aten)
    #expect(context.propagate([]).error == nil)
    let count = mode.memories.count
    #expect(count > 0)
    for _ in 0..<3 { _ = context.propagate([]) }
    #expect(mode.memories.count == count)
    // A tensor created between two runs keeps its storage.
    let own = mode.tensor([3], dtype: .float32)
    let result = context.propagate([])
    #expect(result.values[known]?.tensor.map { $0.storage != own.storage } == true)
  }

  @Test func inputsKeepTheirMetadata() {
    var graph = Graph()
    let x = graph.placeholder("x")
    let wider = graph.callFunction("torch.ops.aten.unsqueeze_.default", [.node(x), 0])
    graph.output(.node(wider))
    let mode = FakeTensorMode()
    let input = mode.tensor([3], dtype: .float32)
    let context = PropagationContext(GraphModule(graph), mode: mode, table: .aten)
    for _ in 0..<2 {
      let result = context.propagate([.tensor(input)])
      #expect(result.values[wider]?.tensor?.rank == 2)
      #expect(result.values[x]?.tensor?.rank == 2)
    }
    #expect(input.rank == 1)
  }

  @Test func reportsUnknownSymbols() throws {
    var program = TestProgram()
    let fresh = program.graph.inserting(before: program.count) { graph in
      graph.callFunction("torch.ops.aten.nonzero.default", [.node(program.x)])
    }
    let result = program.context.propagate(program.inputs)
    #expect(program.text(result, program.nonzero) == "i64[u0, 1]")
    #expect(result.fresh.map(\.node) == [fresh])
    #expect(result.fresh.first?.bindings.map(\.path) == [[.callMethod(.size), .sequence(0)]])
    #expect(result.fresh.first?.unbound.isEmpty == true)
  }

  @Test func recordedValuesAreUsedOnlyOnRequest() {
    var program = TestProgram()
    let unknown = program.graph.inserting(before: program.count) { graph in
      graph.callFunction("torch.ops.mine.rows.default", [.node(program.rows)])
    }
    program.facts.recorded[unknown] = .tensor(program.mode.tensor([7], dtype: .int8))
    let refused = program.context.propagate(program.inputs)
    #expect(refused.error?.message == "no shape rule for torch.ops.mine.rows.default (1)")
    #expect(refused.values.count == 0)
    let trusting = program.context.propagate(
      program.inputs, options: PropagationOptions(trustsRecorded: true))
    #expect(trusting.error == nil)
    #expect(trusting.trusted == [unknown])
    #expect(program.text(trusting, unknown) == "i8[7]")
  }

  @Test func allUnsupportedOperatorsAreListed() {
    var program = TestProgram()
    for target in ["torch.ops.mine.a.default", "torch.ops.mine.b.default", "torch.ops.mine.a.default"] {
      _ = program.graph.inserting(before: program.count) { graph in
        graph.callFunction(Node.Target(target), [.node(program.x)])
      }
    }
    let result = program.context.propagate(program.inputs)
    #expect(
      result.error?.message == "no shape rule for torch.ops.mine.a.default (2), torch.ops.mine.b.default (1)")
    #expect(result.error?.kindName == "UnsupportedOperator")
  }
}
