import FX
import Foundation
import Testing
import ZipArchives

@testable import ExportedPrograms

/// Saving a program and loading it again.
@Suite struct SavingTests {
  @Test(arguments: ProgramGolden.all) func aProgramWithoutEditsIsSavedAsItWas(_ golden: ProgramGolden) throws
  {
    let path = try golden.archive
    let folder = try SavingFolder()
    try ExportedProgram(path: path).save(to: folder.path)
    let (old, new) = (try ZipArchive(path: path), try ZipArchive(path: folder.path))
    #expect(new.entries.map(\.name) == old.entries.map(\.name))
    for (before, after) in zip(old.entries, new.entries) {
      let contents = try new.contents(of: after)
      #expect(contents.offset % ZipWriter.alignment == 0)
      #expect(try bytes(contents) == bytes(old.contents(of: before)), "\(before.name)")
    }
  }

  /// What the writer makes of each call means what PyTorch wrote, for a reader who knows the schema's defaults.
  @Test(arguments: ProgramGolden.all) func callsAreWrittenAsPyTorchWritesThem(_ golden: ProgramGolden) throws
  {
    let program = try ExportedProgram(path: try golden.archive)
    let written = try program.archivedText(rewritingEverything: true)
    let source = try #require(program.source)
    let (old, new) = (try object(bytes(source.text)), try object(written))
    #expect(Set(old.keys) == Set(new.keys))
    let loaded = try program.reloaded(written)
    #expect(loaded.graphModule == program.graphModule)
    #expect(loaded.signature == program.signature)
    #expect(loaded.rangeConstraints == program.rangeConstraints)
    #expect(loaded.moduleCallGraph == program.moduleCallGraph)
    for path in program.recordedValues.keys {
      let module = try #require(path.isEmpty ? program.graphModule : program.graphModule.submodule(at: path))
      let reloaded = try #require(path.isEmpty ? loaded.graphModule : loaded.graphModule.submodule(at: path))
      for (before, after) in zip(module.graph.nodes, reloaded.graph.nodes) {
        #expect(module.graph.metadata(of: before) == reloaded.graph.metadata(of: after))
        #expect(
          RecordedValueWriter(loaded, archived: program).isSame(
            loaded.recordedValues[path]?.value(of: after, in: reloaded.graph),
            asArchived: program.recordedValues[path]?.value(of: before, in: module.graph)),
          "\(module.graph.name(of: before))")
      }
    }
    if program.torchVersion.hasPrefix("2.13") {
      #expect(try nodes(old) == nodes(new))
    }
  }

  @Test func editsAreSaved() throws {
    var program = try sample("misc_submodule_hops_213")
    let victims = program.graphModule.graph.nodes.filter {
      program.graphModule.graph.op(of: $0) == .callFunction && program.graphModule.graph.userCount(of: $0) > 0
    }
    for node in victims.prefix(3) { program.graphModule.graph.rename(node, to: "renamed") }
    let graph = program.graphModule.graph
    try program.graphModule.graph.eliminateDeadCode()
    let loaded = try program.reloaded(program.archivedText())
    #expect(loaded.graphModule == program.graphModule)
    #expect(graph.nodes.contains { graph.name(of: $0).hasPrefix("renamed") })
    #expect(loaded.signature == (try program.signature.renamed(for: program)))
  }

  /// The places that the first reading notes are those that a second one finds.
  @Test(arguments: ProgramGolden.all) func aProgramReadToBeSavedIsSavedAlike(_ golden: ProgramGolden) throws {
    let archive = try ProgramArchive(path: golden.archive)
    let texts = try [false, true].map { toBeSaved in
      var program = try ExportedProgram(archive, model: nil, toBeSaved: toBeSaved)
      #expect((program.source?.archived != nil) == toBeSaved)
      for node in program.graphModule.graph.nodes {
        program.graphModule.graph.setMetadata(NodeMetadata([Named("edited", "yes")]), of: node)
      }
      return try program.archivedText()
    }
    #expect(String(decoding: texts[0], as: UTF8.self).contains(#""edited": "yes""#))
    #expect(texts[0] == texts[1])
  }

  @Test func partsThatNobodyReadsKeepANameAndPartsReadTwiceAreOne() throws {
    let outputs = #"[{"as_tensors": [{"name": "a"}, {"name": "b"}]}]"#
    var text = ProgramText()
    text.nodes = [
      #"""
      {"target": "torch.ops.aten.chunk.default", "inputs": [{"name": "self", "arg": {"as_tensor": {"name": "x"}}, \#
      "kind": 1}, {"name": "chunks", "arg": {"as_int": 2}, "kind": 1}], "outputs": \#(outputs), "metadata": {}, "name": "chunk"}
      """#
    ]
    text.tensorValues =
      "{\(["x", "a", "b"].map { "\"\($0)\": \(ProgramText.tensor(#"{"as_int": 2}"#))" }.joined(separator: ", "))}"
    text.outputs = #"[{"as_tensor": {"name": "a"}}]"#
    text.outputSpecs = #"[{"user_output": {"arg": {"as_tensor": {"name": "a"}}}}]"#
    var program = try text.load()
    let graph = program.graphModule.graph
    let (chunk, a, b) = try (node("chunk", graph), node("a", graph), node("b", graph))
    try program.graphModule.graph.erase(b)
    let twin = program.graphModule.graph.inserting(after: a) { $0.callFunction(.getitem, [.node(chunk), 0]) }
    let output = try #require(graph.outputNode)
    program.graphModule.graph.setArgs([.tuple([.node(twin)])], of: output)
    let loaded = try program.reloaded(program.archivedText())
    #expect(
      loaded.graphModule.graph.nodes.map { loaded.graphModule.graph.name(of: $0) } == [
        "x", "chunk", "a", "b", "output",
      ])
    #expect(loaded.signature.userOutputs == ["a"])
  }

  @Test func newNodesAreWrittenWithTheirRecordedValues() throws {
    var text = ProgramText()
    text.outputSpecs = #"[{"user_output": {"arg": {"as_tensor": {"name": "y"}}}}]"#
    var program = try text.load()
    let graph = program.graphModule.graph
    let (x, y) = try (node("x", graph), node("y", graph))
    let sum = program.graphModule.graph.inserting(after: y) {
      $0.callFunction(
        "torch.ops.aten.add.Tensor", [.node(y), .node(x)], kwargs: ["alpha": .float(.infinity)])
    }
    program.graphModule.graph.setArgs([.tuple([.node(sum)])], of: try #require(graph.outputNode))
    #expect(throws: SavingError.self) { try program.archivedText() }
    let value = try #require(program.recordedValues[""]?.value(of: x, in: graph))
    program.recordedValues[""]?.record(value, for: sum, in: program.graphModule.graph)
    program.graphModule.graph.setMetadata(
      NodeMetadata([Named("stack_trace", "a \"line\"\nand\tmore\u{1}")]), of: sum)
    let loaded = try program.reloaded(program.archivedText())
    #expect(loaded.graphModule == program.graphModule)
    let added = try node(program.graphModule.graph.name(of: sum), loaded.graphModule.graph)
    #expect(loaded.graphModule.graph.stackTrace(of: added) == "a \"line\"\nand\tmore\u{1}")
    #expect(loaded.signature.userOutputs == [loaded.graphModule.graph.name(of: added)])
    #expect(
      try object(bytes(try #require(loaded.source).text)).keys.sorted()
        == object(bytes(try #require(program.source).text)).keys.sorted())
  }

  @Test func whatIsUnknownSurvivesEdits() throws {
    var text = ProgramText()
    text.nodes[0] = text.nodes[0].replacing(
      #""metadata": {}"#, with: #""metadata": {"odd": [1, {"b": null}]}, "future": {"x": [1.50]}"#)
    text.nodes.append(
      ProgramText.node(
        "z", "torch.ops.mylib.f.default", #"{"as_tensor": {"name": "y"}}"#, #"{"as_future": [1, {}]}"#))
    text.tensorValues =
      "{\(["x", "y", "z"].map { "\"\($0)\": \(ProgramText.tensor(#"{"as_int": 4}"#))" }.joined(separator: ", "))}"
    text.outputs = #"[{"as_tensor": {"name": "z"}}]"#
    text.outputSpecs = #"[{"user_output": {"arg": {"as_tensor": {"name": "z"}}}}]"#
    var program = try text.load(
      text.json.replacing(#""ranges": {}"#, with: #""ranges": {}"#).replacing(
        #""torch_version""#, with: #""future_part": {"k": 1e3}, "torch_version""#))
    let graph = program.graphModule.graph
    program.graphModule.graph.rename(try node("y", graph), to: "renamed")
    let written = String(decoding: try program.archivedText(), as: UTF8.self)
    for part in [
      #""odd": [1, {"b": null}]"#, #""future": {"x": [1.50]}"#, #"{"as_future": [1, {}]}"#,
      #""future_part": {"k": 1e3}"#,
    ] {
      #expect(written.contains(part), "\(part)")
    }
    #expect(try program.reloaded(Array(written.utf8)).graphModule == program.graphModule)
  }
}

private func sample(_ name: String) throws -> ExportedProgram {
  try ExportedProgram(path: try ProgramGolden.url("\(name).pt2").path)
}

private func node(_ name: String, _ graph: Graph) throws -> Node { try #require(graph.node(named: name)) }

private func bytes(_ contents: MappedBytes) -> [UInt8] { contents.withUnsafeBytes { Array($0) } }

private func object(_ json: [UInt8]) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
}

/// The calls of a program's JSON, in a text that does not depend on the order of keys.
private func nodes(_ program: [String: Any]) throws -> [String] {
  let module = try #require(program["graph_module"] as? [String: Any])
  let graph = try #require(module["graph"] as? [String: Any])
  let nodes = try #require(graph["nodes"] as? [Any])
  return try nodes.map {
    String(decoding: try JSONSerialization.data(withJSONObject: $0, options: .sortedKeys), as: UTF8.self)
  }
}

extension ExportedProgram {
  /// The program that another JSON in the same archive is.
  fileprivate func reloaded(_ json: [UInt8]) throws -> ExportedProgram {
    var writer = ZipWriter()
    for entry in try #require(source).archive.zip.entries {
      let contents = try #require(source).archive.zip.contents(of: entry)
      try writer.add(entry.name, entry.name == source?.entry ? json : bytes(contents))
    }
    return try ExportedProgram(ProgramArchive(bytes: writer.finish()))
  }
}

/// A folder for one test, removed afterwards.
final class SavingFolder {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("saving-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// A path in the folder.
  var path: String { url.appendingPathComponent("saved.pt2").path }

  var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path).sorted()) ?? [] }
}
