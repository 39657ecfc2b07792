import FX
import OrderedCollections

/// Reads the JSON of a program directly into graphs, in one pass and without an intermediate tree.
///
/// PyTorch writes keys in a fixed order, but nothing here depends on it: a value that needs a later key is
/// skipped and read once that key is known (``JSONScanner/Mark``).
///
/// - Source: `ExportedProgramDeserializer`, `torch/_export/serde/serialize.py`, v2.13.
struct ProgramReader {
  var scanner: JSONScanner
  /// The graph being read; enclosing graphs wait in calls of ``graph(at:constantNames:)``.
  var current = GraphState()
  var expressions = RecordedExpressions()
  var recordedValues: [String: RecordedValues] = [:]
  let metadata: ProgramMetadata
  /// Where the parts of the program are in the text, if that is asked for.
  var places: ProgramPlaces?
  /// The number of nodes read so far, in all graphs.
  var nodeCount = 0
  var graphDepth = 0

  /// The state of one graph while it is read.
  struct GraphState {
    var path = ""
    var graph = Graph()
    var values = RecordedValues()
    var submodules: OrderedDictionary<String, GraphModule> = [:]
    /// Where the text has the graphs of the submodules.
    var subgraphPlaces: [String: Range<Int>] = [:]
    /// Nodes with generated names, which are renamed when the archive uses the name.
    var autoNamed = NodeSet()
    var scratch = NodeScratch()
    var place = GraphPlace()
  }

  init(_ scanner: JSONScanner, metadata: ProgramMetadata) {
    self.scanner = scanner
    self.metadata = metadata
  }

  /// Reads the whole program.
  mutating func program() throws(JSONFailure) -> ExportedProgram {
    let start = scanner.mark
    do throws(JSONFailure) {
      return try members()
    } catch {
      // A value that cannot be read may belong to another schema version, which is written at the end.
      scanner.jump(to: start)
      if let failure = unsupportedVersion() { throw failure }
      throw error
    }
  }

  private mutating func members() throws(JSONFailure) -> ExportedProgram {
    var parts: ModuleParts?
    var version: SchemaVersion?
    var program = ExportedProgram(
      graphModule: GraphModule(), signature: GraphSignature(inputSpecs: [], outputSpecs: []),
      schemaVersion: SchemaVersion(major: 0, minor: 0))
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      switch key {
      case "graph_module":
        guard parts == nil else { throw scanner.failure(.duplicateName("graph_module"), at: key) }
        let start = valueStart()
        parts = try moduleParts()
        places?.ends[start] = scanner.offset
      case "opset_version": program.opsetVersion = try opsetVersion()
      case "range_constraints": program.rangeConstraints = try rangeConstraints()
      case "schema_version": version = try supportedVersion()
      case "verifiers": program.verifiers = try scanner.strings()
      case "torch_version": program.torchVersion = try scanner.string().text
      case "guards_code": program.guardsCode = scanner.null() ? [] : try scanner.strings()
      default: try scanner.skipValue()
      }
    }
    try scanner.finish()
    guard let version else { throw scanner.missing("schema_version") }
    guard let parts else { throw scanner.missing("graph_module") }
    program.schemaVersion = version
    program.expressionSyntax = version.major >= 8 ? .srepr : .infix
    program.graphModule = parts.graph
    program.signature = parts.signature
    program.moduleCallGraph = parts.calls
    program.metadata = parts.metadata
    program.expressions = expressions
    program.recordedValues = recordedValues
    return program
  }

  private mutating func supportedVersion() throws(JSONFailure) -> SchemaVersion {
    _ = scanner.peek()
    let place = scanner.offset
    let version = try schemaVersion()
    guard ExportSchema.majors.contains(version.major) else {
      throw JSONFailure(kind: .unsupportedSchema(major: version.major, minor: version.minor), offset: place)
    }
    return version
  }

  /// The failure for an unknown schema version; `nil` if the version is supported.
  private mutating func unsupportedVersion() -> JSONFailure? {
    do throws(JSONFailure) {
      try scanner.beginObject()
      while let key = try scanner.nextKey() {
        if key == "schema_version" { _ = try supportedVersion() } else { try scanner.skipValue() }
      }
      return nil
    } catch {
      if case .unsupportedSchema = error.kind { return error }
      return nil
    }
  }

  private struct ModuleParts {
    var graph: GraphModule
    var signature: GraphSignature
    var calls: [ModuleCallEntry]
    var metadata: NodeMetadata
  }

  /// Reads `{graph, signature, module_call_graph, metadata, treespec_namedtuple_fields}`.
  private mutating func moduleParts() throws(JSONFailure) -> ModuleParts {
    var graph: GraphModule?
    var graphMark: JSONScanner.Mark?
    var callsMark: JSONScanner.Mark?
    var parts = ModuleParts(
      graph: GraphModule(), signature: GraphSignature(inputSpecs: [], outputSpecs: []), calls: [],
      metadata: NodeMetadata())
    var fields: [String: [String]] = [:]
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      switch key {
      case "graph":
        // Constant inputs take their names from the signature.
        let start = valueStart()
        graphMark = scanner.mark
        if try hasOnlyNamedInputs() {
          graph = try self.graph(at: "", constantNames: [])
        } else {
          try scanner.skipValue()
        }
        places?.ends[start] = scanner.offset
      case "signature": parts.signature = try scanner.graphSignature()
      case "module_call_graph":
        callsMark = scanner.mark
        try scanner.skipValue()
      case "metadata": parts.metadata = try scanner.metadata()
      case "treespec_namedtuple_fields": fields = try namedTupleFields()
      default: try scanner.skipValue()
      }
    }
    let end = scanner.mark
    guard let graphMark else { throw scanner.missing("graph") }
    if let graph {
      parts.graph = graph
    } else {
      scanner.jump(to: graphMark)
      parts.graph = try self.graph(at: "", constantNames: parts.signature.inputSpecs.map(\.argument.name))
    }
    if let callsMark {
      scanner.jump(to: callsMark)
      parts.calls = try scanner.moduleCallGraph(fields)
    }
    scanner.jump(to: end)
    return parts
  }

  /// The offset at which the next value starts.
  mutating func valueStart() -> Int {
    _ = scanner.peek()
    return scanner.offset
  }

  /// Whether the following graph begins with its inputs, and none of them is a constant.
  private func hasOnlyNamedInputs() throws(JSONFailure) -> Bool {
    var ahead = scanner
    try ahead.beginObject()
    guard let first = try ahead.nextKey(), first == "inputs" else { return false }
    try ahead.beginArray()
    while try ahead.nextElement() {
      switch try ahead.beginUnion() {
      case "as_tensor", "as_sym_int", "as_sym_float", "as_sym_bool", "as_custom_obj": try ahead.skipValue()
      default: return false
      }
      try ahead.endUnion()
    }
    return true
  }
}
