import LibTorch
import SwiftFX

/// What a run did, as JSON.
enum RunJSON {
  static func bytes(_ run: ProgramRun) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("nodes")
    json.int(run.nodeCount)
    json.key("ran")
    json.int(run.ranCount)
    json.key("symbols")
    json.beginObject()
    for (name, value) in run.symbolValues {
      json.key(name)
      switch value {
      case .int(let number): json.int(number)
      case .float(let number): json.double(number)
      case .bool(let truth): json.bool(truth)
      }
    }
    json.endObject()
    json.key("mismatches")
    json.beginArray()
    for mismatch in run.mismatches {
      json.beginObject()
      json.key("node")
      json.string(mismatch.node)
      json.key("predicted")
      json.string(mismatch.predicted)
      json.key("real")
      json.string(mismatch.real)
      json.endObject()
    }
    json.endArray()
    json.key("unsupported")
    json.strings([])
    json.key("seconds")
    json.double(run.seconds)
    if let least = run.measured.first {
      json.key("repeated")
      json.beginObject()
      json.key("count")
      json.int(run.measured.count)
      json.key("least_seconds")
      json.double(least)
      json.key("median_seconds")
      json.double(run.measured[run.measured.count / 2])
      json.key("resident_bytes_before")
      json.int(run.memory.before)
      json.key("resident_bytes_after")
      json.int(run.memory.after)
      json.endObject()
    }
    json.endObject()
    return json.line
  }

  /// The answer for a program with operators that cannot be run.
  static func bytes(unsupported: [(target: String, reason: String)], _ loaded: LoadedProgram) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("nodes")
    json.int(loaded.exported.graphModule.graph.nodes.count)
    json.key("ran")
    json.int(0)
    json.key("symbols")
    json.beginObject()
    json.endObject()
    json.key("mismatches")
    json.strings([])
    json.key("unsupported")
    json.beginArray()
    for obstacle in unsupported {
      json.beginObject()
      json.key("target")
      json.string(obstacle.target)
      json.key("reason")
      json.string(obstacle.reason)
      json.endObject()
    }
    json.endArray()
    json.key("seconds")
    json.double(0)
    json.endObject()
    return json.line
  }

  /// A leaf that is no tensor as JSON text, with Python's words for numbers that JSON does not have.
  static func text(of leaf: PyTree<RealTensor>) -> String {
    switch leaf {
    case .constant(.none): return "null"
    case .constant(.bool(let value)): return value ? "true" : "false"
    case .constant(.int(let value)): return "\(value)"
    case .constant(.float(let value)):
      return value.isFinite ? "\(value)" : value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity"
    default: return Escaped.json(plainText(of: leaf))
    }
  }

  private static func plainText(of leaf: PyTree<RealTensor>) -> String {
    switch leaf {
    case .constant(.string(let text)): text
    case .constant(.dtype(let dtype)): "torch.\(dtype.name)"
    default: leaf.description
    }
  }
}
