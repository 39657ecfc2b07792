import SwiftFX

/// What `swiftfx explain` says about a subject: sections of facts, printed as text or as JSON.
struct Explanation {
  /// One fact, with its reason and the node that caused it.
  struct Entry {
    var text: String
    var because = ""
    var place: Provenance?
    /// The facts it rests on.
    var notes: [Entry] = []

    init(_ text: String, because: String = "", place: Provenance? = nil, notes: [Entry] = []) {
      self.text = text
      self.because = because
      self.place = place
      self.notes = notes
    }

    init(_ fact: ExplainedFact) { self.init(fact.text, because: fact.because, place: fact.provenance) }
  }

  /// Facts of one kind under a label.
  struct Section {
    let label: String
    let entries: [Entry]
  }

  /// What is explained: `symbol`, `node`, `expression` or `program`.
  let kind: String
  /// Its name or text.
  let subject: String
  /// What it is, in a few words.
  let title: String
  private(set) var sections: [Section] = []

  init(_ kind: String, _ subject: String, title: String) {
    self.kind = kind
    self.subject = subject
    self.title = title
  }

  /// Adds a section, unless it has no facts.
  mutating func add(_ label: String, _ entries: [Entry]) {
    if !entries.isEmpty { sections.append(Section(label: label, entries: entries)) }
  }

  mutating func add(_ label: String, _ entry: Entry) { add(label, [entry]) }
}

/// An explanation as text.
struct ExplanationText {
  let explanation: Explanation
  let showsAll: Bool

  /// How many facts of a section are shown without `--all`.
  private static let shown = 8
  private let columns = LineWidth.ofOutput ?? LineWidth.usual
  /// Whether everything is shown: on request, and in a file or a pipe.
  private var showsEverything: Bool { showsAll || LineWidth.ofOutput == nil }
  private static let labelWidth = 12

  var text: String {
    // Each source line is shown only once, at its first use.
    var shownFrames: Set<StackFrame> = []
    var lines = [fitted("\(explanation.subject)   \(explanation.title)"), ""]
    for section in explanation.sections {
      let entries = showsEverything ? section.entries : Array(section.entries.prefix(Self.shown))
      for (position, entry) in entries.enumerated() {
        lines += self.lines(entry, label: position == 0 ? section.label : "", indent: 0, &shownFrames)
      }
      let hidden = section.entries.count - entries.count
      if hidden > 0 { lines.append(beside("", "… \(hidden) more, --all shows them")) }
    }
    return lines.map(Escaped.line).joined(separator: "\n")
  }

  /// The fact, with its reason and place beside it if they fit, otherwise below it.
  private func lines(
    _ entry: Explanation.Entry, label: String, indent: Int, _ shownFrames: inout Set<StackFrame>
  ) -> [String] {
    let space = String(repeating: " ", count: indent)
    var rest = [entry.because, entry.place?.shortText ?? ""].filter { !$0.isEmpty }
    var line = beside(label, space + entry.text)
    var lines: [String] = []
    while let next = rest.first {
      if line.count + 3 + next.count <= columns {
        line += "   " + next
      } else {
        lines.append(line)
        line = beside("", space + "  " + next)
      }
      rest.removeFirst()
    }
    lines.append(line)
    if let frame = entry.place?.frame, !frame.code.isEmpty, shownFrames.insert(frame).inserted {
      lines.append(beside("", space + "  " + frame.code))
    }
    lines = lines.map(fitted)
    for note in entry.notes { lines += self.lines(note, label: "", indent: indent + 2, &shownFrames) }
    return lines
  }

  private func beside(_ label: String, _ text: String) -> String {
    "  " + label + String(repeating: " ", count: max(1, Self.labelWidth - label.count)) + text
  }

  private func fitted(_ line: String) -> String { showsAll ? line : LineWidth.fitted(line) }
}

extension Explanation {
  /// The explanation as one JSON object, with every fact of every section.
  var json: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("kind")
    json.string(kind)
    json.key("subject")
    json.string(subject)
    json.key("title")
    json.string(title)
    json.key("sections")
    json.beginObject()
    for section in sections {
      json.key(section.label)
      json.beginArray()
      for entry in section.entries { entry.write(to: &json) }
      json.endArray()
    }
    json.endObject()
    json.endObject()
    return json.line
  }
}

extension Explanation.Entry {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.key("text")
    json.string(text)
    if !because.isEmpty {
      json.key("because")
      json.string(because)
    }
    if let place {
      json.key("place")
      json.provenance(place)
    }
    if !notes.isEmpty {
      json.key("notes")
      json.beginArray()
      for note in notes { note.write(to: &json) }
      json.endArray()
    }
    json.endObject()
  }
}

extension JSONWriter {
  /// Writes a node with the author's source line.
  mutating func provenance(_ place: Provenance) {
    beginObject()
    key("node")
    string(place.nodeName)
    key("module")
    string(place.modulePath)
    key("operator")
    string(place.operatorName)
    if let frame = place.frame {
      key("source")
      beginObject()
      key("file")
      string(frame.file)
      key("line")
      int(frame.line)
      key("function")
      string(frame.function)
      key("code")
      string(frame.code)
      endObject()
    }
    endObject()
  }
}
