import EscapedTexts
import TensorVocabulary
import ZipArchives

/// Writes JSON as Python's `json.dumps` spaces it, one call a token.
///
/// The caller is asked for valid nesting only.
struct JSONOutput {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  mutating func object<Failure>(_ body: (inout JSONOutput) throws(Failure) -> Void) throws(Failure) {
    open(UInt8(ascii: "{"))
    try body(&self)
    close(UInt8(ascii: "}"))
  }

  mutating func array<Failure>(_ body: (inout JSONOutput) throws(Failure) -> Void) throws(Failure) {
    open(UInt8(ascii: "["))
    try body(&self)
    close(UInt8(ascii: "]"))
  }

  /// Writes `{"tag": value}`.
  mutating func union<Failure>(
    _ tag: String, _ value: (inout JSONOutput) throws(Failure) -> Void
  ) throws(Failure) {
    open(UInt8(ascii: "{"))
    key(tag)
    try value(&self)
    close(UInt8(ascii: "}"))
  }

  /// Writes `{"tag": {"name": "…"}}`, such as a tensor among arguments.
  mutating func named(_ tag: String, _ name: String) {
    open(UInt8(ascii: "{"))
    key(tag)
    self.name(name)
    close(UInt8(ascii: "}"))
  }

  /// Writes `{"name": "…"}`.
  mutating func name(_ name: String) {
    open(UInt8(ascii: "{"))
    key("name")
    string(name)
    close(UInt8(ascii: "}"))
  }

  /// Writes `{"tag": {"as_name": "…"}}`, a symbolic number among arguments.
  mutating func symbolic(_ tag: String, _ name: String) {
    open(UInt8(ascii: "{"))
    key(tag)
    symbolicName(name)
    close(UInt8(ascii: "}"))
  }

  /// Writes `{"as_name": "…"}`.
  mutating func symbolicName(_ name: String) {
    open(UInt8(ascii: "{"))
    key("as_name")
    string(name)
    close(UInt8(ascii: "}"))
  }

  /// Writes `{"as_custom_obj": {"name": "…", "class_fqn": "…"}}`.
  mutating func customObject(named name: String, _ className: String) {
    open(UInt8(ascii: "{"))
    key("as_custom_obj")
    object(named: name, ofClass: className)
    close(UInt8(ascii: "}"))
  }

  /// Writes `{"name": "…", "class_fqn": "…"}`.
  mutating func object(named name: String, ofClass className: String) {
    open(UInt8(ascii: "{"))
    key("name")
    string(name)
    key("class_fqn")
    string(className)
    close(UInt8(ascii: "}"))
  }

  /// Writes a member's name; its value comes next.
  mutating func key(_ name: String) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(UInt8(ascii: " "))
    needsComma = false
  }

  mutating func string(_ text: String) {
    separate()
    Escaped.json(text, to: &bytes)
    needsComma = true
  }

  mutating func int(_ value: Int) { literal("\(value)") }
  mutating func bool(_ value: Bool) { literal(value ? "true" : "false") }
  mutating func null() { literal("null") }

  /// Writes a number, or the string that PyTorch writes for one that JSON cannot spell.
  mutating func double(_ value: Double) {
    if value.isFinite {
      literal("\(value)")
    } else {
      string(value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity")
    }
  }

  /// Writes JSON that is a text already.
  mutating func verbatim(_ text: String) { literal(text) }

  /// Writes JSON that another output has.
  mutating func verbatim(_ other: JSONOutput) {
    separate()
    bytes += other.bytes
    needsComma = true
  }

  /// Copies a value of another text.
  mutating func copy(_ place: Range<Int>, of text: JSONText) {
    guard let value = text.bytes.slice(place) else { preconditionFailure("\(place) is not in the text") }
    separate()
    value.withUnsafeBytes { bytes.append(contentsOf: $0) }
    needsComma = true
  }

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

  private mutating func separate() {
    if needsComma { bytes += [UInt8(ascii: ","), UInt8(ascii: " ")] }
  }
}

extension JSONOutput {
  /// Writes `{"type": "cuda", "index": 0}`.
  mutating func device(_ device: Device) {
    open(UInt8(ascii: "{"))
    key("type")
    string(device.type.name)
    key("index")
    if let index = device.index { int(Int(index)) } else { null() }
    close(UInt8(ascii: "}"))
  }
}
