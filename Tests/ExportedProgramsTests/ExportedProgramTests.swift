import FX
import Foundation
import Testing
import ZipArchives

@testable import ExportedPrograms

/// Archives of five PyTorch versions, compared with what PyTorch reports about them.
@Suite struct ExportedProgramTests {
  @Test func hasGoldens() {
    #expect(ProgramGolden.all.count == 9)
  }

  @Test(arguments: ProgramGolden.all)
  func namesNodesAsPyTorchDoes(_ golden: ProgramGolden) throws {
    let program = try ExportedProgram(path: golden.archive)
    let graph = program.graphModule.graph
    #expect(graph.nodes.map { graph.name(of: $0) } == golden.nodes)
    #expect(program.torchVersion.hasPrefix(golden.torchVersion))
  }

  @Test(arguments: ProgramGolden.all)
  func buildsValidGraphs(_ golden: ProgramGolden) throws {
    let program = try ExportedProgram(path: golden.archive)
    let modules = program.graphModule.namedModules
    for module in modules { try module.value.graph.lint() }
    #expect(Set(modules.map(\.name)) == Set([""] + golden.submodules))
    #expect(Set(program.recordedValues.keys) == Set(modules.map(\.name)))
  }

  @Test(arguments: ProgramGolden.all)
  func recordsTheSameSizes(_ golden: ProgramGolden) throws {
    let program = try ExportedProgram(path: golden.archive)
    let graph = program.graphModule.graph
    let values = try #require(program.recordedValues[""])
    let recorded = graph.nodes.filter { values.value(of: $0, in: graph) != nil }
    #expect(recorded.map { graph.name(of: $0) } == golden.recorded)
    for (name, sizes) in golden.sizes where name != "output" {
      let node = try #require(graph.node(named: name))
      guard case .tensor(let tensor)? = values.value(of: node, in: graph) else {
        Issue.record("\(name) has no tensor recorded")
        continue
      }
      guard program.schemaVersion.major == 8 else { continue }  // 2.5 writes infix text, the golden is srepr
      let found = tensor.sizes.map { size -> ProgramGolden.Size in
        size.expression.map { .expression(program.expressions.text(of: $0)) } ?? .int(size.constant ?? -1)
      }
      #expect(found == sizes, "\(name)")
    }
  }

  @Test(arguments: ProgramGolden.all)
  func saysWhatInputsStandFor(_ golden: ProgramGolden) throws {
    let signature = try ExportedProgram(path: golden.archive).signature
    #expect(signature.inputSpecs.map(\.argument.name) == golden.placeholders.map(\.name))
    #expect(signature.inputSpecs.map(\.target) == golden.placeholders.map(\.target))
    let kinds = [
      "user_input": InputSpec.Kind.userInput, "param": .parameter, "buffer": .buffer,
      "constant": .constantTensor,
    ]
    #expect(signature.inputSpecs.map(\.kind) == golden.placeholders.map { kinds[$0.kind] })
  }

  /// Fast paths assume PyTorch's order of members and white space; other forms are also read.
  @Test(arguments: ProgramGolden.all)
  func readsTheSameProgramInAnotherFormatting(_ golden: ProgramGolden) throws {
    let archive = try ProgramArchive(path: golden.archive)
    let usual = try ExportedProgram(archive)
    let data = try archive.programText(nil).bytes.withUnsafeBytes { Data($0) }
    let json = try JSONSerialization.data(
      withJSONObject: JSONSerialization.jsonObject(with: data), options: [.sortedKeys, .prettyPrinted])
    let other = try ProgramText().load(String(decoding: json, as: UTF8.self))
    #expect(recorded(usual) == recorded(other))
    let modules = Dictionary(uniqueKeysWithValues: other.graphModule.namedModules.map { ($0.name, $0.value) })
    for module in usual.graphModule.namedModules {
      #expect(modules[module.name]?.graph == module.value.graph)
    }
  }

  /// The recorded value of each node, with expressions as text.
  private func recorded(_ program: ExportedProgram) -> [String] {
    let text = { (size: RecordedInt) in
      size.expression.map { program.expressions.text(of: $0) } ?? "\(size.constant ?? -1)"
    }
    return program.graphModule.namedModules.flatMap { module in
      let graph = module.value.graph
      return graph.nodes.map { node in
        guard let values = program.recordedValues[module.name], let value = values.value(of: node, in: graph)
        else { return "\(graph.name(of: node)): nothing" }
        guard case .tensor(let tensor) = value else {
          return "\(graph.name(of: node)): \(values.integers(of: node, in: graph).map(text))"
        }
        return """
          \(graph.name(of: node)): \(tensor.dtype) \(tensor.sizes.map(text)) \((tensor.strides ?? []).map(text)) \
          \(text(tensor.storageOffset)) \(tensor.device.map { "\($0)" } ?? "none") \(tensor.layout) \(tensor.requiresGrad)
          """
      }
    }
  }

  @Test func givesSubgraphsTheirOwnScopes() throws {
    let golden = try #require(ProgramGolden.all.first { $0.name == "unb_cond_inside_28" })
    let program = try ExportedProgram(path: golden.archive)
    let branch = try #require(program.graphModule.submodule(at: "true_graph_0")).graph
    #expect(branch.node(named: "x") != nil)
    #expect(branch.node(named: "nonzero") == nil)
    #expect(program.graphModule.submodule(at: "false_graph_0")?.graph.node(named: "nonzero") != nil)
  }

  @Test func decodesMetadataWhenAsked() throws {
    let golden = try #require(ProgramGolden.all.first { $0.name == "unb_while_loop_213" })
    let graph = try ExportedProgram(path: golden.archive).graphModule.graph
    let call = try #require(graph.nodes.first { graph.op(of: $0) == .callFunction })
    #expect(graph.stackTrace(of: call)?.contains("\n") == true)
    #expect(graph.metadata(of: call)["torch_fn"] != nil)
  }

  @Test func readsTreespecsAndRanges() throws {
    let golden = try #require(ProgramGolden.all.first { $0.name == "unb_while_loop_213" })
    let program = try ExportedProgram(path: golden.archive)
    let call = try #require(program.moduleCallGraph.first?.signature)
    #expect(program.moduleCallGraph.first?.path == "")
    #expect(call.inSpec.spec.leafCount == program.signature.userInputs.count)
    #expect(call.inSpec.text.hasPrefix("[1, "))
    #expect(program.opsetVersion["aten"] == 10)
  }
}
