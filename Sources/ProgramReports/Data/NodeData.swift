import EscapedTexts
import ExportedPrograms
import FX
import FakeTensors
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

/// What the page tells about the nodes of a program, and about its graphs: the root graph and the nested ones.
struct NodeData {
  let exported: ExportedProgram
  let program: FakeProgram
  /// The values of a run by the paths of the graphs.
  ///
  /// Where a graph did not run, those of the archive are told.
  let values: [String: NodeMap<FakeValue>]
  /// What a comparison says about nodes, by their names on the page.
  let marks: [String: Mark]
  /// The place of the first node and of the first graph among all that the page holds.
  let (firstNode, firstGraph): (Int, Int)

  /// What a comparison says about a node.
  enum Mark: String {
    case removed, added, changed
  }

  private var shapes: ShapeEnv { program.shapes }

  /// How many nodes and graphs there are.
  var counts: (nodes: Int, graphs: Int) {
    var counts = (nodes: 0, graphs: 0)
    exported.graphModule.forEachModule { _, module in
      counts.nodes += module.graph.nodes.count
      counts.graphs += 1
    }
    return counts
  }

  /// Writes the graphs: the path of each, and the nodes that call it.
  func writeGraphs(of side: String, to json: inout JSONWriter) {
    var callers: [String: [Int]] = [:]
    forEachGraph { path, module, _, places in
      for node in module.graph.nodes {
        for callee in calls(of: node, in: module, at: path) {
          if let place = places[node] { callers[callee, default: []].append(place) }
        }
      }
    }
    exported.graphModule.forEachModule { path, _ in
      json.beginObject()
      json.member("path", path)
      json.member("side", side)
      json.key("callers")
      json.beginArray()
      for caller in callers[path] ?? [] { json.int(caller) }
      json.endArray()
      json.endObject()
    }
  }

  /// Writes the nodes of all graphs; expressions go to `pool`, if there is one.
  func writeNodes(_ pool: inout ExpressionPool?, to json: inout JSONWriter) {
    forEachGraph { path, module, number, places in
      for node in module.graph.nodes { write(node, in: module, at: path, number, places, &pool, to: &json) }
    }
  }

  private func forEachGraph(_ body: (String, GraphModule, Int, NodeMap<Int>) -> Void) {
    var (first, number) = (firstNode, firstGraph)
    exported.graphModule.forEachModule { path, module in
      var places = NodeMap<Int>(for: module.graph)
      for (offset, node) in module.graph.nodes.enumerated() { places[node] = first + offset }
      body(path, module, number, places)
      first += module.graph.nodes.count
      number += 1
    }
  }

  /// The paths of the graphs that a node calls.
  private func calls(of node: Node, in module: GraphModule, at path: String) -> [String] {
    let graph = module.graph
    var names: [String] = []
    let note = { (argument: Node.Argument) in argument.forEachSubmodule { names.append($0) } }
    graph.args(of: node).forEach(note)
    graph.kwargs(of: node).forEach { note($0.value) }
    if graph.op(of: node) == .callModule { names.append(graph.target(of: node).text) }
    for input in graph.inputs(of: node) where graph.op(of: input) == .getAttr {
      names.append(graph.target(of: input).text)
    }
    return names.filter { module.submodule(at: $0) != nil }.map { path.isEmpty ? $0 : "\(path).\($0)" }
  }

  private func write(
    _ node: Node, in module: GraphModule, at path: String, _ number: Int, _ places: NodeMap<Int>,
    _ pool: inout ExpressionPool?, to json: inout JSONWriter
  ) {
    let graph = module.graph
    let value = values[path]?[node] ?? program.recordedValue(of: node, in: path)
    let frame = graph.stackTrace(of: node).flatMap { StackFrame(authorsIn: $0) }
    let name = path.isEmpty ? graph.name(of: node) : "\(path).\(graph.name(of: node))"
    json.beginObject()
    json.member("name", name)
    json.key("graph")
    json.int(number)
    json.member("operator", graph.operatorName(of: node))
    json.member("value", value.map { shapes.text(of: $0) } ?? "not reached")
    json.member("module", graph.authorsModule(of: node) ?? "")
    json.key("operands")
    json.beginArray()
    for input in graph.inputs(of: node) { if let place = places[input] { json.int(place) } }
    json.endArray()
    // What most nodes do not have is left out.
    json.memberUnlessEmpty("layout", value?.tensor.map { shapes.shortText(of: $0.strides) } ?? "")
    json.memberUnlessEmpty("source", frame.map { "\($0.fileName):\($0.line)" } ?? "")
    json.memberUnlessEmpty("code", frame?.code ?? "")
    json.memberUnlessEmpty("mark", marks[name]?.rawValue ?? "")
    json.membersUnlessEmpty("calls", calls(of: node, in: module, at: path))
    json.membersUnlessEmpty(
      "binds", program.bindings(of: node, in: path).map { shapes.arena.name(of: $0.symbol) })
    if let value, pool != nil {
      writeSymbols(of: value, &pool, to: &json)
      if value.hasSizes {
        json.key("now")
        writeSizes(of: value, &pool, to: &json)
      }
    }
    json.endObject()
  }

  /// Writes where the symbols of a value stand among the expressions, in the order of their names.
  private func writeSymbols(of value: FakeValue, _ pool: inout ExpressionPool?, to json: inout JSONWriter) {
    var symbols: Set<SymExpr.Symbol> = []
    for expression in value.symbolicExpressions {
      symbols.formUnion(shapes.arena.freeSymbols(of: shapes.resolve(expression)))
    }
    guard !symbols.isEmpty else { return }
    json.key("symbols")
    json.beginArray()
    for symbol in symbols.sorted(by: { shapes.arena.name(of: $0) < shapes.arena.name(of: $1) }) {
      if let place = pool?.place(of: shapes.arena.handle(of: symbol), in: shapes.arena) { json.int(place) }
    }
    json.endArray()
  }

  /// Writes where the sizes of a value stand among the expressions: a place for an integer, a list of places for a
  /// tensor, an object with the parts of a list, and nothing for other values.
  private func writeSizes(of value: FakeValue, _ pool: inout ExpressionPool?, to json: inout JSONWriter) {
    func place(_ size: SymInt) -> Int {
      pool?.place(of: shapes.resolve(shapes.expression(size)), in: shapes.arena) ?? -1
    }
    if let tensor = value.tensor {
      json.beginArray()
      for size in tensor.sizes { json.int(place(size)) }
      json.endArray()
    } else if case .symInt(let number) = value {
      json.int(place(number))
    } else if let parts = value.elements {
      json.beginObject()
      json.key("parts")
      json.beginArray()
      for part in parts { writeSizes(of: part, &pool, to: &json) }
      json.endArray()
      json.endObject()
    } else {
      json.null()
    }
  }
}

extension FakeValue {
  /// Whether the value is a tensor, an integer or a list.
  fileprivate var hasSizes: Bool {
    if case .symInt = self { return true }
    return tensor != nil || elements != nil
  }
}

extension JSONWriter {
  fileprivate mutating func memberUnlessEmpty(_ name: String, _ text: String) {
    if !text.isEmpty { member(name, text) }
  }

  fileprivate mutating func membersUnlessEmpty(_ name: String, _ texts: [String]) {
    if texts.isEmpty { return }
    key(name)
    strings(texts)
  }
}
