import ExportedPrograms
import FX
import Foundation
import ProgramComparison
import TestSupport
import Testing

/// What `ProgramDifference` says about copies, renamed and reordered copies, and edited ones.
@Suite struct ProgramDifferenceTests {
  private static let samples = ["moe_routing", "attention", "tracks"]

  private func sample(_ name: String) throws -> ExportedProgram {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try ExportedProgram(path: root.appendingPathComponent("Examples/\(name).pt2").path)
  }

  /// Of the tests' archives, also such with symbols that only a branch or the body of a loop binds.
  @Test(arguments: TestArchives.all) func aProgramEqualsItself(_ path: String) throws {
    let program = try ExportedProgram(path: path)
    let difference = try ProgramDifference(
      program, program, comparesAcceptedSizes: path.contains("Examples"))
    #expect(difference.isEqual && difference.hasSameGraph)
    #expect(
      difference.nodes.changed.isEmpty && difference.nodes.renamed.isEmpty, "\(difference.nodes.changed)")
    #expect(difference.accepted.relation == .same || difference.accepted.relation == .unknown)
    #expect(difference.symbols.allSatisfy { $0.a == $0.b })
  }

  /// The difference of B and A is that of A and B, turned round.
  @Test func turningRoundMirrors() throws {
    let paths = TestArchives.all.filter { $0.hasSuffix("_28.pt2") }.enumerated().filter {
      $0.offset.isMultiple(of: 2)
    }
    .map(\.element)
    for (x, y) in zip(paths, paths.dropFirst()) {
      let (a, b) = (try ExportedProgram(path: x), try ExportedProgram(path: y))
      let there = try ProgramDifference(a, b, comparesAcceptedSizes: false)
      let back = try ProgramDifference(b, a, comparesAcceptedSizes: false)
      #expect(there.isEqual == back.isEqual && there.hasSameGraph == back.hasSameGraph)
      #expect(there.nodes.removed.sorted() == back.nodes.added.sorted(), "\(x) \(y)")
      #expect(there.nodes.added.sorted() == back.nodes.removed.sorted(), "\(x) \(y)")
      #expect(
        Set(there.nodes.changed.map { [$0.a, $0.b] }) == Set(back.nodes.changed.map { [$0.b, $0.a] }),
        "\(x) \(y)")
      #expect(there.state.removed.sorted() == back.state.added.sorted())
      #expect(there.removedAsserts.count == back.addedAsserts.count)
    }
  }

  @Test(arguments: samples) func namesAndOrderDoNotCount(_ name: String) throws {
    let program = try sample(name)
    var copy = program
    var numbers = SplitMix64(seed: 7)
    let graph = copy.graphModule.graph
    for node in graph.nodes where graph.op(of: node) == .callFunction {
      copy.graphModule.graph.rename(node, to: "other")
    }
    // A node may go up to the last of its inputs.
    for node in graph.nodes where graph.op(of: node) == .callFunction && Bool.random(using: &numbers) {
      let inputs = Set(copy.graphModule.graph.inputs(of: node))
      guard !copy.graphModule.graph.isImpure(node),
        let last = copy.graphModule.graph.nodes.last(where: { inputs.contains($0) }),
        graph.op(of: last) == .callFunction
      else { continue }
      copy.graphModule.graph.move(node, after: last)
    }
    try copy.graphModule.lint()
    #expect(copy.graphModule.graph != program.graphModule.graph)
    let difference = try ProgramDifference(
      program, copy.renamedRecords(from: program), comparesAcceptedSizes: false)
    #expect(difference.hasSameGraph, "\(difference.nodes)")
    #expect(difference.nodes.changed.isEmpty)
    #expect(difference.nodes.renamed.count > 4)
  }

  /// Each single edit of a random node is found, and nothing else; the other way round it is mirrored.
  @Test(arguments: samples) func everySingleEditIsFound(_ name: String) throws {
    let program = try sample(name)
    let graph = program.graphModule.graph
    for node in graph.nodes where graph.op(of: node) == .callFunction && graph.target(of: node) != .getitem {
      var edited = program
      edited.graphModule.graph.setTarget("torch.ops.mylib.other.default", of: node)
      let difference = try ProgramDifference(program, edited, comparesAcceptedSizes: false)
      let name = graph.name(of: node)
      #expect(!difference.hasSameGraph)
      #expect(difference.nodes.removed == [name], "\(name): \(difference.nodes.removed)")
      #expect(difference.nodes.added == [name], "\(name): \(difference.nodes.added)")
      let users = Set(graph.users(of: node).map { graph.name(of: $0) })
      for change in difference.nodes.changed where !users.contains(change.a) {
        Issue.record("\(name): \(change.a) → \(change.b) \(change.fields)")
      }
      let mirrored = try ProgramDifference(edited, program, comparesAcceptedSizes: false)
      #expect(mirrored.nodes.removed == difference.nodes.added)
      #expect(mirrored.nodes.added == difference.nodes.removed)
      #expect(Set(mirrored.nodes.changed.map(\.b)) == Set(difference.nodes.changed.map(\.a)))
    }
  }

  @Test func anotherLiteralIsAChangedArgument() throws {
    let program = try sample("attention")
    let graph = program.graphModule.graph
    for node in graph.nodes where graph.op(of: node) == .callFunction {
      guard
        let position = graph.args(of: node).firstIndex(where: { if case .int = $0 { true } else { false } }),
        graph.target(of: node) != .getitem
      else { continue }
      var edited = program
      edited.graphModule.graph.setArgument(.int(77_777), at: position, of: node)
      let difference = try ProgramDifference(program, edited, comparesAcceptedSizes: false)
      #expect(difference.nodes.removed.isEmpty && difference.nodes.added.isEmpty, "\(graph.name(of: node))")
      #expect(difference.nodes.changed.map(\.a) == [graph.name(of: node)])
      #expect(difference.nodes.changed.first?.fields == [.args])
    }
  }

  @Test func anotherRangeChangesTheAcceptedSizes() throws {
    let program = try sample("attention")
    let position = try #require(program.rangeConstraints.firstIndex { $0.text.hasPrefix("s") })
    var narrow = program
    narrow.rangeConstraints[position].upper = 40
    let difference = try ProgramDifference(program, narrow)
    #expect(difference.hasSameGraph && !difference.isEqual)
    #expect(difference.ranges.map(\.symbol) == [program.rangeConstraints[position].text])
    #expect(difference.accepted.relation == .fewer)
    let sizes = difference.accepted.counterexample.flatMap(\.sizes)
    #expect(sizes.contains { $0 > 40 })
    #expect(try ProgramDifference(narrow, program).accepted.relation == .more)
  }

  /// `if x.shape[0] * x.shape[1] < 256` was decided by the example; without the guard, more sizes are taken.
  @Test func anotherGuardIsFound() throws {
    let path = try #require(TestArchives.reports.first { $0.hasSuffix("threshold.pt2") })
    let program = try ExportedProgram(path: path)
    var free = program
    free.guardsCode = []
    let difference = try ProgramDifference(program, free)
    #expect(difference.hasSameGraph && !difference.isEqual)
    #expect(difference.removedGuards == ["x.size()[0]*x.size()[1] < 256"])
    #expect(difference.addedGuards.isEmpty)
    #expect(difference.accepted.relation == .more && difference.accepted.isWithinB)
    let sizes = difference.accepted.counterexample.flatMap(\.sizes)
    #expect(sizes.prefix(2).reduce(1, *) >= 256, "\(sizes)")
    let back = try ProgramDifference(free, program)
    #expect(back.addedGuards == difference.removedGuards && back.removedGuards.isEmpty)
    #expect(back.accepted.relation == .fewer && back.accepted.isWithinA)
  }

  /// Guards that follow from each other are the same: `2*a < 512` and `a < 256`.
  @Test func guardsInOtherWordsAreTheSame() throws {
    let path = try #require(TestArchives.reports.first { $0.hasSuffix("threshold.pt2") })
    let program = try ExportedProgram(path: path)
    var other = program
    other.guardsCode = program.guardsCode.map { $0.replacing("< 256", with: "<= 255") }
    #expect(other.guardsCode != program.guardsCode)
    let difference = try ProgramDifference(program, other)
    #expect(difference.isEqual && difference.accepted.relation == .same)
    #expect(difference.removedGuards.isEmpty && difference.addedGuards.isEmpty)
  }

  /// A copy in place of attention costs no operations; costs are formulas of B's symbols.
  @Test func otherCostsAreFormulas() throws {
    let program = try sample("attention")
    let graph = program.graphModule.graph
    let attention = "torch.ops.aten.scaled_dot_product_attention.default"
    let node = try #require(graph.nodes.first { graph.target(of: $0).text == attention })
    var edited = program
    edited.graphModule.graph.setTarget("torch.ops.aten.clone.default", of: node)
    edited.graphModule.graph.setArgs(Array(graph.args(of: node).prefix(1)), of: node)
    edited.graphModule.graph.setKwargs([], of: node)
    let difference = try ProgramDifference(
      program, edited, comparesAcceptedSizes: false, costs: .ofDifferentGraphs)
    #expect(difference.costsReason == nil)
    let flops = try #require(difference.costs.first { $0.quantity == .flops })
    #expect(flops.formulas.a != flops.formulas.b)
    let (a, b) = (try #require(flops.valueInA), try #require(flops.valueInB))
    #expect(a > b)
    #expect(try ProgramDifference(program, program, costs: .always).costs.isEmpty)
    #expect(try ProgramDifference(program, edited, comparesAcceptedSizes: false).costs.isEmpty)
  }

  @Test func aCopyIsTheSameWeights() throws {
    let program = try sample("moe_routing")
    let difference = try ProgramDifference(program, try sample("moe_routing"), comparesAcceptedSizes: false)
    #expect(difference.isEqual)
    let stored = try #require(ProgramTensors(of: program))
    #expect(
      try stored.weights().count + stored.constants().count
        == program.signature.inputSpecs.count { $0.target != nil })
  }
}
