import EscapedTexts
import TensorVocabulary
import ZipArchives

/// The forms that PyTorch's schema of programs uses again and again.
extension JSONWriter {
  mutating func object<Failure>(_ body: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
    beginObject()
    try body(&self)
    endObject()
  }

  mutating func array<Failure>(_ body: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
    beginArray()
    try body(&self)
    endArray()
  }

  /// Writes `{"tag": value}`.
  mutating func union<Failure>(
    _ tag: StaticString, _ value: (inout JSONWriter) throws(Failure) -> Void
  ) throws(Failure) {
    beginObject()
    key(tag)
    try value(&self)
    endObject()
  }

  /// Writes `{"tag": value}` with a tag that is not in the source.
  @_disfavoredOverload
  mutating func union<Failure>(
    _ tag: String, _ value: (inout JSONWriter) throws(Failure) -> Void
  ) throws(Failure) {
    beginObject()
    key(tag)
    try value(&self)
    endObject()
  }

  /// Writes `{"tag": {"name": "…"}}`, such as a tensor among arguments.
  mutating func named(_ tag: StaticString, _ name: String) {
    beginObject()
    key(tag)
    self.name(name)
    endObject()
  }

  /// Writes `{"name": "…"}`.
  mutating func name(_ name: String) { object(with: "name", name) }

  /// Writes `{"tag": {"as_name": "…"}}`, a symbolic number among arguments.
  mutating func symbolic(_ tag: StaticString, _ name: String) {
    beginObject()
    key(tag)
    symbolicName(name)
    endObject()
  }

  /// Writes `{"as_name": "…"}`.
  mutating func symbolicName(_ name: String) { object(with: "as_name", name) }

  /// Writes `{"key": "…"}`.
  private mutating func object(with key: StaticString, _ text: String) {
    beginObject()
    self.key(key)
    string(text)
    endObject()
  }

  /// Writes `{"as_custom_obj": {"name": "…", "class_fqn": "…"}}`.
  mutating func customObject(named name: String, _ className: String) {
    beginObject()
    key("as_custom_obj")
    object(named: name, ofClass: className)
    endObject()
  }

  /// Writes `{"name": "…", "class_fqn": "…"}`.
  mutating func object(named name: String, ofClass className: String) {
    beginObject()
    key("name")
    string(name)
    key("class_fqn")
    string(className)
    endObject()
  }

  /// Writes `{"type": "cuda", "index": 0}`.
  mutating func device(_ device: Device) {
    beginObject()
    key("type")
    string(device.type.name)
    key("index")
    if let index = device.index { int(Int(index)) } else { null() }
    endObject()
  }

  /// Writes JSON that is a text already.
  mutating func verbatim(_ text: String) { verbatim(Array(text.utf8)) }

  /// Copies a value of another text.
  mutating func copy(_ place: Range<Int>, of text: JSONText) {
    guard let value = text.bytes.slice(place) else { preconditionFailure("\(place) is not in the text") }
    value.withUnsafeBytes { verbatim($0) }
  }
}
