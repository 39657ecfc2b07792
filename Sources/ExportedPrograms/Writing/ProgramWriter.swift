import EscapedTexts
import FX
import OperatorSchemas
import OrderedCollections
import ZipArchives

/// Writes the JSON of an edited program, starting from that of its archive.
final class ProgramWriter {
  let edited: ExportedProgram
  let archived: ArchivedProgram
  let metadata: ProgramMetadata
  let values: RecordedValueWriter
  /// Whether calls are written anew even where nothing changed; for tests of the writer.
  let rewritesEverything: Bool
  private var graphs: [String: ArchivedGraph] = [:]
  private var sameGraphs: [String: Bool] = [:]
  private var schemas: [Node.Target: FunctionSchema?] = [:]
  private var names: [Node.Target: [String]]?

  /// - Throws: ``SavingError`` of kind `source` when the archive has changed.
  init(_ edited: ExportedProgram, _ source: ProgramSource, rewritesEverything: Bool) throws(SavingError) {
    self.edited = edited
    self.rewritesEverything = rewritesEverything
    metadata = source.metadata
    if let known = source.archived {
      archived = known
    } else {
      do throws(ArchiveError) { archived = try ArchivedProgram(source) } catch {
        throw SavingError(.source(error))
      }
    }
    values = RecordedValueWriter(edited, archived: archived.program)
  }

  /// Calls `body`, which reads the archive.
  func reading<Result>(_ body: () throws(ArchiveError) -> Result) throws(SavingError) -> Result {
    do throws(ArchiveError) { return try body() } catch { throw SavingError(.source(error)) }
  }

  /// The JSON of the program.
  func text() throws(SavingError) -> [UInt8] {
    try refuseUnsavableChanges()
    var output = JSONWriter(style: .python, capacity: expectedLength)
    let members = try reading { () throws(ArchiveError) in try archived.text.members(at: 0) }
    try output.object { (output) throws(SavingError) in
      for member in members {
        output.key(member.key)
        switch member.key {
        case "graph_module": try writeModule(member.value, to: &output)
        case "range_constraints": try writeRanges(member.value, to: &output)
        case "guards_code" where edited.guardsCode != archived.program.guardsCode:
          output.array { for guardText in edited.guardsCode { $0.string(guardText) } }
        default: output.copy(member.value, of: archived.text)
        }
      }
    }
    return output.bytes
  }

  /// As many bytes as the archive has, and twice as many where many nodes are new: to grow costs as much as to write.
  private var expectedLength: Int {
    let (old, new) = (archived.program.graphModule.graph.nodes.count, edited.graphModule.graph.nodes.count)
    let length = archived.text.bytes.count
    return new > old + old / 4 ? length * 2 : length  // Bound: a file has fewer than 2⁶² bytes.
  }

  private func refuseUnsavableChanges() throws(SavingError) {
    let old = archived.program
    let changed: [(String, Bool)] = [
      ("the module call graph", edited.moduleCallGraph != old.moduleCallGraph),
      ("the opset version", edited.opsetVersion != old.opsetVersion),
      ("the schema version", edited.schemaVersion != old.schemaVersion),
      ("the version of PyTorch", edited.torchVersion != old.torchVersion),
      ("the list of verifiers", edited.verifiers != old.verifiers),
      ("the program's metadata", edited.metadata != old.metadata),
    ]
    if let (what, _) = changed.first(where: \.1) { throw SavingError(.unsavableChange(what)) }
  }

  private func writeModule(_ place: Range<Int>, to output: inout JSONWriter) throws(SavingError) {
    let members = try reading { () throws(ArchiveError) in try archived.text.members(at: place.lowerBound) }
    try output.object { (output) throws(SavingError) in
      for member in members {
        output.key(member.key)
        switch member.key {
        case "graph": try writeGraph(edited.graphModule, at: "", to: &output)
        case "signature": try writeSignature(member.value, to: &output)
        default: output.copy(member.value, of: archived.text)
        }
      }
    }
  }

