import SwiftFX

/// The result of a propagation as one JSON object.
struct PropagationJSON {
  let loaded: LoadedProgram
  let result: Propagation
  let propagateSeconds: Double
  private let findings: Findings?
  var json = JSONWriter()
  /// The JSON of each symbolic size already written; most recur at many nodes.
  private var sizes: [SymInt: [UInt8]] = [:]

  /// What a run found that continued past every error.
  struct Findings {
    /// The error that would stop a run.
    let stop: PropagationError?
    let survey: ProgramSurvey?
  }

  private init(
    _ loaded: LoadedProgram, _ result: Propagation, propagateSeconds: Double, findings: Findings?
  ) {
    self.loaded = loaded
    self.result = result
    self.propagateSeconds = propagateSeconds
    self.findings = findings
  }

  var loadedEnvironment: LoggedEnvironment? { loaded.environment }
  private var shapes: ShapeEnv { loaded.program.shapes }
  private var graph: Graph { loaded.exported.graphModule.graph }

  /// The bytes of the object, followed by a newline; `archive` is given if there are several.
  static func bytes(
    _ loaded: LoadedProgram, _ result: Propagation, propagateSeconds: Double, naming archive: String? = nil,
    findings: Findings? = nil
  ) -> [UInt8] {
    var writer = PropagationJSON(loaded, result, propagateSeconds: propagateSeconds, findings: findings)
    writer.json.beginObject()
    if let archive {
      writer.json.key("archive")
      writer.json.string(archive)
    }
    writer.writeMembers()
    if let findings { writer.write(findings) }
    writer.json.endObject()
    return writer.json.line
  }

