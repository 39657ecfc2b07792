import EscapedTexts
import FX
import ProgramCosts
import ShapePropagation
import SymbolicExpressions
import SymbolicShapes

/// Memory and operations of each node, as formulas that the page evaluates.
extension ReportedProgram {
  func writeCosts(to json: inout JSONWriter) {
    let shapes = costs.shapes
    var pool = ExpressionPool()
    func place(_ size: SymInt) -> Int {
      pool.place(of: shapes.resolve(shapes.expression(size)), in: shapes.arena)
    }
    json.beginObject()
    json.member("peak", shapes.text(of: costs.peak.formula))
    json.member("flops", shapes.text(of: costs.flops))
    json.key("weights")
    if let weights = costs.weights.constant { json.int(weights) } else { json.null() }
    json.key("remarks")
    json.strings(
      costs.remarks.map { remark in (remark.place.map { "\($0.qualifiedName): " } ?? "") + remark.text })
    json.key("nodes")
    json.beginArray()
    for cost in costs.nodes {
      json.beginObject()
      json.member("name", costs.graph.name(of: cost.node))
      json.member("module", costs.graph.authorsModule(of: cost.node) ?? "")
      json.key("live")
      json.int(place(cost.live))
      json.key("flops")
      json.int(place(cost.flops))
      json.endObject()
    }
    json.endArray()
    json.key("expressions")
    pool.write(to: &json)
    json.endObject()
  }
}
