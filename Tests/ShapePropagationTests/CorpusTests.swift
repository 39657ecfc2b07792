import SwiftFX
import Testing

/// Programs exported by PyTorch, compared with PyTorch's results.
@Suite struct CorpusTests {
  @Test(arguments: CorpusGolden.all)
  func agreesWithPyTorch(_ golden: CorpusGolden) throws {
    let program = try FakeProgram(ExportedProgram(path: golden.archive))
    let result = program.context(table: .aten).propagate(
      program.inputs, options: PropagationOptions(trustsRecorded: !golden.foreign.isEmpty))
    #expect(result.error == nil, "\(result.error.map { "\($0)" } ?? "")")
    let graph = program.exported.graphModule.graph
    if !golden.foreign.isEmpty {
      #expect(Set(result.trusted.map { graph.target(of: $0).text }) == Set(golden.foreign))
    }
    for (name, expected) in golden.values {
      let node = try #require(graph.node(named: name), "\(name) is missing")
      let value = try #require(result.values[node], "\(name) has no value")
      let difference = ValueComparison(program.shapes).difference(expected, value)
      #expect(difference == nil, "\(name): \(difference ?? "")")
    }
    for node in graph.nodes {
      let bound = (program.bindings()[node] ?? []).map { program.shapes.arena.name(of: $0.symbol) }
      #expect(bound.sorted() == golden.bindings[graph.name(of: node)] ?? [], "\(graph.name(of: node))")
    }
  }

  /// Later runs reuse the results and facts that the first one remembered.
  @Test(arguments: CorpusGolden.all)
  func isIdempotent(_ golden: CorpusGolden) throws {
    let program = try FakeProgram(ExportedProgram(path: golden.archive))
    let context = program.context(table: .aten)
    let options = PropagationOptions(trustsRecorded: true)
    let first = Snapshot(context.propagate(program.inputs, options: options), program)
    for _ in 0..<(golden.bindings.isEmpty ? 2 : 9) {
      #expect(Snapshot(context.propagate(program.inputs, options: options), program) == first)
    }
  }

  @Test func theSampleIsThere() { #expect(CorpusGolden.all.count > 40) }
}

/// The findings of a run, as text.
private struct Snapshot: Equatable {
  let values: [String]
  let ranges: [String]
  let asserts: [String]
  /// With the steps that added them.
  let guards: [String]
  let history: [Learning]

  init(_ result: Propagation, _ program: FakeProgram) {
    let shapes = program.shapes
    values = program.exported.graphModule.graph.nodes.map { node in
      result.values[node].flatMap { shapes.shortText(of: $0) } ?? "none"
    }
    ranges = shapes.symbols.map {
      "\(shapes.arena.name(of: $0)): \(shapes.range(of: $0).map { "\($0)" } ?? "")"
    }
    asserts = shapes.runtimeAsserts.map { shapes.text(raw: $0.assert.expression) + " \($0.assert.origin)" }
    guards = shapes.guards.map { shapes.text(raw: $0.expression) + " \($0.origin)" }
    history = shapes.history
  }
}
