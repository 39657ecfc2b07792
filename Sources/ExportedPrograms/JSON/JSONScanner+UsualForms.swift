/// Fast paths for the most frequent forms in a program, spelled exactly as Python's `json.dumps` does.
///
/// Each either reads the whole value, or leaves the cursor in place for the general path. A recorded shape takes a
/// third of the instructions.
extension JSONScanner {
  /// Advances past `literal` if it comes next.
  @inline(__always)
  mutating func consume(_ literal: StaticString) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard end - cursor >= count else { return false }
    // Bound: both have `count` bytes. The optimizer turns those of `literal` into constants.
    let (text, given) = (UnsafeRawPointer(cursor), UnsafeRawPointer(literal.utf8Start))
    let isNext =
      switch count {
      case 8...: Self.isSame(text, given, count, UInt64.self)
      case 4...: Self.isSame(text, given, count, UInt32.self)
      case 2...: Self.isSame(text, given, count, UInt16.self)
      default: Self.isSame(text, given, count, UInt8.self)
      }
    if isNext { cursor += count }
    return isNext
  }

  /// Whether both begin with the same `count` bytes; `count` is at least the size of a `Word`.
  ///
  /// The last words overlap with the ones before.
  @inline(__always)
  private static func isSame<Word: FixedWidthInteger & BitwiseCopyable>(
    _ text: UnsafeRawPointer, _ given: UnsafeRawPointer, _ count: Int, _: Word.Type
  ) -> Bool {
    let size = MemoryLayout<Word>.size
    func isSame(at offset: Int) -> Bool {
      text.loadUnaligned(fromByteOffset: offset, as: Word.self)
        == given.loadUnaligned(fromByteOffset: offset, as: Word.self)
    }
    var offset = 0
    while offset + size < count {
      guard isSame(at: offset) else { return false }
      offset += size
    }
    return isSame(at: count - size)
  }

  /// Reads `, "key": `, or `"key": ` if no comma is due.
  @inline(__always)
  mutating func usualKey() -> JSONString? {
    let start = cursor
    if isFresh || consume(", "), consume("\""), let key = usualText(), consume(": ") {
      isFresh = false
      return key
    }
    cursor = start
    return nil
  }

  /// Advances past `, ` when an element follows that is not the first.
  @inline(__always)
  mutating func usualElement() -> Bool {
    guard !isFresh, end - cursor >= 3, cursor[0] == UInt8(ascii: ","), cursor[1] == UInt8(ascii: " "),
      cursor[2] > UInt8(ascii: " "), cursor[2] != UInt8(ascii: "]")
    else { return false }
    cursor += 2
    return true
  }

  /// Opens an object if it begins with `literal`: a brace, the first key and a colon.
  @inline(__always)
  mutating func opens(_ literal: StaticString) -> Bool {
    guard depth < limits.jsonDepth, consume(literal) else { return false }
    depth += 1
    isFresh = false
    return true
  }

  /// Closes the innermost object if it ends with `literal`: the rest of its members, and the brace.
  @inline(__always)
  mutating func closes(_ literal: StaticString) -> Bool {
    guard consume(literal) else { return false }
    depth -= 1
    return true
  }

  /// Reads `{"as_int": 12}`.
  @inline(__always)
  mutating func usualInt() -> Int? {
    let start = cursor
    if consume("{\"as_int\": "), let value = usualDigits(), consume("}") { return value }
    cursor = start
    return nil
  }

  /// Reads `{"as_expr": {"expr_str": "…", "hint": {"as_int": 8}}}`, in which the hint may be `null`.
  @inline(__always)
  mutating func usualExpression() -> (text: JSONString, hint: Int?)? {
    let start = cursor
    if consume("{\"as_expr\": {\"expr_str\": \""), let text = usualText(), consume(", \"hint\": ") {
      if consume("null}}") { return (text, nil) }
      if let hint = usualInt(), consume("}}") { return (text, hint) }
    }
    cursor = start
    return nil
  }

  /// Reads `{"as_tensor": {"name": "…"}}`.
  @inline(__always)
  mutating func usualTensor() -> JSONString? {
    let start = cursor
    if consume("{\"as_tensor\": {\"name\": \""), let name = usualText(), consume("}}") { return name }
    cursor = start
    return nil
  }

  /// Reads digits that cannot overflow.
  @inline(__always)
  private mutating func usualDigits() -> Int? {
    var value = 0
    return takeDigits(into: &value) > 0 ? value : nil
  }

  /// Reads the rest of a short string without escapes, and its closing quote.
  @inline(__always)
  private mutating func usualText() -> JSONString? {
    let first = cursor
    let stop = nextQuoteOrBackslash()
    guard stop != end, stop.pointee == UInt8(ascii: "\""), stop - first <= 4_096 else { return nil }
    cursor = stop + 1
    return JSONString(start: first, count: stop - first, hasEscapes: false)
  }
}
