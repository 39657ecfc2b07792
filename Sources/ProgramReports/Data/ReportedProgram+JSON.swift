import EscapedTexts
import ExportedPrograms
import FX
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

extension ReportedProgram {
  /// Writes the data of the page as one JSON object.
  func write(to json: inout JSONWriter) {
    var pool: ExpressionPool? = ExpressionPool()
    let sides = self.sides
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
    json.key("graphs")
    json.beginArray()
    sides.a.writeGraphs(of: "a", to: &json)
    sides.b?.writeGraphs(of: "b", to: &json)
    json.endArray()
    json.key("nodes")
    json.beginArray()
    sides.a.writeNodes(&pool, to: &json)
    // The sizes of the other program are not computed: the form has this one's symbols.
    var none: ExpressionPool?
    sides.b?.writeNodes(&none, to: &json)
    json.endArray()
    json.key("difference")
    if let against { write(against, to: &json) } else { json.null() }
    json.key("replacements")
    writeReplacements(&pool, to: &json)
    json.key("expressions")
    pool?.write(to: &json)
    json.endObject()
  }

  private var summary: String {
    Self.summary(of: exported)
  }

  static func summary(of exported: ExportedProgram) -> String {
    let version = exported.torchVersion
    let nodes = exported.graphModule.graph.nodes.count
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
  private func writeReplacements(_ pool: inout ExpressionPool?, to json: inout JSONWriter) {
    json.beginArray()
    for (symbol, target) in shapes.replacements {
      json.beginArray()
      json.string(shapes.arena.name(of: symbol))
      if let place = pool?.place(of: target, in: shapes.arena) { json.int(place) }
      json.endArray()
    }
    json.endArray()
  }
}
