import ATenOperators
import ExportedPrograms
import FX
import FaceComparison
import FakeTensors
import Foundation
import GraphPasses
import ProgramPasses
import ShapePropagation
import SymbolicShapes
import TensorVocabulary
import Testing

@Suite struct RewritingTests {
  private let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "../../Examples/moe_routing.pt2"
  ).path

  @Test func noOperatorOfTheTableIsLeft() throws {
    let program = try ExportedProgram(path: path)
    let rewritten = try program.rewritten(operators: .aten)
    try rewritten.module.lint()
    let graph = rewritten.module.graph
    let targets = Set(graph.findNodes(.callFunction).map { graph.target(of: $0).text })
    for name in ["linear.default", "reshape.default", "softmax.int", "zeros_like.default", "silu.default"] {
      #expect(!targets.contains("torch.ops.aten.\(name)"))
    }
    #expect(targets.isSuperset(of: ["torch.ops.aten.mm.default", "torch.ops.aten.sigmoid.default"]))
    #expect(graph.findNodes(.placeholder).count == program.graphModule.graph.findNodes(.placeholder).count)
    #expect(rewritten.signature.outputSpecs.count == program.signature.outputSpecs.count)
  }

  /// Each piece would be a node of the new graph, and be a tensor before.
  @Test func piecesAreCounted() throws {
    let program = try ExportedProgram(path: path)
    var module = program.graphModule
    let output = try #require(module.graph.findNodes(.output).first)
    module.graph.inserting(before: output) { graph in
      let zeros = graph.call("aten.zeros.default", [60_000])
      _ = graph.call("aten.unbind.int", zeros)
    }
    let fake = try FakeProgram(program)
    fake.mode.mostPieces = 60_000
    let edited = try fake.exported(module, table: .aten)
    let error = #expect(throws: (any Error).self) { try edited.rewritten(with: .none, operators: .aten) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains("60000 pieces of 1 dims are more than are left"), "\(text)")
  }

  @Test func aTableLeavesOperatorsOut() throws {
    let program = try ExportedProgram(path: path)
    let graph = try program.rewritten(with: .coreATen.without(["aten.silu"]), operators: .aten).module.graph
    #expect(!graph.findNodes(.callFunction, target: "torch.ops.aten.silu.default").isEmpty)
  }

  @Test func aPassThatLosesASymbolIsNamed() throws {
    let program = try ExportedProgram(path: path)
    let losing = GraphPass(
      "losing",
      reporting: { module, replaced in
        // The first `where` makes u0; a constant has no such size.
        guard let node = module.graph.findNodes(.callFunction, target: "torch.ops.aten.index.Tensor").first
        else { return }
        let constant = module.graph.inserting(before: node) { $0.call("aten.zeros.default", [3, 16]) }
        module.graph.replaceAllUses(of: node, with: constant)
        try module.graph.erase(node)
        replaced[node] = constant
        if let producer = module.graph.findNodes(.callFunction, target: "torch.ops.aten.where.default").first
        {
          for item in module.graph.users(of: producer) { replaced[item] = constant }
        }
      })
    var module = program.graphModule
    var manager = PassManager([try PassTable.structural.pass("cse"), losing])
    manager.checks.append(ProgramCheck(program, operators: .aten).callAsFunction)
    let failure = #expect(throws: PassFailure.self) { try manager(&module) }
    #expect(failure?.pass == "losing")
    #expect(module == program.graphModule)
  }

  @Test func bothFacesAgreeAfterPasses() throws {
    let program = try ExportedProgram(path: path)
    var module = program.graphModule
    for name in ["cse", "sort", "dead-code", "canonicalize"] {
      try PassTable.structural.pass(name)(&module)
      let comparison = try FaceComparison(program, edited: module)
      #expect(comparison.differences.isEmpty, "\(name): \(comparison.differences)")
      #expect(!comparison.bothFail)
    }
  }

  @Test func structuralPassesKeepTheSymbols() throws {
    let program = try ExportedProgram(path: path)
    for name in ["cse", "dead-code", "sort", "canonicalize"] {
      var module = program.graphModule
      var manager = PassManager([try PassTable.structural.pass(name)])
      manager.checks.append(ProgramCheck(program, operators: .aten).callAsFunction)
      _ = try manager(&module)
    }
  }
}

/// A program of two numbers, of which the first is asserted to be at most 10.
@Suite struct ImpliedAssertTests {
  @Test func dropsWhatFollowsAndNothingElse() throws {
    var graph = Graph()
    let mask = graph.placeholder("mask")
    let rows = graph.call("aten.nonzero.default", mask)
    let size = graph.call("aten.sym_size.int", rows, 0)
    func state(_ relation: String, _ bound: Int) {
      let condition = graph.call(relation, size, bound)
      graph.call("aten._assert_scalar.default", condition, "\(relation) \(bound)")
    }
    state("_operator.le", 10)
    state("_operator.lt", 20)
    graph.output(rows)
    let mode = FakeTensorMode()
    let run = PropagateUnbackedSymInts(
      GraphModule(graph), mode: mode, table: .aten, garbageCollectValues: false)
    try run.run([.tensor(mode.tensor([mode.size("s0", hint: 8)], dtype: .bool))])
    var values: NodeMap<FakeValue> = [:]
    for node in graph.nodes { values[node] = run.env[node].map { FakeValue($0, mode.shapes) } }
    let dropped = try graph.dropImpliedAsserts(values: values, mode.shapes)
    #expect(dropped.map(\.node) == ["_assert_scalar_default_1"])
    #expect(dropped.allSatisfy { $0.proof.holds })
    #expect(graph.findNodes(.callFunction, target: "_operator.lt").isEmpty)
    #expect(!graph.findNodes(.callFunction, target: "_operator.le").isEmpty)
  }
}
