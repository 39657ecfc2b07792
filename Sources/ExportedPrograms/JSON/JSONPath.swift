/// Finds the path of an offset in a JSON text, for error messages.
enum JSONPath {
  /// Returns the path from the root to the value at `offset`, such as `nodes[17].inputs[0].arg`.
  ///
  /// The text may be invalid from `offset` on; then the path leads to the first error.
  /// - Complexity: O(`offset`), by a second pass over the text.
  static func path(to offset: Int, in bytes: UnsafeBufferPointer<UInt8>, limits: ArchiveLimits) -> String {
    var scanner = JSONScanner(bytes, limits: limits)
    var steps: [Step] = []
    _ = try? descend(&scanner, offset, &steps)
    return steps.reduce(into: "") { path, step in
      switch step {
      case .key(let key): path += path.isEmpty ? key.text : ".\(key.text)"
      case .index(let index): path += "[\(index)]"
      }
    }
  }

  private enum Step {
    case key(JSONString)
    case index(Int)
  }

  /// Reads the next value; returns whether it contains `offset`.
  ///
  /// On failure, `steps` keeps the path reached so far.
  private static func descend(
    _ scanner: inout JSONScanner, _ offset: Int, _ steps: inout [Step]
  ) throws(JSONFailure) -> Bool {
    switch scanner.peek() {
    case UInt8(ascii: "{"):
      if scanner.offset >= offset { return true }
      try scanner.beginObject()
      while let key = try scanner.nextKey() {
        steps.append(.key(key))
        if try descend(&scanner, offset, &steps) { return true }
        steps.removeLast()
      }
    case UInt8(ascii: "["):
      if scanner.offset >= offset { return true }
      try scanner.beginArray()
      var index = 0
      while try scanner.nextElement() {
        steps.append(.index(index))
        if try descend(&scanner, offset, &steps) { return true }
        steps.removeLast()
        index += 1
      }
    default:
      try scanner.skipValue()
      return scanner.offset > offset
    }
    return scanner.offset > offset
  }
}
