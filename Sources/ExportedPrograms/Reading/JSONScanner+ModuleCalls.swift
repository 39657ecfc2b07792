import FX

extension JSONScanner {
  /// Reads the list of `{fqn, signature}`.
  mutating func moduleCallGraph(_ fields: [String: [String]]) throws(JSONFailure) -> [ModuleCallEntry] {
    var entries: [ModuleCallEntry] = []
    try beginArray()
    while try nextElement() { entries.append(try moduleCallEntry(fields)) }
    return entries
  }

  private mutating func moduleCallEntry(_ fields: [String: [String]]) throws(JSONFailure) -> ModuleCallEntry {
    var path: String?
    var signature: ModuleCallSignature?
    try beginObject()
    while let key = try nextKey() {
      switch key {
      case "fqn": path = try string().text
      case "signature": signature = null() ? nil : try moduleCallSignature(fields)
      default: try skipValue()
      }
    }
    guard let path else { throw missing("fqn") }
    return ModuleCallEntry(path: path, signature: signature)
  }

  private mutating func moduleCallSignature(
    _ fields: [String: [String]]
  ) throws(JSONFailure) -> ModuleCallSignature {
    var inputs: [ArgumentSpec] = []
    var outputs: [ArgumentSpec] = []
    var inSpec: ArchivedTreeSpec?
    var outSpec: ArchivedTreeSpec?
    var names: [String] = []
    try beginObject()
    while let key = try nextKey() {
      switch key {
      case "inputs": inputs = try argumentSpecs()
      case "outputs": outputs = try argumentSpecs()
      case "in_spec": inSpec = try treeSpec(fields)
      case "out_spec": outSpec = try treeSpec(fields)
      case "forward_arg_names": names = null() ? [] : try strings()
      default: try skipValue()
      }
    }
    guard let inSpec else { throw missing("in_spec") }
    guard let outSpec else { throw missing("out_spec") }
    return ModuleCallSignature(
      inputs: inputs, outputs: outputs, inSpec: inSpec, outSpec: outSpec, forwardArgumentNames: names)
  }

  private mutating func argumentSpecs() throws(JSONFailure) -> [ArgumentSpec] {
    var specs: [ArgumentSpec] = []
    try beginArray()
    while try nextElement() { specs.append(try argumentSpec()) }
    return specs
  }

  /// Reads a treespec, which is JSON text inside a JSON string.
  private mutating func treeSpec(_ fields: [String: [String]]) throws(JSONFailure) -> ArchivedTreeSpec {
    let string = try string()
    let text = string.text
    var limits = self.limits
    // Each level of the spec is an array and an object, inside one outer array.
    limits.jsonDepth = 2 * min(limits.treeSpecDepth, 10_000) + 1
    let bytes = Array(text.utf8)
    let inner = limits
    do throws(JSONFailure) {
      let spec = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONFailure) in
        var reader = TreeSpecReader(JSONScanner(buffer, limits: inner), fields)
        return try reader.document()
      }
      return ArchivedTreeSpec(text: text, spec: spec)
    } catch {
      // An offset in the decoded text means nothing in the entry, so the error points to the string.
      throw failure(error.kind, at: string)
    }
  }
}
