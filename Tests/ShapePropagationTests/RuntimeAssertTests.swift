import Foundation
import SwiftFX
import Testing

/// The output of PyTorch's pass for a program; see `Scripts/record_runtime_asserts.py`.
struct RuntimeAssertGolden: Sendable, CustomTestStringConvertible {
  let name: String
  let archive: String
  let full: [[String]]
  let stripped: [[String]]

  var testDescription: String { name }

  static let all: [RuntimeAssertGolden] = {
    let folder = Bundle.module.resourceURL?.appendingPathComponent("Goldens").path ?? ""
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".asserts.json") }.sorted().compactMap { file in
      let name = String(file.dropLast(".asserts.json".count))
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(file)"),
        let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
        let full = object["full"] as? [[String]], let stripped = object["stripped"] as? [[String]]
      else { return nil }
      return RuntimeAssertGolden(
        name: name, archive: "\(folder)/\(name).pt2", full: full, stripped: stripped)
    }
  }()
}

@Suite struct RuntimeAssertTests {
  @Test(arguments: RuntimeAssertGolden.all) func writesWhatPyTorchWrites(_ golden: RuntimeAssertGolden) throws
  {
    #expect(try calls(golden, strips: false) == golden.full)
    #expect(try calls(golden, strips: true) == golden.stripped)
  }

  /// The edited graph is valid, yields the same symbols again, and needs no further asserts.
  @Test(arguments: RuntimeAssertGolden.all) func theResultPropagates(_ golden: RuntimeAssertGolden) throws {
    let program = try FakeProgram(ExportedProgram(path: golden.archive))
    let before = program.context(table: .aten).propagate(program.inputs)
    let texts = texts(before, in: program.exported.graphModule.graph, program)
    let (module, _) = try edited(program, strips: true)
    try module.graph.lint()
    let after = try program.context(for: module, table: .aten).propagate(program.inputs)
    #expect(after.error == nil, "\(after.error.map { "\($0)" } ?? "")")
    #expect(after.fresh.isEmpty)
    for (name, text) in self.texts(after, in: module.graph, program) {
      if let known = texts[name] { #expect(known == text, "\(name)") }
    }
    var again = module
    let context = try program.context(for: module, table: .aten)
    let changes = try again.graph.insertDeferredRuntimeAsserts(
      values: after.values, bindings: { context.bindings(of: $0) }, shapes: program.shapes)
    // A second application finds the asserts of the first, and replaces them with its own.
    try again.graph.eliminateDeadCode()
    #expect(calls(in: again.graph).count <= calls(in: module.graph).count)
    #expect(changes.inserted.count <= changes.removed)
  }

  @Test func theGoldensAreThere() {
    #expect(RuntimeAssertGolden.all.count >= 12)
    #expect(RuntimeAssertGolden.all.flatMap(\.stripped).count { $0[0].contains("_assert_scalar") } > 30)
  }

  /// New nodes carry the source line that created the symbol.
  @Test func newNodesHaveASource() throws {
    let golden = try #require(RuntimeAssertGolden.all.first { $0.name == "unb_many_asserts_213" })
    let program = try FakeProgram(ExportedProgram(path: golden.archive))
    let (module, changes) = try edited(program, strips: true)
    #expect(!changes.inserted.isEmpty)
    for node in changes.inserted { #expect(module.graph.contains(node)) }
  }

  // MARK: -

  private func calls(_ golden: RuntimeAssertGolden, strips: Bool) throws -> [[String]] {
    let program = try FakeProgram(ExportedProgram(path: golden.archive))
    return calls(in: try edited(program, strips: strips).0.graph)
  }

  /// The program after the pass, given the facts of a propagation of the whole program.
  private func edited(
    _ program: FakeProgram, strips: Bool
  ) throws -> (GraphModule, RuntimeAssertChanges) {
    let result = program.context(table: .aten).propagate(
      program.inputs, options: PropagationOptions(trustsRecorded: true))
    var module = program.exported.graphModule
    if strips { try strip(&module.graph) }
    let context = try program.context(for: module, table: .aten)
    let changes = try module.graph.insertDeferredRuntimeAsserts(
      values: result.values, bindings: { context.bindings(of: $0) }, shapes: program.shapes)
    return (module, changes)
  }

  private func texts(_ result: Propagation, in graph: Graph, _ program: FakeProgram) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: graph.nodes.compactMap { node in
        result.values[node].flatMap { program.shapes.shortText(of: $0) }.map { (graph.name(of: node), $0) }
      })
  }

  /// Removes asserts, and the arithmetic used only by them.
  private func strip(_ graph: inout Graph) throws {
    let asserts: Set<Node.Target> = [
      "torch.ops.aten._assert_scalar.default", "torch.ops.aten.sym_constrain_range.default",
      "torch.ops.aten.sym_constrain_range_for_size.default",
    ]
    for node in graph.nodes.reversed() where graph.userCount(of: node) == 0 {
      let target = graph.target(of: node)
      let isArithmetic =
        ["torch.ops.aten.sym_", "torch.sym_", "_operator.", "torch._sym_"].contains {
          target.text.hasPrefix($0)
        }
        && target != .getitem && graph.op(of: node) == .callFunction
      if asserts.contains(target) || isArithmetic { try graph.erase(node) }
    }
  }

  private func calls(in graph: Graph) -> [[String]] {
    var numbers: [Node: Int] = [:]
    for (position, node) in graph.nodes.enumerated() { numbers[node] = position }
    return graph.nodes.filter { graph.op(of: $0) == .callFunction }.map { node in
      [graph.target(of: node).text] + graph.args(of: node).map { text($0, numbers) }
    }
  }

  private func text(_ argument: Node.Argument, _ numbers: [Node: Int]) -> String {
    switch argument {
    case .node(let node): "%\(numbers[node] ?? -1)"
    case .int(let value): "\(value)"
    case .float(let value): "\(value)"
    case .bool(let value): value ? "True" : "False"
    case .string(let text): text.components(separatedBy: " on node")[0]
    case .list(let items), .tuple(let items):
      "[" + items.map { text($0, numbers) }.joined(separator: ", ") + "]"
    default: "_"
    }
  }
}
