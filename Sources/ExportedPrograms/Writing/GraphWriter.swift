import EscapedTexts
import FX
import OrderedCollections

/// Writes one graph of a program, taking over from its archive what is as it was.
///
/// A call that the archive has under the same name, with the same target, arguments, results and metadata, is copied
/// as text; so are the recorded values that did not change, and members that nobody here knows. Everything else is
/// written as PyTorch would.
///
/// - Source: `GraphModuleSerializer`, `torch/_export/serde/serialize.py`, v2.13.
final class GraphWriter {
  let program: ProgramWriter
  let module: GraphModule
  let path: String
  let recorded: RecordedValues
  let results: CallResults
  /// The graph of the archive at the same path.
  let archived: ArchivedGraph?
  /// The results of the calls.
  private var calls: NodeMap<WrittenCall> = [:]
  /// The values of each table by name, in the order in which they come about.
  private var held: [ValueTable: OrderedDictionary<String, RecordedValue>] = [:]
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
    holdValues()
  }

  /// Writes the graph: the members that the archive has in its order, then those that it lacks.
  func write(to output: inout JSONWriter) throws(SavingError) {
    do throws(SavingError) {
      let known = archived?.members ?? []
      try output.object { (output) throws(SavingError) in
        for member in known {
          output.key(member.key)
          if try !writeMember(member.key, to: &output) {
            output.copy(member.value, of: program.archived.text)
          }
        }
        for key in Self.order where !known.contains(where: { $0.key == key }) {
          output.key(key)
          _ = try writeMember(key, to: &output)
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

  /// Writes the member with a key; returns false and writes nothing for an unknown one.
  private func writeMember(_ key: String, to output: inout JSONWriter) throws(SavingError) -> Bool {
    switch key {
    case "inputs":
      try output.array { (output) throws(SavingError) in
        for node in graph.nodes where graph.op(of: node) == .placeholder { try writeInput(node, to: &output) }
      }
    case "nodes":
      try output.array { (output) throws(SavingError) in
        for node in graph.nodes { try writeNode(node, to: &output) }
      }
    case "outputs":
      let (node, items, _) = try outputs()
      try output.array { (output) throws(SavingError) in
        for item in items { try write(item, as: nil, of: node, to: &output) }
      }
    case "is_single_tensor_return": output.bool(try outputs().isBare)
    default:
      guard let table = ValueTable(rawValue: key) else { return false }
      try writeEntries(of: table, to: &output)
    }
    return true
  }

  /// Notes the names under which the values of inputs and calls are held.
  private func holdValues() {
    for node in graph.nodes {
      switch graph.op(of: node) {
      case .placeholder:
        guard let value = recorded.value(of: node, in: graph) else { continue }
        if case .constant = value { continue }
        hold(value, as: graph.name(of: node))
      case .callFunction where !results.isSelection(node):
        let call = WrittenCall(results: resultTree(of: node, counterpart(of: node)))
        call.forEachValue { hold($1, as: $0) }
        calls[node] = call
      default: continue
      }
    }
  }

  /// What a call returns.
  func call(_ node: Node) -> WrittenCall { calls[node] ?? WrittenCall(results: nil) }

  /// The call of the archive that a call was.
  func counterpart(of node: Node) -> Node? {
    archived?.counterpart(of: node, in: graph, program.metadata)
  }

  /// The table in which the value of `node` is held.
  func table(of node: Node) -> ValueTable? {
    recorded.value(of: results.first(node), in: graph).flatMap { ValueTable($0) }
  }

  /// Notes that `value` is held under `name`.
  private func hold(_ value: RecordedValue, as name: String) {
    let table = ValueTable(value)
    if let table { held[table, default: [:]][name] = value }
    if let archived, archived.tables[name] != table { retyped.insert(name) }
  }

  /// Whether the archive holds the value of this name in another table.
  func isRetyped(_ name: String) -> Bool { !retyped.isEmpty && retyped.contains(name) }

  /// Writes the table with the values that the graph has, those of the archive first and in its order.
  private func writeEntries(of table: ValueTable, to output: inout JSONWriter) throws(SavingError) {
    let values = held[table] ?? [:]
    var isWritten = values.values.map { _ in false }
    try output.object { (output) throws(SavingError) in
      for entry in archived?.entries[table] ?? [] {
        guard let position = values.index(forKey: entry.key), !isWritten[position],
          program.values.isSame(
            values.elements[position].value, asArchived: archived?.value(named: entry.key))
        else { continue }
        output.key(entry.key)
        output.copy(entry.value, of: program.archived.text)
        isWritten[position] = true
      }
      for (position, (name, value)) in values.elements.enumerated() where !isWritten[position] {
        output.key(name)
        do throws(SavingError) { try program.values.write(value, named: name, to: &output) } catch {
          throw SavingError(error.kind, node: name)
        }
      }
    }
  }

  private func writeInput(_ node: Node, to output: inout JSONWriter) throws(SavingError) {
    let name = graph.name(of: node)
    guard let value = recorded.value(of: node, in: graph) else {
      throw SavingError(.missingValue, node: name)
    }
    if case .constant(let argument) = value {
      return try write(argument, as: nil, of: node, to: &output)
    }
    writeReference(to: node, in: &output)
  }

  /// The results of the graph, and whether there is one that is not in a tuple.
  private func outputs() throws(SavingError) -> (node: Node, items: [Node.Argument], isBare: Bool) {
    guard let node = graph.outputNode, let result = graph.argument(0, of: node) else {
      throw SavingError(.unsupportedNode("graph without an output"))
    }
    switch result {
    case .tuple(let items), .list(let items): return (node, items, false)
    default: return (node, [result], true)
    }
  }
}
