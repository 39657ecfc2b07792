import Foundation
import SwiftFX
import Testing

/// Edited programs with their values derived again, saved and loaded.
@Suite struct ExportedEditTests {
  /// The program as it is after saving and loading.
  private func reloaded(_ program: ExportedProgram) throws -> FakeProgram {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("edit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("saved.pt2").path
    try program.save(to: path)
    return try FakeProgram(ExportedProgram(path: path))
  }

  private func sample(_ name: String) throws -> String {
    try #require(CorpusGolden.all.first { $0.name == name }).archive
  }

  private func text(_ name: String, _ program: FakeProgram) throws -> String? {
    let node = try #require(program.exported.graphModule.graph.node(named: name))
    return program.recordedValue(of: node, in: "").flatMap { program.shapes.shortText(of: $0) }
  }

  @Test func withoutEditsNothingIsDerivedAnew() throws {
    let program = try FakeProgram(ExportedProgram(path: sample("unb_bool_index_memo_213")))
    let exported = try program.exported(program.exported.graphModule, table: .aten)
    let again = try reloaded(exported)
    #expect(again.exported.graphModule == program.exported.graphModule)
    #expect(again.exported.rangeConstraints == program.exported.rangeConstraints)
    for node in program.exported.graphModule.graph.nodes {
      let name = program.exported.graphModule.graph.name(of: node)
      #expect(try text(name, again) == text(name, program), "\(name)")
    }
  }

  @Test func newSymbolsGetARangeAndANodeThatBindsThem() throws {
    let program = try FakeProgram(ExportedProgram(path: sample("unb_bool_index_memo_213")))
    var module = program.exported.graphModule
    let graph = module.graph
    let input = try #require(graph.findNodes(.placeholder).first)
    let first = try #require(graph.nodes.first { graph.op(of: $0) != .placeholder })
    let positions = module.graph.inserting(before: first) {
      $0.callFunction("torch.ops.aten.nonzero.default", [.node(input)])
    }
    let exported = try program.exported(module, table: .aten)
    let known = Set(program.exported.rangeConstraints.map(\.text))
    let new = exported.rangeConstraints.filter { !known.contains($0.text) }
    #expect(new.count == 1)
    let again = try reloaded(exported)
    let symbol = try #require(new.first?.text)
    #expect(try text(module.graph.name(of: positions), again)?.hasPrefix("i64[\(symbol), ") == true)
    let saved = try #require(again.exported.graphModule.graph.node(named: module.graph.name(of: positions)))
    #expect(again.bindings()[saved]?.map { again.shapes.arena.name(of: $0.symbol) } == [symbol])
    // All other symbols are bound where they were.
    for node in graph.nodes where graph.op(of: node) == .callFunction {
      let kept = try #require(again.exported.graphModule.graph.node(named: graph.name(of: node)))
      #expect(
        again.bindings()[kept]?.map { again.shapes.arena.name(of: $0.symbol) }
          == program.bindings()[node]?.map { program.shapes.arena.name(of: $0.symbol) })
    }
    let result = again.context(table: .aten).propagate(again.inputs)
    #expect(result.error == nil && result.fresh.isEmpty)
  }

  @Test func valuesThatAnEditChangesAreDerivedAnew() throws {
    let program = try FakeProgram(ExportedProgram(path: sample("misc_dtype_mix_213")))
    var module = program.exported.graphModule
    let graph = module.graph
    let output = try #require(graph.outputNode)
    let result = try #require(graph.inputs(of: output).first)
    let sum = module.graph.inserting(before: output) {
      $0.callFunction("torch.ops.aten.to.dtype", [.node(result), .dtype(.float64)])
    }
    module.graph.replaceAllUses(of: result, with: sum) { $0 == output }
    let again = try reloaded(program.exported(module, table: .aten))
    #expect(try text(module.graph.name(of: sum), again)?.hasPrefix("f64[") == true)
    #expect(again.exported.signature.userOutputs.contains(module.graph.name(of: sum)))
    let context = again.context(table: .aten)
    #expect(context.propagate(again.inputs).error == nil)
  }

  @Test func aBrokenGraphIsRefused() throws {
    let program = try FakeProgram(ExportedProgram(path: sample("unb_bool_index_memo_213")))
    var module = program.exported.graphModule
    let graph = module.graph
    let call = try #require(graph.nodes.first { graph.op(of: $0) == .callFunction })
    module.graph.move(call, before: try #require(graph.nodes.first))
    #expect(throws: GraphError.self) { try program.exported(module, table: .aten) }
  }
}
