import EscapedTexts
import ExportedPrograms
import FX
import FakeTensors
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

/// What the page tells about nodes, those of nested graphs included, whose values are the archive's.
extension ReportedProgram {
  func writeNodes(_ pool: inout ExpressionPool, to json: inout JSONWriter) {
    json.beginArray()
    var first = 0
    for module in exported.graphModule.namedModules {
      let graph = module.value.graph
      var places = NodeMap<Int>(for: graph)
      for (offset, node) in graph.nodes.enumerated() { places[node] = first + offset }
      for node in graph.nodes { write(node, in: graph, at: module.name, places, &pool, to: &json) }
      first += graph.nodes.count
    }
    json.endArray()
  }

  private func write(
    _ node: Node, in graph: Graph, at path: String, _ places: NodeMap<Int>, _ pool: inout ExpressionPool,
    to json: inout JSONWriter
  ) {
    let value = path.isEmpty ? result.values[node] : program.recordedValue(of: node, in: path)
    let frame = graph.stackTrace(of: node).flatMap { StackFrame(authorsIn: $0) }
    let name = graph.name(of: node)
    json.beginObject()
    json.member("name", path.isEmpty ? name : "\(path).\(name)")
    json.member("operator", graph.operatorName(of: node))
    json.member("value", value.map { shapes.text(of: $0) } ?? "not reached")
    json.member("layout", value?.tensor.map { shapes.shortText(of: $0.strides) } ?? "")
    json.member("module", path.isEmpty ? graph.authorsModule(of: node) ?? "" : path)
    json.member("source", frame.map { "\($0.fileName):\($0.line)" } ?? "")
    json.member("code", frame?.code ?? "")
    json.key("operands")
    json.beginArray()
    for input in graph.inputs(of: node) { if let place = places[input] { json.int(place) } }
    json.endArray()
    json.key("binds")
    json.strings((program.bindings(in: path)[node] ?? []).map { shapes.arena.name(of: $0.symbol) })
    let expressions = (value?.symbolicExpressions ?? []).map { shapes.resolve($0) }
    json.key("symbols")
    json.strings(
      Set(expressions.flatMap { shapes.arena.freeSymbols(of: $0) }).map { shapes.arena.name(of: $0) }.sorted()
    )
    if let sizes = value?.tensor?.sizes {
      json.key("sizes")
      json.beginArray()
      for size in sizes {
        json.int(pool.place(of: shapes.resolve(shapes.expression(size)), in: shapes.arena))
      }
      json.endArray()
    }
    json.endObject()
  }
}
