import FX

/// A graph of an archive with the places of its parts.
struct ArchivedGraph {
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
  /// The recorded values, by name.
  let values: [String: RecordedValue]

  var graph: Graph { module.graph }

  init?(_ archived: ArchivedProgram, at path: String) throws(ArchiveError) {
    let root = archived.program.graphModule
    guard let module = path.isEmpty ? root : root.submodule(at: path), let place = archived.graphs[path],
      let recorded = archived.program.recordedValues[path]
    else { return nil }
    self.module = module
    self.recorded = recorded
    nodes = place.nodes
    results = CallResults(module.graph)
    members = try archived.text.members(at: place.start)
    var entries: [ValueTable: [JSONText.Member]] = [:]
    var tables: [String: ValueTable] = [:]
    var values: [String: RecordedValue] = [:]
    for member in members {
      guard let table = ValueTable(rawValue: member.key) else { continue }
      let held = try archived.text.members(at: member.value.lowerBound)
      entries[table] = held
      for entry in held {
        tables[entry.key] = table
        values[entry.key] = recorded.value(named: entry.key, in: module.graph)
      }
    }
    (self.entries, self.tables, self.values) = (entries, tables, values)
  }

  /// The call of this name, unless it only selects a part of another.
  func call(named name: String) -> Node? {
    guard let node = graph.node(named: name), graph.op(of: node) == .callFunction, !results.isSelection(node)
    else { return nil }
    return node
  }
}
