import EscapedTexts
import FX

/// Writes one graph of a program, taking over from its archive what is as it was.
///
/// A call that the archive has under the same name, with the same target, arguments, results and metadata, is copied
/// as text; so are the recorded values that did not change, and members that nobody here knows. Everything else is
/// written as PyTorch would.
///
/// - Source: `GraphModuleSerializer`, `torch/_export/serde/serialize.py`, v2.13.
struct GraphWriter {
  let program: ProgramWriter
  let module: GraphModule
  let path: String
  let recorded: RecordedValues
  let results: CallResults
  /// The graph of the archive at the same path.
  let archived: ArchivedGraph?
  /// The values of the graph in the order in which they come about, by name.
  private var values: [(name: String, value: RecordedValue)] = []
  /// Names of values that are held in another table than in the archive.
  private var retyped: Set<String> = []

  var graph: Graph { module.graph }

  init(_ program: ProgramWriter, _ module: GraphModule, at path: String) throws(SavingError) {
    self.program = program
    self.module = module
    self.path = path
    recorded = program.edited.recordedValues[path] ?? RecordedValues()
    results = CallResults(module.graph)
    archived = try program.archivedGraph(at: path)
  }

  /// Writes the graph.
  mutating func write(to output: inout JSONWriter) throws(SavingError) {
    do throws(SavingError) {
      var members = try Self.members(writeMembers())
      let known = archived?.members ?? []
      try output.object { (output) throws(SavingError) in
        for member in known {
          output.key(member.key)
          if let new = members.removeValue(forKey: member.key) {
            output.verbatim(new)
          } else {
            output.copy(member.value, of: program.archived.text)
          }
        }
        for key in Self.order {
          guard let new = members[key] else { continue }
          output.key(key)
          output.verbatim(new)
        }
      }
    } catch {
      var error = error
      if error.module.isEmpty { error.module = path }
      throw error
    }
  }

  private static let order =
    ["inputs", "outputs", "nodes", "tensor_values", "sym_int_values", "sym_bool_values"]
    + ["is_single_tensor_return", "custom_obj_values", "sym_float_values"]

  private static func members(_ pairs: [(String, JSONWriter)]) -> [String: JSONWriter] {
    Dictionary(pairs) { first, _ in first }
  }

  private mutating func writeMembers() throws(SavingError) -> [(String, JSONWriter)] {
    var (inputs, outputs) = (JSONWriter(style: .python), JSONWriter(style: .python))
    // About as long as the old ones: to grow costs as much as to write.
    let known = archived?.members.first { $0.key == "nodes" }?.value.count ?? 0
    var nodes = JSONWriter(style: .python, capacity: known)
    try inputs.array { (output) throws(SavingError) in
      for node in graph.nodes where graph.op(of: node) == .placeholder { try writeInput(node, to: &output) }
    }
    try nodes.array { (output) throws(SavingError) in
      for node in graph.nodes { try writeNode(node, to: &output) }
    }
    let isBare = try writeOutputs(to: &outputs)
    var single = JSONWriter(style: .python)
    single.bool(isBare)
    var members = [
      ("inputs", inputs), ("nodes", nodes), ("outputs", outputs), ("is_single_tensor_return", single),
    ]
    for table in ValueTable.allCases { members.append((table.rawValue, try entries(of: table))) }
    return members
  }

  /// The table in which the value of `node` is held.
  func table(of node: Node) -> ValueTable? {
    recorded.value(of: results.first(node), in: graph).flatMap { ValueTable($0) }
  }

  /// Notes that `value` is held under `name`.
  mutating func hold(_ value: RecordedValue, as name: String) {
    values.append((name, value))
    guard let archived else { return }
    if archived.tables[name] != ValueTable(value) { retyped.insert(name) }
  }

  /// Whether the archive holds the value of this name in another table.
  func isRetyped(_ name: String) -> Bool { !retyped.isEmpty && retyped.contains(name) }

  /// The table with the values that the graph has, those of the archive first and in its order.
  private func entries(of table: ValueTable) throws(SavingError) -> JSONWriter {
    var current: [String: RecordedValue] = [:]
    for (name, value) in values where ValueTable(value) == table { current[name] = value }
    var output = JSONWriter(style: .python)
    try output.object { (output) throws(SavingError) in
      for entry in archived?.entries[table] ?? [] {
        guard let value = current[entry.key],
          program.values.isSame(value, asArchived: archived?.values[entry.key])
        else { continue }
        output.key(entry.key)
        output.copy(entry.value, of: program.archived.text)
        current[entry.key] = nil
      }
      for (name, _) in values {
        guard let value = current.removeValue(forKey: name) else { continue }
        output.key(name)
        do throws(SavingError) { try program.values.write(value, named: name, to: &output) } catch {
          throw SavingError(error.kind, node: name)
        }
      }
    }
    return output
  }

  private mutating func writeInput(_ node: Node, to output: inout JSONWriter) throws(SavingError) {
    let name = graph.name(of: node)
    guard let value = recorded.value(of: node, in: graph) else {
      throw SavingError(.missingValue, node: name)
    }
    if case .constant(let argument) = value {
      return try write(argument, as: nil, of: node, to: &output)
    }
    hold(value, as: name)
    writeReference(to: node, in: &output)
  }

  /// Writes the results; returns whether there is one that is not in a tuple.
  private mutating func writeOutputs(to output: inout JSONWriter) throws(SavingError) -> Bool {
    guard let node = graph.outputNode, let result = graph.argument(0, of: node) else {
      throw SavingError(.unsupportedNode("graph without an output"))
    }
    let items: [Node.Argument]
    var isBare = false
    switch result {
    case .tuple(let results), .list(let results): items = results
    default: (items, isBare) = ([result], true)
    }
    try output.array { (output) throws(SavingError) in
      for item in items { try write(item, as: nil, of: node, to: &output) }
    }
    return isBare
  }
}
