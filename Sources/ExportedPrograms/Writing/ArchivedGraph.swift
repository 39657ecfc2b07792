import FX

/// A graph of an archive with the places of its parts.
final class ArchivedGraph {
  let module: GraphModule
  let recorded: RecordedValues
  let results: CallResults
  let members: [JSONText.Member]
  /// The objects of the calls.
  let nodes: NodeMap<Range<Int>>
  /// The entries of each table.
  let entries: [ValueTable: [JSONText.Member]]
  /// The table in which a value is held, by name.
  let tables: [String: ValueTable]
  /// The calls by the place of their metadata.
  private let byMetadata: [Int: Node]

  var graph: Graph { module.graph }

  init?(
    _ archived: ArchivedProgram, at path: String, _ metadata: ProgramMetadata
  ) throws(ArchiveError) {
    let root = archived.program.graphModule
    guard let module = path.isEmpty ? root : root.submodule(at: path), let place = archived.graphs[path],
      let recorded = archived.program.recordedValues[path]
    else { return nil }
    self.module = module
    self.recorded = recorded
    nodes = place.nodes
    results = CallResults(module.graph)
    byMetadata = Dictionary(
      place.nodes.nodes.compactMap { node in
        module.graph.metadataPlace(of: node, in: metadata).map { ($0.lowerBound, node) }
      }
    ) { first, _ in first }
    members = try archived.text.members(at: place.start)
    var entries: [ValueTable: [JSONText.Member]] = [:]
    var tables: [String: ValueTable] = [:]
    for member in members {
      guard let table = ValueTable(rawValue: member.key) else { continue }
      let held = try archived.text.members(at: member.value.lowerBound)
      entries[table] = held
      for entry in held { tables[entry.key] = table }
    }
    (self.entries, self.tables) = (entries, tables)
  }

  /// The value that is recorded under a name.
  func value(named name: String) -> RecordedValue? { recorded.value(named: name, in: graph) }

  /// The call of the archive that a call of an edited graph was: of the same name, or with the same place of its
  /// metadata when it was renamed.
  func counterpart(of node: Node, in edited: Graph, _ metadata: ProgramMetadata) -> Node? {
    let namesake = call(named: edited.name(of: node))
    let place = edited.metadataPlace(of: node, in: metadata)?.lowerBound
    let found = namesake ?? place.flatMap { byMetadata[$0] }
    return found.flatMap { graph.target(of: $0) == edited.target(of: node) ? $0 : nil }
  }

  /// The call of this name, unless it only selects a part of another.
  func call(named name: String) -> Node? {
    guard let node = graph.node(named: name), graph.op(of: node) == .callFunction, !results.isSelection(node)
    else { return nil }
    return node
  }
}