  /// Writes a graph, or copies it when nothing in it changed.
  func writeGraph(_ module: GraphModule, at path: String, to output: inout JSONWriter) throws(SavingError) {
    if isUnchanged(at: path), let place = archived.graphs[path] {
      let end = try reading { () throws(ArchiveError) in try archived.text.end(of: place.start) }
      return output.copy(place.start..<end, of: archived.text)
    }
    let writer = try GraphWriter(self, module, at: path)
    try writer.write(to: &output)
  }

  /// The graph of the archive at a path.
  func archivedGraph(at path: String) throws(SavingError) -> ArchivedGraph? {
    if let known = graphs[path] { return known }
    let graph = try reading { () throws(ArchiveError) in try ArchivedGraph(archived, at: path, metadata) }
    graphs[path] = graph
    return graph
  }

  /// Whether the graph at a path and all below it are those of the archive, values and metadata included.
  func isUnchanged(at path: String) -> Bool {
    if let known = sameGraphs[path] { return known }
    let isSame = !rewritesEverything && compare(at: path)
    sameGraphs[path] = isSame
    return isSame
  }

  private func compare(at path: String) -> Bool {
    let (root, oldRoot) = (edited.graphModule, archived.program.graphModule)
    guard let module = path.isEmpty ? root : root.submodule(at: path),
      let old = path.isEmpty ? oldRoot : oldRoot.submodule(at: path),
      module.submodules.keys == old.submodules.keys, module.graph == old.graph
    else { return false }
    let (recorded, oldRecorded) = (edited.recordedValues[path], archived.program.recordedValues[path])
    for (node, oldNode) in zip(module.graph.nodes, old.graph.nodes) {
      guard
        values.isSame(
          recorded?.value(of: node, in: module.graph),
          asArchived: oldRecorded?.value(of: oldNode, in: old.graph)),
        module.graph.metadataPlace(of: node, in: metadata)
          == old.graph.metadataPlace(of: oldNode, in: metadata)
      else { return false }
    }
    return module.submodules.keys.allSatisfy { isUnchanged(at: path.isEmpty ? $0 : "\(path).\($0)") }
  }

  /// The schema of an operator, when PyTorch has it.
  func schema(of target: Node.Target) -> FunctionSchema? {
    if let known = schemas[target] { return known }
    let schema = SchemaTable.schema(named: target.text)
    schemas[target] = .some(schema)
    return schema
  }

  /// What the positional arguments of an operator are called, by the archive's longest call of it.
  func argumentNames(of target: Node.Target) throws(SavingError) -> [String]? {
    if names == nil { names = try findArgumentNames() }
    return names?[target]
  }

  private func findArgumentNames() throws(SavingError) -> [Node.Target: [String]] {
    var names: [Node.Target: [String]] = [:]
    for path in archived.graphs.keys.sorted() {
      guard let archivedGraph = try archivedGraph(at: path) else { continue }
      for node in archivedGraph.nodes.nodes {
        let target = archivedGraph.graph.target(of: node)
        guard target.text.hasPrefix("torch.ops."), schema(of: target) == nil,
          let place = archivedGraph.nodes[node]
        else { continue }
        let found = try reading { () throws(ArchiveError) in try archived.text.argumentNames(ofCallAt: place)
        }
        if found.count > (names[target]?.count ?? -1) { names[target] = found }
      }
    }
    return names
  }
}

extension JSONText {
  /// The names of the arguments of a call that are given by position.
  fileprivate func argumentNames(ofCallAt place: Range<Int>) throws(ArchiveError) -> [String] {
    guard let inputs = try members(at: place.lowerBound).first(where: { $0.key == "inputs" }) else {
      return []
    }
    return try scan(from: inputs.value.lowerBound) { (scanner) throws(JSONFailure) in
      var names: [String] = []
      try scanner.beginArray()
      while try scanner.nextElement() {
        var name = ""
        var kind = 0
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
          switch key {
          case "name": name = try scanner.string().text
          case "kind": kind = try scanner.integerOrNull() ?? 0
          default: try scanner.skipValue()
          }
        }
        if kind == 1 { names.append(name) }
      }
      return names
    }
  }
}
