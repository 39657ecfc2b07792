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
    json.key("asserts")
    json.beginObject()
    json.key("removed")
    json.strings(difference.removedAsserts)
    json.key("added")
    json.strings(difference.addedAsserts)
    json.endObject()
    json.key("state")
    state(difference.state, &json)
    json.key("inputs")
    json.beginObject()
    json.key("renamed")
    pairs(difference.renamedInputs, &json)
    json.endObject()
    json.key("accepts")
    accepted(difference.accepted, &json)
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
    if let reason = accepted.reason {
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
