import ExportedPrograms
import FX
import FakeTensors
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes
import ZipArchives

/// One of the two programs that are compared.
final class ComparedProgram {
  let exported: ExportedProgram
  let program: FakeProgram
  /// What the placeholders stand for, in order.
  let inputs: [Input]

  /// A placeholder.
  struct Input {
    let node: Node
    let name: String
    let spec: InputSpec?
    /// The stored value of a parameter, buffer or constant, when the archive has one.
    let tensor: StoredTensor?
    let object: MappedBytes?

    var isUserInput: Bool { spec?.target == nil }
  }

  /// - Throws: ``PropagationError`` or ``ArchiveError``.
  init(_ exported: ExportedProgram) throws {
    self.exported = exported
    program = try FakeProgram(exported)
    let stored = ProgramTensors(of: exported)
    let objects = try stored?.objects() ?? [:]
    // Constants are written over weights: an archive has each name once.
    let values = (try stored?.weights() ?? [:]).merging(try stored?.constants() ?? [:]) { $1 }
    func tensor(_ name: String) -> StoredTensor? {
      if case .tensor(let tensor)? = values[name] { tensor } else { nil }
    }
    let graph = exported.graphModule.graph
    inputs = graph.findNodes(.placeholder).enumerated().map { position, node in
      let specs = exported.signature.inputSpecs
      let spec = position < specs.count ? specs[position] : nil
      return Input(
        node: node, name: graph.name(of: node), spec: spec,
        tensor: spec?.target.flatMap { tensor($0) },
        object: spec?.target.flatMap { objects[$0] })
    }
  }

  var shapes: ShapeEnv { program.shapes }

  /// What the archive recorded for a node.
  func value(of node: Node, in path: String) -> FakeValue? { program.recordedValue(of: node, in: path) }

  func module(at path: String) -> GraphModule? {
    path.isEmpty ? exported.graphModule : exported.graphModule.submodule(at: path)
  }

  /// The parameters, buffers and constants.
  var state: [Input] { inputs.filter { !$0.isUserInput } }

  /// What the caller gives.
  var userInputs: [Input] { inputs.filter(\.isUserInput) }
}
