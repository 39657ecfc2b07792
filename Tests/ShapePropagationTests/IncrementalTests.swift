import Foundation
import FuzzTargets
import SwiftFX
import TestSupport
import Testing

/// A run after an edit gives the results of a full run of the edited program, and computes less.
@Suite struct IncrementalTests {
  /// Programs with memos, renamings, asserts, nested graphs, guards and constants.
  static let programs = CorpusGolden.all.filter { $0.torch.hasPrefix("2.13") && $0.foreign.isEmpty }

  /// The number of edits of each program; `EDITS=1000 swift test --filter IncrementalTests` takes minutes.
  static let edits = ProcessInfo.processInfo.environment["EDITS"].flatMap { Int($0) } ?? 12

  @Test(arguments: programs)
  func randomEdits(_ golden: CorpusGolden) throws {
    var edited = try EditedProgramUnderTest(golden, seed: 7)
    _ = edited.propagateIncrementally()
    var (computed, total) = (0, 0)
    for _ in 0..<Self.edits {
      let before = edited.context.module
      let (edit, full, expected) = try edited.editAtRandom()
      let result = edited.propagateIncrementally()
      let difference = Findings(result, edited.program, edit.module).difference(from: expected)
      #expect(difference == nil, "\(edit.description): \(difference ?? "")")
      if result.error == nil {
        computed += result.computed
        total += full.computed
      } else {
        try edited.goBack(to: before)
        _ = edited.propagateIncrementally()
      }
    }
    #expect(computed < total)
  }

  /// Full runs of an edited program find what runs of its earlier versions remembered.
  @Test(arguments: programs)
  func fullRunsAfterRandomEdits(_ golden: CorpusGolden) throws {
    var edited = try EditedProgramUnderTest(golden, seed: 11)
    for _ in 0..<max(1, Self.edits / 3) {
      // The next plan continues from that of this run, with its memory.
      _ = edited.propagateIncrementally()
      let before = edited.context.module
      let (edit, full, expected) = try edited.editAtRandom()
      for run in 1...3 {
        let again = edited.context.propagate(edited.program.inputs, options: edited.options)
        let difference = Findings(again, edited.program, edit.module).difference(from: expected)
        #expect(difference == nil, "run \(run), \(edit.description): \(difference ?? "")")
      }
      if full.error != nil { try edited.goBack(to: before) }
    }
  }

  @Test func theSampleIsThere() { #expect(Self.programs.count > 10) }

  @Test func anUnusedNodeIsComputedAlone() throws {
    let program = try FakeProgram(ExportedProgram(path: try sample("unb_many_asserts_213")))
    let context = program.context(table: .aten)
    #expect(context.propagateIncrementally(program.inputs).computed == context.module.graph.nodes.count)
    #expect(context.propagateIncrementally(program.inputs).computed == 0)
    var module = context.module
    let input = try #require(module.graph.findNodes(.placeholder).first)
    _ = module.graph.inserting(after: input) { graph in
      graph.callFunction("torch.ops.aten.relu.default", [.node(input)])
    }
    try context.replaceModule(module)
    #expect(context.propagateIncrementally(program.inputs).computed == 1)
  }

  @Test func otherInputsAreOtherValues() throws {
    let program = TestProgram()
    let context = program.context
    _ = context.propagateIncrementally(program.inputs)
    let shapes = program.mode.shapes
    let s1 = shapes.symInt(shapes.createBackedSymbol("s1", hint: .int(5)))
    let other: [FakeValue] = [
      .tensor(program.mode.tensor([s1, 7], dtype: .float32)),
      .tensor(program.mode.tensor([s1], dtype: .bool)),
    ]
    let result = context.propagateIncrementally(other)
    #expect(program.text(result, program.rows) == "f32[u0, 7]")
  }

  private func sample(_ name: String) throws -> String {
    try #require(CorpusGolden.all.first { $0.name == name }).archive
  }
}

/// A program edited at random, repeatedly.
private struct EditedProgramUnderTest {
  let program: FakeProgram
  let context: PropagationContext
  let options = PropagationOptions(trustsRecorded: true)
  /// The same program and the same edits, always run in full.
  private let reference: (program: FakeProgram, context: PropagationContext)
  private var random: SplitMix64

  init(_ golden: CorpusGolden, seed: UInt64) throws {
    program = try FakeProgram(ExportedProgram(path: golden.archive))
    context = program.context(table: .aten)
    let copy = try FakeProgram(program.exported)
    reference = (copy, copy.context(table: .aten))
    _ = reference.context.propagate(copy.inputs, options: options)
    random = SplitMix64(seed: golden.name.utf8.reduce(seed) { $0 &* 31 &+ UInt64($1) })
  }

  func propagateIncrementally() -> Propagation {
    context.propagateIncrementally(program.inputs, options: options)
  }

  /// Edits the program; returns the edit and the result of a full run of another copy.
  mutating func editAtRandom() throws -> (edit: RandomEdit<SplitMix64>, full: Propagation, expected: Findings)
  {
    var edit = RandomEdit(context.module, random)
    edit.apply()
    random = edit.random
    try context.replaceModule(edit.module)
    try reference.context.replaceModule(edit.module)
    let full = reference.context.propagate(reference.program.inputs, options: options)
    return (edit, full, Findings(full, reference.program, edit.module))
  }

  /// Undoes an edit.
  func goBack(to module: GraphModule) throws {
    try context.replaceModule(module)
    try reference.context.replaceModule(module)
    _ = reference.context.propagate(reference.program.inputs, options: options)
  }
}

/// The findings of a run, as text.
private struct Findings {
  private var lines: [String] = []

  init(_ result: Propagation, _ program: FakeProgram, _ module: GraphModule) {
    let shapes = program.shapes
    func name(_ symbol: SymExpr.Symbol) -> String { shapes.arena.name(of: symbol) }
    for (symbol, target) in shapes.replacements {
      lines.append("\(name(symbol)) -> \(shapes.text(raw: target))")
    }
    // An environment that has run before knows symbols from earlier runs, which have lower numbers.
    for symbol in shapes.symbols.sorted(by: { name($0) < name($1) }) {
      lines.append("\(name(symbol)) in \(shapes.range(of: symbol).map { "\($0)" } ?? "")")
    }
    for fact in shapes.guards {
      lines.append("guard \(shapes.text(raw: fact.expression)) at \(fact.origin.step)")
    }
    for (symbol, assert) in shapes.runtimeAsserts {
      lines.append(
        "assert \(symbol.map(name) ?? "") \(shapes.text(raw: assert.expression)) \(assert.message)")
    }
    for (node, renaming) in result.renamings {
      lines.append("\(module.graph.name(of: node)): \(name(renaming.from)) is \(name(renaming.to))")
    }
    for fresh in result.fresh {
      lines.append("\(module.graph.name(of: fresh.node)) makes \(fresh.bindings.map { name($0.symbol) })")
    }
    lines.append("trusted \(result.trusted.map { module.graph.name(of: $0) })")
    lines.append("error \(result.error.map { "\($0)" } ?? "")")
    for node in module.graph.nodes {
      let value = result.values[node]
      let raw = value?.symbolicExpressions.map { shapes.text(raw: $0) } ?? []
      let text = value.flatMap { shapes.shortText(of: $0) } ?? "none"
      lines.append("\(module.graph.name(of: node)): \(text) \(raw)")
    }
  }

  func difference(from other: Findings) -> String? {
    guard lines != other.lines else { return nil }
    for (mine, theirs) in zip(lines, other.lines) where mine != theirs { return "\(mine), not \(theirs)" }
    return "\(lines.count) lines, not \(other.lines.count)"
  }
}
