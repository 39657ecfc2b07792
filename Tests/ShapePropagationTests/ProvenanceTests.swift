import SwiftFX
import Testing

/// A fact of a nested graph is attributed to that graph's node, and a fact of the enclosing node to that node.
@Suite struct ProvenanceTests {
  private func program(_ name: String) throws -> (program: FakeProgram, context: PropagationContext) {
    let archive = CorpusGolden.all.first { $0.name == name }?.archive ?? name
    let program = try FakeProgram(ExportedProgram(path: archive))
    let context = program.context(table: .aten)
    let result = context.propagate(
      program.inputs, options: PropagationOptions(trustsRecorded: true))
    #expect(result.error == nil)
    return (program, context)
  }

  @Test func symbolsOfBranches() throws {
    let (program, context) = try program("unb_cond_inside_213")
    let born = program.shapes.symbols.compactMap { context.provenance(of: program.shapes.birth(of: $0)) }
    #expect(born.map(\.qualifiedName) == ["true_graph_0.index", "false_graph_0.nonzero"])
    #expect(born.map(\.operatorName) == ["aten.index.Tensor", "aten.nonzero"])
  }

  @Test func factsAddedAfterABranchBelongToItsCaller() throws {
    let (program, context) = try program("unb_cond_outputs_213")
    // The sizes of the merged result belong to the merging node, at the root.
    let births = program.shapes.symbols.compactMap { context.provenance(of: program.shapes.birth(of: $0)) }
    #expect(births.contains { $0.modulePath.isEmpty && $0.operatorName == "higher_order.cond" })
    for learnt in program.shapes.history where learnt.reason.kind == .renaming {
      #expect(context.provenance(of: learnt.reason.origin)?.modulePath == "")
    }
  }

  @Test func everyFactOfARunHasANode() throws {
    for golden in CorpusGolden.all {
      let (program, context) = try program(golden.name)
      for origin in program.shapes.guards.map(\.origin) + program.shapes.runtimeAsserts.map(\.assert.origin) {
        #expect(context.provenance(of: origin) != nil, "\(golden.name)")
      }
      for learnt in program.shapes.history where learnt.reason.kind != .declared {
        #expect(context.provenance(of: learnt.reason.origin) != nil, "\(golden.name): \(learnt)")
      }
    }
  }

  /// The open interpreter attributes facts to the same nodes as the engine.
  @Test func theOpenInterpreterAgrees() throws {
    let (engine, context) = try program("unb_cond_inside_213")
    let again = try FakeProgram(engine.exported)
    let interpreter = PropagateUnbackedSymInts(
      again.exported.graphModule, mode: again.mode, table: .aten, facts: again)
    _ = try interpreter.run(again.inputs)
    let expected = engine.shapes.symbols.map { context.provenance(of: engine.shapes.birth(of: $0)) }
    let found = again.shapes.symbols.map { interpreter.provenance(of: again.shapes.birth(of: $0)) }
    #expect(found == expected)
  }

  @Test func theSourceLineIsNotPyTorchs() throws {
    let trace = """
      File "/home/a/model.py", line 14, in forward
          return self.pick(x)
        File "/home/a/parts.py", line 3, in pick
          return F.linear(x[mask], w)
        File "/venv/lib/python3.12/site-packages/torch/nn/functional.py", line 9, in linear
          return torch._C._nn.linear(input, weight)
      """
    let frame = try #require(StackFrame(authorsIn: trace))
    #expect(frame.file == "/home/a/parts.py")
    #expect(frame.line == 3)
    #expect(frame.code == "return F.linear(x[mask], w)")
    let generated = """
      File "<eval_with_key>.5", line 9, in forward
          gt = x > 0
        File "torch/fx/passes/runtime_assert.py", line 24, in insert_deferred_runtime_asserts
      """
    #expect(StackFrame(authorsIn: generated) == nil)
  }
}
