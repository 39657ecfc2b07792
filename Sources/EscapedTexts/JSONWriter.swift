/// Writes JSON into a buffer, one token per call.
///
/// The caller is responsible for valid nesting.
package struct JSONWriter {
  /// How tokens are spaced, and what stands for numbers that JSON cannot represent.
  package enum Style: Sendable {
    /// Without spaces; `"nan"`, `"inf"`.
    case compact
    /// As Python's `json.dumps` spaces it; `"NaN"`, `"Infinity"`, as PyTorch writes them.
    case python
    /// Without spaces, inside an element of HTML: no tag begins in a string.
    case script
  }

  package private(set) var bytes: [UInt8] = []
  private let style: Style
  private var needsComma = false

  /// Creates a writer with room for `capacity` bytes.
  package init(style: Style = .compact, capacity: Int = 0) {
    self.style = style
    bytes.reserveCapacity(capacity)
  }

  /// The bytes, followed by a newline.
  package var line: [UInt8] { bytes + [UInt8(ascii: "\n")] }

  package mutating func beginObject() { open(UInt8(ascii: "{")) }
  package mutating func endObject() { close(UInt8(ascii: "}")) }
  package mutating func beginArray() { open(UInt8(ascii: "[")) }
  package mutating func endArray() { close(UInt8(ascii: "]")) }

  /// Writes a member's key; its value comes next.
  @_disfavoredOverload
  package mutating func key(_ name: String) {
    string(name)
    endKey()
  }

  /// Writes a member's key that stands in the source and needs no escapes; its value comes next.
  package mutating func key(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    endKey()
  }

  @inline(__always)
  private mutating func endKey() {
    bytes.append(UInt8(ascii: ":"))
    space()
    needsComma = false
  }

  package mutating func string(_ text: String) {
    separate()
    let start = bytes.count
    Escaped.json(text, to: &bytes)
    if style == .script { escapeTags(from: start) }
    needsComma = true
  }

  private mutating func escapeTags(from start: Int) {
    guard let first = bytes[start...].firstIndex(of: UInt8(ascii: "<")) else { return }
    let rest = Array(bytes[first...])
    bytes.removeSubrange(first...)
    for byte in rest {
      if byte == UInt8(ascii: "<") { bytes += "\\u003c".utf8 } else { bytes.append(byte) }
    }
  }

  /// Writes what stands before or after the value and is no part of it.
  package mutating func surroundings(_ text: some Sequence<UInt8>) { bytes.append(contentsOf: text) }

  /// Writes an array of strings.
  package mutating func strings(_ texts: [String]) {
    beginArray()
    for text in texts { string(text) }
    endArray()
  }

  package mutating func int(_ value: Int) {
    guard (0...9).contains(value) else { return literal("\(value)") }
    separate()
    bytes.append(UInt8(ascii: "0") + UInt8(value))
    needsComma = true
  }
  package mutating func bool(_ value: Bool) { literal(value ? "true" : "false") }
  package mutating func null() { literal("null") }

  /// Writes a number; one that JSON cannot represent becomes a string.
  package mutating func double(_ value: Double) {
    if value.isFinite { return literal("\(value)") }
    let (nan, infinity) = style == .python ? ("NaN", "Infinity") : ("nan", "inf")
    string(value.isNaN ? nan : value > 0 ? infinity : "-\(infinity)")
  }

  /// Writes a value that is already JSON.
  package mutating func verbatim(_ json: UnsafeRawBufferPointer) {
    separate()
    bytes.append(contentsOf: json)
    needsComma = true
  }

  /// Writes a value that is already JSON, such as that of another writer.
  package mutating func verbatim(_ json: [UInt8]) { json.withUnsafeBytes { verbatim($0) } }

  private mutating func literal(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
    needsComma = true
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  @inline(__always)
  private mutating func separate() {
    guard needsComma else { return }
    bytes.append(UInt8(ascii: ","))
    space()
  }

  @inline(__always)
  private mutating func space() {
    if style == .python { bytes.append(UInt8(ascii: " ")) }
  }
}
