import FX
import Foundation
import Testing
import ZipArchives

@testable import ExportedPrograms

/// What cannot be saved, and that nothing changes then.
@Suite struct RefusedSavingTests {
  private func sample() throws -> ExportedProgram {
    try ExportedProgram(path: try ProgramGolden.url("misc_submodule_hops_213.pt2").path)
  }

  /// Expects `save` to fail and to leave the folder alone; returns why it failed.
  private func refusal(of program: ExportedProgram) throws -> SavingError.Kind? {
    let folder = try SavingFolder()
    let error = #expect(throws: SavingError.self) { try program.save(to: folder.path) }
    #expect(folder.files.isEmpty)
    return error?.kind
  }

  @Test func aFileThatIsThere() throws {
    let folder = try SavingFolder()
    try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.path))
    let error = #expect(throws: SavingError.self) { try sample().save(to: folder.path) }
    guard case .file(let cause)? = error?.kind, cause.kind == .alreadyExists else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path)) == Data("mine".utf8))
    try sample().save(to: folder.path, replacing: true)
    #expect(folder.files == ["saved.pt2"])
    #expect(try ExportedProgram(path: folder.path).graphModule == sample().graphModule)
  }

  @Test func theArchiveItself() throws {
    let folder = try SavingFolder()
    try sample().save(to: folder.path)
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.path))
    let alias = folder.url.appendingPathComponent("alias.pt2")
    try FileManager.default.createSymbolicLink(
      at: alias, withDestinationURL: URL(fileURLWithPath: folder.path))
    for path in [folder.path, alias.path] {
      let error = #expect(throws: SavingError.self) {
        try ExportedProgram(path: folder.path).save(to: path, replacing: true)
      }
      #expect(error?.kind == .replacesSource(path))
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path)) == before)
  }

  @Test func aFolderThatIsNotThere() throws {
    let error = #expect(throws: SavingError.self) { try sample().save(to: "/nowhere/saved.pt2") }
    guard case .file(let cause)? = error?.kind, case .cannotWrite = cause.kind else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func anArchiveWithoutWeights() throws {
    let folder = try SavingFolder()
    let full = try ZipArchive(path: try ProgramGolden.url("misc_submodule_hops_213.pt2").path)
    for lacking in ["weights_config.json", "weight_0"] {
      var writer = ZipWriter()
      for entry in full.entries where !entry.name.hasSuffix(lacking) {
        let contents = try full.contents(of: entry)
        try writer.add(entry.name, contents.withUnsafeBytes { Array($0) })
      }
      let program = try ExportedProgram(ProgramArchive(bytes: writer.finish()))
      let error = #expect(throws: SavingError.self) { try program.save(to: folder.path) }
      guard case .missingWeights(let names)? = error?.kind else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(names.allSatisfy { $0.hasSuffix(lacking) } && !names.isEmpty)
      #expect(folder.files.isEmpty)
    }
  }

  @Test func aGraphThatIsNotWellFormed() throws {
    var program = try sample()
    let graph = program.graphModule.graph
    let first = try #require(graph.nodes.first { graph.op(of: $0) == .callFunction })
    program.graphModule.graph.move(first, before: try #require(graph.nodes.first))
    guard case .malformed? = try refusal(of: program) else {
      Issue.record("a value is used before it is computed")
      return
    }
  }

  @Test func anotherNumberOfInputsOrOutputs() throws {
    var program = try sample()
    program.graphModule.graph.insertionPoint = .start
    program.graphModule.graph.placeholder("extra")
    let error = #expect(throws: SavingError.self) { try program.archivedText() }
    #expect(error != nil)
    var shorter = try sample()
    shorter.graphModule.graph.setArgs([.tuple([])], of: try #require(shorter.graphModule.graph.outputNode))
    guard case .signatureMismatch("outputs", _, 0)? = try refusal(of: shorter) else {
      Issue.record("the output is gone")
      return
    }
  }

  @Test func whatArchivesHaveNoFormFor() throws {
    var text = ProgramText()
    text.outputSpecs = #"[{"user_output": {"arg": {"as_tensor": {"name": "y"}}}}]"#
    let program = try text.load()
    let y = try #require(program.graphModule.graph.node(named: "y"))
    let cases: [(String, (inout Graph) -> Void, (SavingError.Kind) -> Bool)] = [
      (
        "a slice", { $0.setArgs([.slice(.init(1, 2))], of: y) },
        { if case .unsupportedArgument = $0 { true } else { false } }
      ),
      (
        "a mixed list", { $0.setArgs([.list([1, "a"])], of: y) },
        { if case .unsupportedArgument = $0 { true } else { false } }
      ),
      (
        "too many arguments", { $0.setArgs([1, 2, 3], of: y) },
        { if case .unknownArgument = $0 { true } else { false } }
      ),
      (
        "an unknown keyword", { $0.setKwarg("colour", to: 1, of: y) },
        { if case .unknownArgument = $0 { true } else { false } }
      ),
      (
        "an unknown operator", { $0.setTarget("torch.ops.mylib.g.default", of: y) },
        { if case .unknownSchema = $0 { true } else { false } }
      ),
    ]
    for (what, edit, isRight) in cases {
      var edited = program
      edit(&edited.graphModule.graph)
      let error = #expect(throws: SavingError.self) { try edited.archivedText() }
      #expect(error.map { isRight($0.kind) } == true, "\(what): \(String(describing: error))")
      #expect(error?.node == "y", "\(what)")
    }
  }

  @Test func changesThatAreNotWritten() throws {
    var program = try sample()
    program.torchVersion = "3.0"
    #expect(try refusal(of: program) == .unsavableChange("the version of PyTorch"))
  }

  @Test func aProgramThatCameFromNowhere() throws {
    let program = ExportedProgram(
      graphModule: GraphModule(), signature: GraphSignature(inputSpecs: [], outputSpecs: []),
      schemaVersion: SchemaVersion(major: 8, minor: 20))
    #expect(try refusal(of: program) == .noSource)
  }
}
