import FX
import TensorVocabulary

/// Reads PyTorch's JSON text of a treespec.
///
/// ```json
/// [1, {"type": "builtins.tuple", "context": "null", "children_spec": [
///       {"type": "builtins.dict", "context": "[\"a\"]", "children_spec": [
///         {"type": null, "context": null, "children_spec": []}]}]}]
/// ```
///
/// An unknown class becomes a custom container: its children are read, its context stays text, and no code
/// is looked up or run.
///
/// - Source: `treespec_dumps`, `torch/utils/_pytree.py`, v2.13.
struct TreeSpecReader {
  private var scanner: JSONScanner
  /// The fields of named tuples by class, from the program's metadata.
  private let fields: [String: [String]]
  private var leafCount = 0

  init(_ scanner: JSONScanner, _ fields: [String: [String]]) {
    self.scanner = scanner
    self.fields = fields
  }

  /// Reads `[1, spec]`.
  mutating func document() throws(JSONFailure) -> TreeSpec {
    try scanner.beginArray()
    guard try scanner.nextElement(), try scanner.integer() == 1, try scanner.nextElement() else {
      throw scanner.unexpected("a treespec of version 1")
    }
    let spec = try node()
    guard try !scanner.nextElement() else { throw scanner.unexpected("the end of the treespec") }
    try scanner.finish()
    return spec
  }

  private mutating func node() throws(JSONFailure) -> TreeSpec {
    var type: String?
    var context = ""
    var children: [TreeSpec] = []
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      switch key {
      case "type":
        type = scanner.null() ? nil : try scanner.string().text
      case "context":
        // Usually JSON in a string; an object for default dictionaries; anything for registered classes.
        context = scanner.peek() == UInt8(ascii: "\"") ? try scanner.string().text : try scanner.raw().text
      case "children_spec":
        try scanner.beginArray()
        while try scanner.nextElement() { children.append(try node()) }
      default: try scanner.skipValue()
      }
    }
    guard let type else {
      leafCount += 1
      guard leafCount <= scanner.limits.treeSpecLeaves else {
        throw scanner.failure(
          .limitExceeded(what: "leaves of a treespec", limit: scanner.limits.treeSpecLeaves))
      }
      return .leaf
    }
    return TreeSpec(kind(type, context, children.count), children)
  }

  private func kind(_ type: String, _ context: String, _ count: Int) -> TreeSpec.Kind {
    switch type {
    case "builtins.tuple": return .tuple
    case "builtins.list": return .list
    case "builtins.dict":
      if let keys = Self.keys(context), keys.count == count { return .dict(keys: keys) }
    case "collections.namedtuple":
      let name = context.hasPrefix("\"") ? String(context.dropFirst().dropLast()) : context
      return .namedTuple(type: name, fields: fields[name] ?? [])
    default: break
    }
    return .custom(type: type, context: context)
  }

  /// The keys in the JSON list `context`; a key that is neither a string nor an integer is spelled as in JSON.
  private static func keys(_ context: String) -> [DictionaryKey]? {
    let bytes = Array(context.utf8)
    return bytes.withUnsafeBufferPointer { buffer in
      var scanner = JSONScanner(buffer)
      var keys: [DictionaryKey] = []
      do throws(JSONFailure) {
        try scanner.beginArray()
        while try scanner.nextElement() {
          if scanner.peek() == UInt8(ascii: "\"") {
            keys.append(.string(try scanner.string().text))
          } else {
            let text = try scanner.raw().text
            keys.append(Int(text).map { .int($0) } ?? .string(text))
          }
        }
        return keys
      } catch {
        return nil
      }
    }
  }
}
