import EscapedTexts
import ShapePropagation

/// One line of the page: a text, why it holds, and the node and source line behind it.
struct PageFact {
  let label: String
  let text: String
  let because: String
  let place: Provenance?

  init(_ label: String, _ text: String, because: String = "", at place: Provenance?) {
    self.label = label
    self.text = text
    self.because = because
    self.place = place
  }

  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("label", label)
    json.member("text", text)
    json.member("because", because)
    json.member("node", place?.qualifiedName ?? "")
    json.member("source", place?.place ?? "")
    json.endObject()
  }
}

extension JSONWriter {
  /// Writes a member whose value is a text.
  mutating func member(_ name: String, _ text: String) {
    key(name)
    string(text)
  }
}
