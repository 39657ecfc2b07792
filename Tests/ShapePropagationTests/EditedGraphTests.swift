import SwiftFX
import Testing

/// Known symbols keep their names in an edited graph, and only new symbols are reported.
@Suite struct EditedGraphTests {
  @Test(arguments: [1, 2, 10]) func replayIsIdempotent(_ runs: Int) {
    let program = TestProgram()
    let context = program.context
    var texts: Set<[String]> = []
    var knowledge: Set<[String]> = []
    for _ in 0..<runs {
      let result = context.propagate(program.inputs)
      texts.insert(program.graph.nodes.map { program.text(result, $0) })
      knowledge.insert(
        program.mode.shapes.symbols.map { "\(program.mode.shapes.range(of: $0).map { "\($0)" } ?? "")" })
    }
    #expect(texts.count == 1)
    #expect(knowledge.count == 1)
  }

  @Test func reorderedNodes() {
    var program = TestProgram()
    program.graph.move(program.rows, before: program.nonzero)
    let result = program.context.propagate(program.inputs)
    #expect(result.error == nil)
    #expect(program.text(result, program.rows) == "f32[u0, 4]")
    #expect(program.text(result, program.nonzero) == "i64[u0, 1]")
    #expect(result.fresh.isEmpty)
  }

  /// PyTorch's "possible memo disaster": two nodes bind two names to the single count of one mask.
  @Test func twoNamesForOneMaskAreUnited() {
    let program = TestProgram()
    program.mode.shapes.declare(
      "u1", [.integer, .unbacked], kind: .unbackedInt, range: .int(IntRange(lower: 1, upper: .max)), hint: nil
    )
    program.bind("u1", at: program.rows, [.callMethod(.size), .sequence(0)])
    let result = program.context.propagate(program.inputs)
    #expect(result.error == nil)
    #expect(
      result.values[program.rows]?.tensor.map { program.mode.shapes.bound(of: $0.sizes[0]) }
        == IntRange(lower: 1, upper: 100))
  }

  @Test func duplicatedUseOfAMask() throws {
    let program = try FakeProgram(ExportedProgram(path: sample("unb_bool_index_memo_213")))
    var module = program.exported.graphModule
    let index = try #require(
      module.graph.findNodes(.callFunction, target: "torch.ops.aten.index.Tensor").first)
    let copy = module.graph.inserting(before: index) { graph in
      graph.callFunction("torch.ops.aten.index.Tensor", Array(graph.args(of: index)))
    }
    let result = try program.context(for: module, table: .aten).propagate(program.inputs)
    #expect(result.error == nil)
    #expect(result.fresh.isEmpty)
    #expect(text(result, copy, program) == text(result, index, program))
  }

  @Test(arguments: [
    "unb_bool_index_memo_213", "unb_cat_mixed_213", "unb_many_asserts_213", "ver_nonzero_291",
  ])
  func deadCode(_ name: String) throws {
    let program = try FakeProgram(ExportedProgram(path: sample(name)))
    let before = program.context(table: .aten).propagate(program.inputs)
    let expected = Dictionary(
      uniqueKeysWithValues: program.exported.graphModule.graph.nodes.map { ($0, text(before, $0, program)) })
    var module = program.exported.graphModule
    // Without the assertions, most nodes that read sizes are dead.
    try module.graph.eliminateDeadCode { graph, node in
      graph.op(of: node) == .placeholder || graph.op(of: node) == .output
    }
    let result = try program.context(for: module, table: .aten).propagate(program.inputs)
    #expect(result.error == nil)
    #expect(result.fresh.isEmpty)
    for node in module.graph.nodes { #expect(text(result, node, program) == expected[node]) }
  }

  private func text(_ result: Propagation, _ node: Node, _ program: FakeProgram) -> String {
    result.values[node].flatMap { program.shapes.shortText(of: $0) } ?? "none"
  }

  private func sample(_ name: String) -> String {
    CorpusGolden.all.first { $0.name == name }?.archive ?? name
  }
}
