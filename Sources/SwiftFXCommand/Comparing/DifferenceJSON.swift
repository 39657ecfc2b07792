import ProgramComparison
import SwiftFX

/// The difference of two programs as one JSON object; `Documentation/diff.md` says what it holds.
enum DifferenceJSON {
  static func bytes(_ difference: ProgramDifference) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("equal")
    json.bool(difference.isEqual)
    json.key("same_graph")
    json.bool(difference.hasSameGraph)
    json.key("nodes")
    nodes(difference.nodes, &json)
    json.key("symbols")
    pairs(difference.symbols, &json)
    json.key("ranges_changed")
    json.beginObject()
    for range in difference.ranges {
      json.key(range.symbol)
      json.beginArray()
      bounds(range.a, &json)
      bounds(range.b, &json)
      json.endArray()
    }
    json.endObject()
    for (key, removed, added) in [
      ("guards", difference.removedGuards, difference.addedGuards),
      ("asserts", difference.removedAsserts, difference.addedAsserts),
    ] {
      json.key(key)
      json.beginObject()
      json.key("removed")
      json.strings(removed)
      json.key("added")
      json.strings(added)
      json.endObject()
    }
    json.key("state")
    state(difference.state, &json)
    json.key("inputs")
    json.beginObject()
    json.key("renamed")
    pairs(difference.renamedInputs, &json)
    json.key("nesting")
    json.beginObject()
    for nesting in difference.nesting {
      json.key(nesting.what)
      json.strings([nesting.a, nesting.b])
    }
    json.endObject()
    json.endObject()
    json.key("outputs")
    outputs(difference.outputs, &json)
    json.key("accepts")
    accepted(difference.accepted, &json)
    json.key("costs")
    costs(difference, &json)
    json.endObject()
    return json.line
  }

  private static func nodes(_ nodes: ProgramDifference.NodeDifference, _ json: inout JSONWriter) {
    json.beginObject()
    json.key("removed")
    json.strings(nodes.removed)
    json.key("added")
    json.strings(nodes.added)
    json.key("changed")
    json.beginArray()
    for change in nodes.changed {
      json.beginObject()
      json.key("a")
      json.string(change.a)
      json.key("b")
      json.string(change.b)
      json.key("fields")
      json.strings(change.fields.map(\.rawValue))
      json.endObject()
    }
    json.endArray()
    json.key("moved")
    json.beginArray()
    for pair in nodes.moved { json.strings([pair.a, pair.b]) }
    json.endArray()
    json.key("renamed")
    pairs(nodes.renamed, &json)
    json.endObject()
  }

  private static func state(_ state: ProgramDifference.StateDifference, _ json: inout JSONWriter) {
    json.beginObject()
    for (key, names) in [
      ("changed", state.changed), ("kind_changed", state.kindChanged), ("removed", state.removed),
      ("added", state.added),
    ] {
      json.key(key)
      json.strings(names)
    }
    json.key("renamed")
    pairs(state.renamed, &json)
    json.endObject()
  }

  private static func accepted(_ accepted: ProgramDifference.AcceptedDifference, _ json: inout JSONWriter) {
    json.beginObject()
    json.key("relation")
    json.string(accepted.relation.rawValue)
    json.key("counterexample")
    if accepted.counterexample.isEmpty {
      json.null()
    } else {
      json.beginObject()
      for input in accepted.counterexample {
        json.key(input.input)
        if input.isInteger, let value = input.sizes.first {
          json.int(value)
        } else {
          json.beginArray()
          for size in input.sizes { json.int(size) }
          json.endArray()
        }
      }
      json.endObject()
    }
    json.key("proved")
    json.beginObject()
    json.key("a_takes_all_of_b")
    json.bool(accepted.isWithinA)
    json.key("b_takes_all_of_a")
    json.bool(accepted.isWithinB)
    json.endObject()
    if let reason = accepted.reason {
      json.key("reason")
      json.string(reason)
    }
    json.endObject()
  }

  private static func outputs(_ outputs: [ProgramDifference.OutputDifference], _ json: inout JSONWriter) {
    json.beginArray()
    for output in outputs {
      json.beginObject()
      json.key("place")
      json.int(output.place)
      for (key, text) in [("a", output.a), ("b", output.b)] {
        json.key(key)
        if let text { json.string(text) } else { json.null() }
      }
      json.endObject()
    }
    json.endArray()
  }

  private static func costs(_ difference: ProgramDifference, _ json: inout JSONWriter) {
    json.beginObject()
    for cost in difference.costs {
      json.key(cost.quantity.rawValue)
      json.beginObject()
      json.key("a")
      json.string(cost.formulas.a)
      json.key("b")
      json.string(cost.formulas.b)
      for (key, value) in [("a_value", cost.valueInA), ("b_value", cost.valueInB)] {
        json.key(key)
        if let value { json.int(value) } else { json.null() }
      }
      json.key("at")
      json.string(cost.sizes)
      json.endObject()
    }
    if let reason = difference.costsReason {
      json.key("reason")
      json.string(reason)
    }
    json.endObject()
  }

  private static func pairs(_ pairs: [ProgramDifference.Pair], _ json: inout JSONWriter) {
    json.beginObject()
    for pair in pairs {
      json.key(pair.a)
      json.string(pair.b)
    }
    json.endObject()
  }

  private static func bounds(_ bounds: ProgramDifference.Bounds, _ json: inout JSONWriter) {
    json.beginArray()
    for bound in [bounds.lower, bounds.upper] {
      if let bound { json.int(bound) } else { json.null() }
    }
    json.endArray()
  }
}
