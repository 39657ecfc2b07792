import LibTorch
import ProgramComparison
import SwiftFX

/// Two programs that run on the same inputs, and the first node whose value differs from its counterpart's.
final class ComparedRun {
  private let a: RealProgram
  private let b: RealProgram
  private let counterparts: ProgramCounterparts
  private let comparison = ValueComparison()
  /// The values of A's nodes by their counterparts in B.
  private var expected: [Node: PyTree<RealTensor>] = [:]
  /// How many nodes of B were compared.
  private(set) var comparedCount = 0
  /// The first node of B that differs.
  private(set) var first: Found?

  typealias Found = (a: String, b: String, target: String, difference: ValueComparison.Difference)

  /// How many nodes have a counterpart.
  let pairCount: Int

  init(_ a: RealProgram, _ b: RealProgram) throws {
    self.a = a
    self.b = b
    counterparts = try ProgramCounterparts(a.program.exported, b.program.exported)
    let graph = a.module.graph
    // What the output node has are values of others; they are compared as results.
    pairCount = counterparts.nodes.count { graph.op(of: $0.a) != .output }
  }

  /// - Throws: ``LibTorchError`` for inputs that do not fit; ``InterpreterError`` at the node that fails.
  func execute(_ given: [String: PyTree<RealTensor>]) throws {
    var others: [String: PyTree<RealTensor>] = [:]
    // A program may write to its inputs.
    for pair in counterparts.inputs { others[pair.b] = try given[pair.a]?.copied() }
    var counterpart: [Node: Node] = [:]
    for pair in counterparts.nodes { counterpart[pair.a] = pair.b }
    let results = try run(a, given) { [unowned self] node, value in
      guard let other = counterpart[node] else { return }
      self.expected[other] = try value.copied()
    }
    var names: [Node: Node] = [:]
    for pair in counterparts.nodes { names[pair.b] = pair.a }
    do {
      let other = try run(b, others) { [unowned self] node, value in
        guard let wanted = self.expected.removeValue(forKey: node), let name = names[node] else { return }
        self.comparedCount += 1
        guard let difference = try self.comparison.difference(wanted, value) else { return }
        let (graphA, graphB) = (self.a.module.graph, self.b.module.graph)
        self.first = (graphA.name(of: name), graphB.name(of: node), graphB.target(of: node).text, difference)
        throw Stop()
      }
      // Nodes without a counterpart may make another result of the same values.
      if let difference = try comparison.difference(results, other) {
        first = ("output", "output", "the results", difference)
      }
    } catch let error as InterpreterError where error.underlying is Stop {}
  }

  /// Ends a run at the first difference.
  private struct Stop: Error {}

  private func run(
    _ program: RealProgram, _ inputs: [String: PyTree<RealTensor>],
    _ note: @escaping (Node, PyTree<RealTensor>) throws -> Void
  ) throws -> PyTree<RealTensor> {
    let interpreter = WatchedInterpreter(program.module, library: program.library)
    interpreter.didRun = { node, value in
      if program.module.graph.op(of: node) != .output { try note(node, value) }
    }
    let results = try interpreter.run(try program.arguments(inputs), enableIOProcessing: false)
    return try .list(results.flattened().leaves).copied()
  }

  /// What was found, for people.
  func text(_ names: (a: String, b: String)) -> String {
    let compared = "\(comparedCount) of \(pairCount) nodes with a counterpart compared"
    guard let first else { return "\(names.a) and \(names.b) agree   \(compared)" }
    let difference = first.difference
    var table = TextTable(limits: [14, 60])
    table.add("first differs", first.a == first.b ? first.a : "\(first.a), \(first.b)")
    table.add("operator", first.target)
    if !difference.place.isEmpty {
      table.add("at", "[\(difference.place.map { "\($0)" }.joined(separator: ", "))]")
    }
    table.add(difference, names)
    return "\(names.a) and \(names.b) differ   \(compared)\n\n" + table.lines().joined(separator: "\n")
  }

  /// What was found, as JSON.
  var json: [UInt8] { Self.json(pairs: pairCount, compared: comparedCount, first) }

  static func json(pairs: Int, compared: Int, _ first: Found?) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("counterparts")
    json.int(pairs)
    json.key("compared")
    json.int(compared)
    json.key("first")
    if let first {
      json.beginObject()
      for (key, text) in [
        ("a", first.a), ("b", first.b), ("target", first.target), ("value_a", first.difference.a),
        ("value_b", first.difference.b),
      ] {
        json.key(key)
        json.string(text)
      }
      json.key("place")
      json.beginArray()
      for index in first.difference.place { json.int(index) }
      json.endArray()
      json.key("count")
      json.int(first.difference.count)
      json.key("largest")
      if let largest = first.difference.largest { json.double(largest) } else { json.null() }
      json.endObject()
    } else {
      json.null()
    }
    json.endObject()
    return json.line
  }
}

extension TextTable {
  /// Adds the rows of a difference: what A and B hold, how many elements differ, and by how much.
  mutating func add(_ difference: ValueComparison.Difference, _ names: (a: String, b: String)) {
    add(names.a, difference.a)
    add(names.b, difference.b)
    if difference.count > 1 { add("elements", "\(difference.count) differ") }
    if let largest = difference.largest { add("largest", "\(largest)") }
  }
}
