import SwiftFX

/// What the JSON of a graph of a text has besides that of an archive.
extension PropagationJSON {
  /// Writes where the graph is, its nodes as the text has them, and its inputs.
  mutating func write(_ text: TextProgram) {
    let graph = text.exported.graphModule.graph
    if let title = text.title {
      json.key("title")
      json.string(title)
    }
    if let compileID = text.compileID {
      json.key("compile_id")
      json.string(compileID)
    }
    json.key("line")
    json.int(text.position.line)
    json.key("nodes")
    json.beginArray()
    for node in graph.nodes {
      json.strings([graph.name(of: node), graph.op(of: node).name, graph.target(of: node).text])
    }
    json.endArray()
    json.key("placeholders")
    json.beginArray()
    for spec in text.exported.signature.inputSpecs {
      json.beginObject()
      json.key("name")
      json.string(spec.argument.name ?? "")
      json.key("kind")
      json.string(spec.kind.jsonName)
      json.key("target")
      if let target = spec.target { json.string(target) } else { json.null() }
      json.endObject()
    }
    json.endArray()
    json.key("hints")
    json.beginObject()
    let expressions = text.exported.expressions
    for id in expressions.ids {
      guard case .int(let hint)? = expressions.hint(of: id) else { continue }
      json.key(expressions.text(of: id))
      json.int(hint)
    }
    json.endObject()
    if let environment = loadedEnvironment {
      json.key("symbols")
      json.symbols(environment)
    }
  }

  /// One object for a text with another number of graphs than one.
  static func bytes(
    graphs: [[UInt8]], _ environments: [LoggedEnvironment], naming archive: String?
  ) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    if let archive {
      json.key("archive")
      json.string(archive)
    }
    json.key("graphs")
    json.beginArray()
    // Each ends in a line break.
    for graph in graphs { json.verbatim(Array(graph.dropLast())) }
    json.endArray()
    json.key("compilations")
    json.beginArray()
    for environment in environments {
      json.beginObject()
      json.key("compile_id")
      json.string(environment.compileID)
      json.key("symbols")
      json.symbols(environment)
      json.key("replacements")
      json.beginObject()
      for (symbol, value) in environment.replacements {
        json.key(symbol)
        json.string(value)
      }
      json.endObject()
      json.key("guards")
      json.strings(environment.guards.map(\.expression))
      json.key("runtime_asserts")
      json.strings(environment.runtimeAsserts.map(\.expression))
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.line
  }
}

extension JSONWriter {
  /// Writes `"line"` and `"column"`.
  mutating func members(of position: TextPosition) {
    key("line")
    int(position.line)
    key("column")
    int(position.column)
  }

  /// Writes the symbols of a log by name.
  mutating func symbols(_ environment: LoggedEnvironment) {
    beginObject()
    for symbol in environment.symbols {
      key(symbol.name)
      beginObject()
      key("range")
      beginArray()
      if let lower = symbol.lower { int(lower) } else { null() }
      if let upper = symbol.upper { int(upper) } else { null() }
      endArray()
      if let hint = symbol.hint {
        key("hint")
        int(hint)
      }
      if let source = symbol.source {
        key("source")
        string(source)
      }
      if let origin = symbol.origin {
        key("origin")
        string(origin)
      }
      endObject()
    }
    endObject()
  }
}

extension InputSpec.Kind {
  /// The name that the goldens of archives have.
  fileprivate var jsonName: String {
    switch self {
    case .userInput: "user_input"
    case .parameter: "param"
    case .buffer: "buffer"
    case .constantTensor: "constant"
    case .customObject: "custom_obj"
    case .token: "token"
    case .unknown(let name): name
    }
  }
}
