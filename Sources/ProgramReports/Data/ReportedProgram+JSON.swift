import EscapedTexts
import ExportedPrograms
import FX
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

extension ReportedProgram {
  /// The data of the page as one JSON object.
  var json: [UInt8] {
    var pool = ExpressionPool()
    var json = JSONWriter()
    json.beginObject()
    json.member("name", name)
    json.member("summary", summary)
    json.key("error")
    if let error { json.string("\(error)") } else { json.null() }
    json.key("symbols")
    writeSymbols(to: &json)
    json.key("guards")
    write(shapes.guards.map { fact($0.expression, $0.origin) }, to: &json)
    json.key("asserts")
    write(shapes.runtimeAsserts.map { fact($0.assert.expression, $0.assert.origin) }, to: &json)
    json.key("findings")
    writeFindings(to: &json)
    json.key("check")
    writeCheck(to: &json)
    json.key("costs")
    writeCosts(to: &json)
    json.key("nodes")
    writeNodes(&pool, to: &json)
    json.key("replacements")
    writeReplacements(&pool, to: &json)
    json.key("expressions")
    pool.write(to: &json)
    json.endObject()
    return json.bytes
  }

  private var summary: String {
    let version = exported.torchVersion
    let nodes = graph.nodes.count
    return "PyTorch \(version.isEmpty ? "unknown" : version), \(nodes) node\(nodes == 1 ? "" : "s"), "
      + "\(exported.signature.inputSpecs.filter { $0.kind == .parameter }.count) parameters"
  }

  private func fact(_ condition: SymExpr, _ origin: ShapeEnv.Origin) -> PageFact {
    PageFact("", shapes.text(raw: condition), at: context.provenance(of: origin))
  }

  private func write(_ facts: [PageFact], to json: inout JSONWriter) {
    json.beginArray()
    for fact in facts { fact.write(to: &json) }
    json.endArray()
  }

  /// The symbols that something else stands for, each with the place of that expression.
  private func writeReplacements(_ pool: inout ExpressionPool, to json: inout JSONWriter) {
    json.beginArray()
    for (symbol, target) in shapes.replacements {
      json.beginArray()
      json.string(shapes.arena.name(of: symbol))
      json.int(pool.place(of: target, in: shapes.arena))
      json.endArray()
    }
    json.endArray()
  }
}
