import ProgramCosts
import SwiftFX

/// The JSON object of `swiftfx memory`.
struct MemoryJSON {
  private let costs: ProgramCosts
  private let sizes: CostAssignment
  private var json = JSONWriter()
  /// How many more parts the formulas may have together; those beyond are `null`, and a remark says so.
  private var parts = mostParts
  private static let mostParts = 1 << 20

  var line: [UInt8] { json.line }

  init(_ costs: ProgramCosts, at sizes: CostAssignment, by group: CostGroup.Kind?) {
    self.costs = costs
    self.sizes = sizes
    json.beginObject()
    json.key("flops")
    amount(costs.flops) { _ in }
    json.key("peak")
    amount(costs.peak.formula) { writer in writer.writePeak() }
    for (name, size) in [("parameters", costs.weights), ("inputs", costs.inputs)] {
      json.key("\(name)_bytes")
      number(size)
      json.key("\(name)_formula")
      formula(size)
    }
    json.key("per_node")
    json.beginObject()
    for node in costs.nodes { writeNode(node) }
    json.endObject()
    if let group {
      json.key("by")
      json.string(group.rawValue)
      json.key("groups")
      json.beginArray()
      for row in costs.groups(by: group) { writeGroup(row) }
      json.endArray()
    }
    writeMissing()
    json.key("remarks")
    json.beginArray()
    for remark in costs.remarks { writeRemark(remark.text, at: remark.place?.qualifiedName) }
    if parts <= 0 {
      writeRemark("the formulas after the first \(Self.mostParts) parts are left out", at: nil)
    }
    json.endArray()
    json.key("error")
    string(costs.error.map { "\($0)" })
    json.endObject()
  }

  /// A formula with its value at the sizes and at the ends of the ranges.
  private mutating func amount(_ size: SymInt, _ more: (inout MemoryJSON) -> Void) {
    json.beginObject()
    json.key("formula")
    formula(size)
    json.key("value")
    number(size)
    let bounds = costs.bounds(of: sizes.substituted(size, costs.shapes))
    json.key("lower")
    optional(bounds.lower)
    json.key("upper")
    optional(bounds.upper)
    if costs.value(of: size, at: sizes) == .tooLarge {
      json.key("problem")
      json.string("the value does not fit 64 bits")
    }
    more(&self)
    json.endObject()
  }

  private mutating func writePeak() {
    let (graph, shapes) = (costs.graph, costs.shapes)
    let here = costs.peakNode(at: sizes)?.node.node ?? costs.peak.points.first?.node
    json.key("node")
    string(here.map { graph.name(of: $0) })
    json.key("dominant_symbol")
    string(costs.dominantSymbol(of: costs.peak.formula, at: sizes).map { shapes.arena.name(of: $0.symbol) })
    json.key("points")
    json.beginArray()
    for point in costs.peak.points {
      json.beginObject()
      json.key("node")
      json.string(graph.name(of: point.node))
      json.key("formula")
      formula(point.live)
      json.key("value")
      number(point.live)
      json.key("module")
      string(graph.authorsModule(of: point.node))
      let frame = Provenance(point.node, of: graph)?.frame
      json.key("source")
      string(frame.map { "\($0.file):\($0.line)" })
      json.key("code")
      string(frame?.code)
      json.endObject()
    }
    json.endArray()
  }

  private mutating func writeNode(_ node: ProgramCosts.NodeCost) {
    json.key(costs.graph.name(of: node.node))
    json.beginObject()
    json.key("live")
    number(node.live)
    json.key("live_formula")
    formula(node.live)
    json.key("flops")
    number(node.flops)
    if node.flops != 0 {
      json.key("flops_formula")
      formula(node.flops)
    }
    json.key("allocated")
    number(node.allocated)
    let size = costs.size(of: node.node)
    json.key("largest_elements")
    optional(costs.bounds(of: sizes.substituted(size.elements, costs.shapes)).upper)
    json.key("largest_bytes")
    optional(costs.bounds(of: sizes.substituted(size.bytes, costs.shapes)).upper)
    json.endObject()
  }

  private mutating func writeRemark(_ text: String, at node: String?) {
    json.beginObject()
    json.key("node")
    string(node)
    json.key("text")
    json.string(text)
    json.endObject()
  }

  private mutating func writeGroup(_ group: CostGroup) {
    json.beginObject()
    json.key("name")
    json.string(group.name)
    json.key("nodes")
    json.int(group.count)
    for (name, size) in [("flops", group.flops), ("allocated", group.allocated)] {
      json.key(name)
      number(size)
      json.key("\(name)_formula")
      formula(size)
    }
    json.endObject()
  }

  private mutating func writeMissing() {
    json.key("unbounded")
    json.beginArray()
    for missing in costs.missingBounds(of: sizes.substituted(costs.peak.formula, costs.shapes)) {
      json.beginObject()
      json.key("symbol")
      json.string(missing.name)
      json.key("node")
      string(missing.place?.qualifiedName)
      json.key("fix")
      json.string(missing.fix)
      json.key("source")
      string(missing.place?.frame.map { "\($0.file):\($0.line)" })
      json.endObject()
    }
    json.endArray()
  }

  private mutating func formula(_ size: SymInt) {
    guard size != .tooLarge, parts > 0 else { return json.null() }
    if size.isSymbolic { parts -= Int(costs.shapes.arena.partCount(of: costs.shapes.expression(size))) }
    json.string(costs.shapes.text(of: size))
  }

  private mutating func number(_ size: SymInt) { optional(costs.value(of: size, at: sizes).number) }

  private mutating func optional(_ value: Int?) {
    if let value { json.int(value) } else { json.null() }
  }

  private mutating func string(_ text: String?) {
    if let text { json.string(text) } else { json.null() }
  }
}
