import SwiftFX
import Testing

/// Symbols that a run created keep their names, whatever edits follow.
@Suite struct KeptNamesTests {
  /// `x: f32[s0, 4]` → the positions of its nonzero elements.
  private struct Program {
    var graph = Graph()
    let mode = FakeTensorMode()
    let x: Node
    let places: Node
    let inputs: [FakeValue]

    init() {
      x = graph.placeholder("x")
      places = graph.callFunction("torch.ops.aten.nonzero.default", [.node(x)])
      graph.output(.node(places))
      let s0 = mode.shapes.symInt(mode.shapes.createBackedSymbol("s0", hint: .int(8)))
      inputs = [.tensor(mode.tensor([s0, 4], dtype: .float32))]
    }
  }

  @Test func aNodeAddedBeforeTakesANewName() throws {
    let program = Program()
    let context = PropagationContext(GraphModule(program.graph), mode: program.mode, table: .aten)
    #expect(text(context.propagate(program.inputs), program.places, program.mode) == "i64[u0, 2]")
    #expect(context.bindings(of: program.places).map(\.path) == [[.callMethod(.size), .sequence(0)]])
    var edited = context.module
    let earlier = edited.graph.inserting(after: program.x) { graph in
      graph.callFunction("torch.ops.aten.nonzero.default", [.node(program.x)])
    }
    // Another tensor, so that the memo of `x` does not give both nodes one symbol.
    let other = edited.graph.inserting(after: program.x) { graph in
      graph.callFunction("torch.ops.aten.neg.default", [.node(program.x)])
    }
    edited.graph.replaceInput(program.x, with: other, in: earlier)
    try context.replaceModule(edited)
    for _ in 0..<2 {
      let result = context.propagate(program.inputs)
      #expect(result.error == nil)
      #expect(text(result, program.places, program.mode) == "i64[u0, 2]")
      #expect(text(result, earlier, program.mode) == "i64[u1, 2]")
      #expect(result.renamings.map(\.node) == [program.places])
      #expect(result.fresh.map(\.node) == [earlier])
    }
  }

  @Test func aRemovedNodeTakesItsNameAlong() throws {
    let program = Program()
    let context = PropagationContext(GraphModule(program.graph), mode: program.mode, table: .aten)
    _ = context.propagate(program.inputs)
    var edited = context.module
    edited.graph.replaceAllUses(of: program.places, with: program.x)
    try edited.graph.erase(program.places)
    try context.replaceModule(edited)
    let result = context.propagate(program.inputs)
    #expect(result.error == nil)
    #expect(program.mode.shapes.symbols.map { program.mode.shapes.arena.name(of: $0) } == ["s0"])
  }

  @Test func propagatingAgainRenamesNothing() throws {
    let program = Program()
    let interpreter = FakeTensorProp(GraphModule(program.graph), mode: program.mode, table: .aten)
    for _ in 0..<3 {
      let result = try interpreter.propagate(program.inputs)
      #expect(program.mode.shapes.shortText(of: result) == "i64[u0, 2]")
    }
  }

  // Transforms

  /// Puts a `clone` before every `nonzero`, so that later nodes get other numbers.
  private final class Cloning: Transformer {
    override func callFunction(
      _ target: Node.Target, _ args: [PyTree<Node>], _ kwargs: [Named<PyTree<Node>>]
    ) throws -> PyTree<Node> {
      guard target == "torch.ops.aten.nonzero.default" else {
        return try super.callFunction(target, args, kwargs)
      }
      let copy = try super.callFunction("torch.ops.aten.clone.default", args, [])
      return try super.callFunction(target, [copy], kwargs)
    }
  }

  /// The sizes of nodes that a transform kept are those that PyTorch recorded for them.
  @Test(arguments: ["unb_many_asserts_213", "ver_nonzero_291", "unb_cat_mixed_213"])
  func transformedProgramsKeepTheirSymbols(_ name: String) throws {
    let archive = try #require(CorpusGolden.all.first { $0.name == name }).archive
    let program = try FakeProgram(ExportedProgram(path: archive))
    let transformed = try Cloning(program.exported.graphModule).transform()
    let context = program.context(for: transformed.module, mapping: transformed.nodes, table: .aten)
    let result = context.propagate(program.inputs)
    #expect(result.error == nil)
    #expect(result.fresh.isEmpty)
    var compared = 0
    for old in program.exported.graphModule.graph.nodes {
      guard let new = transformed.nodes[old],
        let recorded = program.recordedValue(of: old, in: "")?.tensor,
        let value = result.values[new]?.tensor
      else { continue }
      #expect(program.shapes.shortText(of: value) == program.shapes.shortText(of: recorded))
      compared += 1
    }
    #expect(compared > 1)
  }

  @Test func aGraphThatIsNotTheProgramsIsRefused() throws {
    let archive = try #require(CorpusGolden.all.first { $0.name == "unb_many_asserts_213" }).archive
    let program = try FakeProgram(ExportedProgram(path: archive))
    let transformed = try Cloning(program.exported.graphModule).transform()
    #expect(throws: PropagationError.self) { try program.context(for: transformed.module, table: .aten) }
    let context = program.context(table: .aten)
    #expect(throws: PropagationError.self) { try context.replaceModule(transformed.module) }
    #expect(context.propagate(program.inputs).error == nil)
  }

  private func text(_ result: Propagation, _ node: Node, _ mode: FakeTensorMode) -> String {
    result.values[node].flatMap { mode.shapes.shortText(of: $0) } ?? "none"
  }
}
