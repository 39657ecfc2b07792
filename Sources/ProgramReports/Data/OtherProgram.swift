import EscapedTexts
import ExportedPrograms
import FX
import ProgramComparison
import ShapePropagation

/// The program that a page shows beside its own, and what differs.
struct OtherProgram {
  let name: String
  let exported: ExportedProgram
  let program: FakeProgram
  let difference: ProgramDifference

  /// - Throws: ``PropagationError`` or ``ArchiveError`` if an expression or a list of weights cannot be read.
  init(_ exported: ExportedProgram, name: String, comparedWith a: ExportedProgram) throws {
    self.name = name
    self.exported = exported
    program = try FakeProgram(exported)
    difference = try ProgramDifference(a, exported, costs: .ofDifferentGraphs)
  }
}

extension ReportedProgram {
  /// The nodes of this program, and of the other one if there is one, which stand after them.
  var sides: (a: NodeData, b: NodeData?) {
    let nodes = against?.difference.nodes
    let changed = nodes?.changed ?? []
    let a = NodeData(
      exported: exported, program: program, values: values,
      marks: NodeData.marks(changed: changed.map(\.a), alone: nodes?.removed ?? [], .removed),
      firstNode: 0, firstGraph: 0)
    let b = against.map { other in
      NodeData(
        exported: other.exported, program: other.program, values: [:],
        marks: NodeData.marks(changed: changed.map(\.b), alone: nodes?.added ?? [], .added),
        firstNode: a.counts.nodes, firstGraph: a.counts.graphs)
    }
    return (a, b)
  }

  func write(_ other: OtherProgram, to json: inout JSONWriter) {
    json.beginObject()
    json.member("name", other.name)
    json.member("summary", Self.summary(of: other.exported))
    json.key("equal")
    json.bool(other.difference.isEqual)
    json.key("sections")
    json.beginArray()
    for section in other.difference.sections(Set(DifferenceTopic.allCases)) {
      json.beginObject()
      json.member("title", section.title)
      json.key("lines")
      json.beginArray()
      for line in section.lines {
        json.beginObject()
        json.member("text", line.text)
        json.member("a", line.a ?? "")
        json.member("b", line.b ?? "")
        json.endObject()
      }
      json.endArray()
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
}

extension NodeData {
  static func marks(changed: [String], alone: [String], _ mark: Mark) -> [String: Mark] {
    Dictionary(
      changed.map { ($0, .changed) } + alone.map { ($0, mark) }, uniquingKeysWith: { first, _ in first })
  }
}
