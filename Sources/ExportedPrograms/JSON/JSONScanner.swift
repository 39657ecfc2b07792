/// A pull parser for JSON: reads the bytes once, front to back; the caller asks for what must come next.
///
/// ```swift
/// try scanner.beginObject()
/// while let key = try scanner.nextKey() {
///   switch key {
///   case "name": name = try scanner.string()
///   default: try scanner.skipValue()
///   }
/// }
/// ```
///
/// Strings are slices of the input and are decoded on request. An error is a ``JSONFailure``: an offset and a
/// reason. A second pass finds its path, so the first need not track it.
///
/// The bytes must outlive the scanner and its slices. Every load is guarded by a comparison of `cursor`
/// with `end`, which bounds all pointer arithmetic here.
struct JSONScanner {
  let start: UnsafePointer<UInt8>
  let end: UnsafePointer<UInt8>
  let limits: ArchiveLimits
  var cursor: UnsafePointer<UInt8>
  /// The number of open objects and arrays.
  var depth = 0
  /// Whether the innermost open object or array is still empty, so that no comma is due.
  var isFresh = false

  init(_ bytes: UnsafeBufferPointer<UInt8>, limits: ArchiveLimits = .default) {
    // An empty buffer may have no address; then `start` equals `end`, and nothing is loaded.
    start = bytes.baseAddress ?? UnsafePointer(bitPattern: 1).unsafelyUnwrapped
    end = start + bytes.count
    cursor = start
    self.limits = limits
  }

  /// The number of bytes read.
  var offset: Int { cursor - start }

  /// The next byte that is not white space, or zero at the end of the text.
  @inline(__always)
  mutating func peek() -> UInt8 {
    while cursor != end {
      let byte = cursor.pointee
      if byte > 0x20 { return byte }
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      cursor += 1
    }
    return 0
  }

  @inline(__always)
  mutating func beginObject() throws(JSONFailure) {
    try open(UInt8(ascii: "{"), "an object")
  }

  @inline(__always)
  mutating func beginArray() throws(JSONFailure) {
    try open(UInt8(ascii: "["), "an array")
  }

  /// Advances to the value of the next member and returns its key, or closes the object and returns `nil`.
  mutating func nextKey() throws(JSONFailure) -> JSONString? {
    if let key = usualKey() { return key }
    guard try nextMember(UInt8(ascii: "}"), "',' or '}'") else { return nil }
    let key = try string()
    guard peek() == UInt8(ascii: ":") else { throw unexpected("':'") }
    cursor += 1
    return key
  }

  /// Advances to the next element, or closes the array and returns `false`.
  @inline(__always)
  mutating func nextElement() throws(JSONFailure) -> Bool {
    if usualElement() { return true }
    return try nextMember(UInt8(ascii: "]"), "',' or ']'")
  }

  @inline(__always)
  private mutating func open(_ bracket: UInt8, _ expected: StaticString) throws(JSONFailure) {
    guard peek() == bracket else { throw unexpected(expected) }
    guard depth < limits.jsonDepth else {
      throw failure(.limitExceeded(what: "levels of JSON", limit: limits.jsonDepth))
    }
    cursor += 1
    depth += 1
    isFresh = true
  }

  @inline(__always)
  private mutating func nextMember(_ bracket: UInt8, _ expected: StaticString) throws(JSONFailure) -> Bool {
    let byte = peek()
    if byte == bracket, cursor != end {
      cursor += 1
      depth -= 1
      isFresh = false
      return false
    }
    if !isFresh {
      guard byte == UInt8(ascii: ",") else { throw unexpected(expected) }
      cursor += 1
      // A bracket after a comma is an error.
      guard peek() != bracket else { throw unexpected("a value") }
    }
    isFresh = false
    return true
  }

  /// Checks that only white space is left.
  mutating func finish() throws(JSONFailure) {
    _ = peek()
    guard cursor == end else { throw unexpected("the end of the text") }
  }
}