  /// The object that replaces what cannot be read; `archive` names one of several.
  static func bytes(
    unreadable archive: String?, because message: String, at position: TextPosition?
  ) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    if let archive {
      json.key("archive")
      json.string(archive)
    }
    json.key("error")
    json.beginObject()
    json.key("kind")
    json.string(position == nil ? "ArchiveError" : "TextError")
    json.key("node")
    json.null()
    json.key("message")
    json.string(message)
    if let position { json.members(of: position) }
    json.endObject()
    json.endObject()
    return json.line
  }

  private mutating func write(_ findings: Findings) {
    json.key("findings")
    json.findings(findings.survey?.findings ?? [])
    json.key("checks")
    json.strings(findings.survey?.checks.map(\.code) ?? [])
    json.key("remaining")
    json.strings(findings.survey?.remaining ?? [])
    json.key("skipped")
    json.strings(result.skipped.map { graph.name(of: $0) })
  }

  private mutating func writeMembers() {
    json.key("torch_version")
    json.string(loaded.exported.torchVersion)
    json.key("node_count")
    json.int(graph.nodes.count)
    if let text = loaded.text { write(text) }
    writeValues()
    writeBindings()
    writeFacts()
    if !result.trusted.isEmpty {
      json.key("trusted")
      json.beginArray()
      for node in result.trusted { json.string(graph.name(of: node)) }
      json.endArray()
    }
    json.key("timing")
    json.beginObject()
    json.key("load_s")
    json.double(loaded.loadSeconds)
    json.key("propagate_s")
    json.double(propagateSeconds)
    json.endObject()
    writeError()
  }

  private mutating func writeValues() {
    json.key("values")
    json.beginObject()
    // Copied once rather than for each node.
    let graph = self.graph
    for node in graph.nodes {
      guard let value = result.values[node] else { continue }
      json.key(graph.name(of: node))
      write(value)
    }
    json.endObject()
  }

  private mutating func writeBindings() {
    json.key("bindings")
    json.beginObject()
    var bindings = loaded.program.bindings()
    // A text without shapes names no symbols: those of the run are the program's.
    if loaded.text != nil {
      for fresh in result.fresh { bindings[fresh.node] = (bindings[fresh.node] ?? []) + fresh.bindings }
    }
    let graph = self.graph
    for node in graph.nodes {
      guard let found = bindings[node] else { continue }
      json.key(graph.name(of: node))
      json.beginObject()
      for binding in found {
        json.key(shapes.arena.name(of: binding.symbol))
        json.beginArray()
        for key in binding.path { json.string(shapes.pathText([key])) }
        json.endArray()
      }
      json.endObject()
    }
    json.endObject()
  }

  private mutating func writeFacts() {
    json.key("guards")
    json.beginArray()
    for taken in shapes.guards { json.string(shapes.text(raw: taken.expression)) }
    json.endArray()
    json.key("runtime_asserts")
    json.beginObject()
    var names: [String] = []
    var texts: [String: [String]] = [:]
    for (symbol, runtimeAssert) in shapes.runtimeAsserts {
      let name = symbol.map { shapes.arena.name(of: $0) } ?? "None"
      if texts[name] == nil { names.append(name) }
      texts[name, default: []].append(shapes.text(raw: runtimeAssert.expression))
    }
    for name in names {
      json.key(name)
      json.beginArray()
      for text in texts[name] ?? [] { json.string(text) }
      json.endArray()
    }
    json.endObject()
    writeRanges()
    json.key("replacements")
    json.beginObject()
    for (symbol, target) in shapes.replacements {
      json.key(shapes.arena.name(of: symbol))
      json.string(shapes.text(of: target))
    }
    json.endObject()
    json.key("renamed")
    json.beginArray()
    for (node, renaming) in result.renamings {
      json.beginObject()
      json.key("node")
      json.string(graph.name(of: node))
      json.key("from")
      json.string(shapes.arena.name(of: renaming.from))
      json.key("to")
      json.string(shapes.arena.name(of: renaming.to))
      json.endObject()
    }
    json.endArray()
  }

  private mutating func writeRanges() {
    json.key("ranges")
    json.beginObject()
    for symbol in shapes.symbols {
      json.key(shapes.arena.name(of: symbol))
      json.beginArray()
      switch loaded.declaredRange(ofExample: shapes.arena.name(of: symbol)) ?? shapes.range(of: symbol) {
      case .int(let range)?:
        if range.lower == .min { json.null() } else { json.int(range.lower) }
        if range.upper == .max { json.null() } else { json.int(range.upper) }
      case .float(let range)?:
        if range.lower.isFinite { json.double(range.lower) } else { json.null() }
        if range.upper.isFinite { json.double(range.upper) } else { json.null() }
      default:
        json.null()
        json.null()
      }
      json.endArray()
    }
    json.endObject()
  }

  private mutating func writeError() {
    json.key("error")
    guard let error = result.error ?? findings?.stop else { return json.null() }
    json.beginObject()
    json.key("kind")
    json.string(error.kindName)
    json.key("node")
    if let node = error.node { json.string(node) } else { json.null() }
    json.key("message")
    json.string(error.message)
    if let position = error.node.flatMap({ graph.node(named: $0) }).flatMap({
      loaded.text?.places[""]?.target(of: $0)
    }) {
      json.members(of: position)
    }
    if let conflict = error.conflict {
      json.key("conflict")
      json.conflict(conflict)
    }
    json.endObject()
  }

  // Values

  private mutating func write(_ value: FakeValue) {
    json.beginObject()
    json.key("kind")
    switch value {
    case .tensor(let tensor): write(tensor)
    case .symInt(let value):
      let resolved = shapes.resolve(value)
      if let constant = resolved.constant {
        scalar("int") { $0.int(constant) }
      } else {
        expression("symint", shapes.text(of: resolved))
      }
    case .symFloat(let value): expression("symfloat", shapes.text(of: value.expression))
    case .symBool(let value): expression("symbool", shapes.text(of: value.expression))
    case .float(let value): scalar("float") { $0.double(value) }
    case .bool(let value): scalar("bool") { $0.bool(value) }
    case .complex(let real, let imaginary): scalar("complex") { $0.string("(\(real)+\(imaginary)j)") }
    case .string(let text): scalar("str") { $0.string(text) }
    case .none: json.string("none")
    case .list(let items): write(items, kind: "list")
    case .tuple(let items): write(items, kind: "tuple")
    case .slice(let bounds): write(bounds, kind: "slice")
    case .sizes(let sizes): write(sizes.map { .symInt($0) }, kind: "list")
    case .dictionary(let entries):
      json.string("dict")
      json.key("items")
      json.beginObject()
      for entry in entries {
        json.key("\(entry.key)")
        write(entry.value)
      }
      json.endObject()
    case .submodule: json.string("submodule")
    case .dtype(let dtype): other("torch.\(dtype.name)")
    case .device(let device): other("\(device)")
    case .layout(let layout): other("torch.\(layout.name)")
    case .memoryFormat(let format): other("torch.\(format.name)")
    case .opaque(let text): other(text)
    }
    json.endObject()
  }

  private mutating func scalar(_ kind: String, _ body: (inout JSONWriter) -> Void) {
    json.string(kind)
    json.key("value")
    body(&json)
  }

  private mutating func expression(_ kind: String, _ text: String) {
    json.string(kind)
    json.key("expr")
    json.string(text)
  }

  private mutating func other(_ text: String) {
    json.string("other")
    json.key("repr")
    json.string(text)
  }

  private mutating func write(_ items: [FakeValue], kind: String) {
    json.string(kind)
    json.key("items")
    json.beginArray()
    for item in items { write(item) }
    json.endArray()
  }

  private mutating func write(_ tensor: FakeTensor) {
    json.string("tensor")
    json.key("dtype")
    json.string(tensor.dtype.name)
    json.key("sizes")
    write(tensor.sizes)
    if tensor.layout == .strided {
      json.key("strides")
      write(tensor.strides)
      json.key("storage_offset")
      write(tensor.storageOffset)
    }
    json.key("device")
    json.string("\(tensor.device)")
    json.key("layout")
    json.string(tensor.layout.name)
    json.key("requires_grad")
    json.bool(tensor.requiresGrad)
  }

  private mutating func write(_ sizes: Sizes) {
    json.beginArray()
    for size in sizes { write(size) }
    json.endArray()
  }

  private mutating func write(_ size: SymInt) {
    let resolved = shapes.resolve(size)
    if let constant = resolved.constant { return json.int(constant) }
    if let known = sizes[resolved] { return json.verbatim(known) }
    var object = JSONWriter()
    object.beginObject()
    object.key("expr")
    object.string(shapes.text(of: resolved))
    object.endObject()
    sizes[resolved] = object.bytes
    json.verbatim(object.bytes)
  }
}
