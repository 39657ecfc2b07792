import ATenOperators
import ExportedPrograms
import FX
import FakeTensors
import Foundation
import GraphPasses
import ProgramPasses
import ShapePropagation
import SymbolicShapes
import TensorVocabulary
import Testing

/// Passes over whole programs: what they change, and that the result can be saved and read again.
@Suite struct ProgramPassTests {
  private let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Examples")

  private func load(_ name: String) throws -> ExportedProgram {
    try ExportedProgram(path: folder.appending(path: name).path)
  }

  private static let names = [
    "canonicalize", "cse", "dead-code", "decompose", "fold-numbers", "functionalize", "implied-asserts",
    "no-ops",
    "runtime-asserts", "sort",
  ]

  @Test(arguments: names, ["moe_routing.pt2", "attention.pt2"])
  func aPassTwiceIsAPassOnceAndItsResultCanBeSaved(name: String, archive: String) throws {
    let pass = try PassTable.programs.pass(name)
    var program = try load(archive)
    try program.apply([pass], operators: .aten)
    let once = program
    try program.apply([pass], operators: .aten)
    #expect(program.graphModule.graph == once.graphModule.graph, "\(name) changes what it has just made")

    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).pt2").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try once.save(to: path)
    let saved = try ExportedProgram(path: path)
    // The loader renames calls that give nothing, and an item that is selected twice is saved once.
    let targets = { (graph: Graph) in
      graph.nodes.map { graph.target(of: $0).text }.filter { $0 != "_operator.getitem" }
    }
    #expect(targets(saved.graphModule.graph).sorted() == targets(once.graphModule.graph).sorted())
    #expect(saved.signature.outputSpecs.count == once.signature.outputSpecs.count)
    let fake = try FakeProgram(saved)
    let run = fake.context(table: .aten).propagate(fake.inputs)
    #expect(run.error == nil)
    for node in saved.graphModule.graph.findNodes(.callFunction) {
      guard let recorded = fake.recordedValue(of: node, in: "")?.tensor, let value = run.values[node]?.tensor
      else { continue }
      #expect(fake.shapes.text(of: .tensor(value)) == fake.shapes.text(of: .tensor(recorded)))
    }
  }

  @Test func aProgramWhosePassFailsStaysAsItWas() throws {
    var program = try load("moe_routing.pt2")
    let before = program.graphModule
    let failing = ProgramPass(
      GraphPass("failing") { module in
        if let output = module.graph.outputNode { try module.graph.erase(output) }
        throw GraphPassError(.emptyPattern)
      })
    let failure = #expect(throws: PassFailure.self) {
      try program.apply([.decompose(), failing], operators: .aten)
    }
    #expect(failure?.pass == "failing")
    #expect(program.graphModule == before)
  }

  @Test func aPassThatLosesASymbolIsRefused() throws {
    var program = try load("moe_routing.pt2")
    let losing = ProgramPass(
      GraphPass(
        "losing",
        reporting: { module, replaced in
          guard let node = module.graph.findNodes(.callFunction, target: "torch.ops.aten.where.default").first
          else { return }
          for item in module.graph.users(of: node) {
            let constant = module.graph.inserting(before: item) { $0.call("aten.zeros.default", [3]) }
            module.graph.replaceAllUses(of: item, with: constant)
            try module.graph.erase(item)
            replaced[item] = constant
          }
          try module.graph.erase(node)
        }))
    #expect(throws: PassFailure.self) { try program.apply([losing], operators: .aten) }
  }

  @Test func keepNamesOperatorsThatExist() throws {
    #expect(throws: GraphPassError.self) { try PassTable.programs.pass("decompose=keep:aten.linaer") }
    var program = try load("moe_routing.pt2")
    try program.apply([try PassTable.programs.pass("decompose=keep:aten.silu")], operators: .aten)
    let graph = program.graphModule.graph
    #expect(!graph.findNodes(.callFunction, target: "torch.ops.aten.silu.default").isEmpty)
    #expect(graph.findNodes(.callFunction, target: "torch.ops.aten.linear.default").isEmpty)
  }
}

/// What happens to single calls.
@Suite struct NoOpTests {
  /// The names of the nodes left of a module after its calls that do nothing were removed.
  private func left(_ build: (inout Graph, Node) -> Node) throws -> [String] {
    var graph = Graph()
    let x = graph.placeholder("x")
    let result = build(&graph, x)
    graph.output(.node(graph.call("aten.relu.default", result)))
    var module = GraphModule(graph)
    let mode = FakeTensorMode()
    let run = PropagateUnbackedSymInts(module, mode: mode, table: .aten, garbageCollectValues: false)
    try run.run([.tensor(mode.tensor([mode.size("s0", hint: 8), 4], dtype: .float32))])
    var values: NodeMap<FakeValue> = [:]
    for node in graph.nodes { values[node] = run.env[node].map { FakeValue($0, mode.shapes) } }
    try module.removeNoOps(values: values, mode.shapes)
    try module.removeIdentityViews(values: values, mode.shapes)
    try module.eliminateDeadCode()
    return module.graph.findNodes(.callFunction).map { module.graph.target(of: $0).text }
      .map { String($0.dropFirst("torch.ops.aten.".count)) }
  }

  @Test func doubleTransposesGo() throws {
    let targets = try left { graph, x in
      let once = graph.call("aten.transpose.int", x, 0, 1)
      return graph.call("aten.t.default", graph.call("aten.permute.default", once, [0, 1]))
    }
    #expect(targets == ["relu.default"])
  }

  @Test func aSingleTransposeStays() throws {
    #expect(try left { $0.call("aten.t.default", $1) } == ["t.default", "relu.default"])
  }

  @Test func aCopyGoesUnlessItOrItsSourceIsWrittenTo() throws {
    #expect(try left { $0.call("aten.clone.default", $1) } == ["relu.default"])
    let written = try left { graph, x in
      let copy = graph.call("aten.clone.default", x)
      graph.call("aten.add_.Tensor", copy, 1)
      return graph.call("aten.mul.Tensor", x, copy)
    }
    #expect(written == ["clone.default", "add_.Tensor", "mul.Tensor", "relu.default"])
    let source = try left { graph, x in
      let copy = graph.call("aten.clone.default", x)
      graph.call("aten.add_.Tensor", graph.call("aten.alias.default", x), 1)
      return copy
    }
    #expect(source.first == "clone.default" && source.contains("add_.Tensor"))
  }

  @Test func viewsOfATensorThatChangesItsShapeStay() throws {
    let targets = try left { graph, x in
      let view = graph.call("aten.alias.default", x)
      graph.call("aten.t_.default", x)
      return view
    }
    #expect(targets.contains("alias.default"))
  }
}
