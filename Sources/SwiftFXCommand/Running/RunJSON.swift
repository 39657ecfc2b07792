import LibTorch
import SwiftFX

/// What a run did, as JSON.
enum RunJSON {
  static func bytes(_ run: ProgramRun) -> [UInt8] {
    object(
      nodes: run.nodeCount, ran: run.ranCount, unsupported: [], run.finished, run.mismatches,
      run.symbolValues)
  }

  /// The answer for compiled code, which has no nodes.
  static func bytes(_ run: FinishedRun) -> [UInt8] { object(nodes: 0, ran: 0, unsupported: [], run) }

  /// The answer for a program with operators that cannot be run.
  static func bytes(unsupported: [(target: String, reason: String)], _ loaded: LoadedProgram) -> [UInt8] {
    let nodes = loaded.exported.graphModule.graph.nodes.count
    return object(nodes: nodes, ran: 0, unsupported: unsupported, FinishedRun())
  }

  private static func object(
    nodes: Int, ran: Int, unsupported: [(target: String, reason: String)], _ run: FinishedRun,
    _ mismatches: [PredictionCheck.Mismatch] = [], _ symbols: [(name: String, value: SymExpr.Number)] = []
  ) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("nodes")
    json.int(nodes)
    json.key("ran")
    json.int(ran)
    json.key("symbols")
    json.beginObject()
    for (name, value) in symbols {
      json.key(name)
      switch value {
      case .int(let number): json.int(number)
      case .float(let number): json.double(number)
      case .bool(let truth): json.bool(truth)
      }
    }
    json.endObject()
    json.key("mismatches")
    objects(mismatches.map { [("node", $0.node), ("predicted", $0.predicted), ("real", $0.real)] }, &json)
    json.key("unsupported")
    objects(unsupported.map { [("target", $0.target), ("reason", $0.reason)] }, &json)
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
      json.key("resident_bytes_peak")
      json.int(run.memory.peak)
      json.endObject()
    }
    json.endObject()
    return json.line
  }

  private static func objects(_ rows: [[(key: String, text: String)]], _ json: inout JSONWriter) {
    json.beginArray()
    for row in rows {
      json.beginObject()
      for (key, text) in row {
        json.key(key)
        json.string(text)
      }
      json.endObject()
    }
    json.endArray()
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
