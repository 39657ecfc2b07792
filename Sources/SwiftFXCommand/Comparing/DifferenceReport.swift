import ProgramComparison
import SwiftFX

/// What differs between two programs, for readers.
struct DifferenceReport {
  private let sections: [DifferenceSection]
  private let remarks: [String]
  private let names: (a: String, b: String)

  /// Whether nothing differs in the topics that are shown.
  var isEmpty: Bool { sections.isEmpty }

  init(_ difference: ProgramDifference, _ topics: Set<DifferenceTopic>, a: String, b: String) {
    names = (a, b)
    sections = difference.sections(topics)
    remarks = difference.remarks(topics)
  }

  /// The report as text.
  var text: String {
    var lines = [isEmpty ? "\(names.a) and \(names.b) are equal" : "\(names.a) → \(names.b)"]
    for section in sections {
      lines.append("\n  \(section.title)")
      lines += section.lines.map { "    \(Escaped.line($0.text))" }
    }
    if !remarks.isEmpty { lines.append("\n  not compared") }
    lines += remarks.map { "    \(Escaped.line($0))" }
    return lines.joined(separator: "\n")
  }

  /// The report as Markdown, for a pull request.
  var markdown: String {
    let title = "### \(Escaped.markdownCode(names.a)) → \(Escaped.markdownCode(names.b))"
    let groups =
      sections.map { (title: $0.title, texts: $0.lines.map(\.text)) }
      + (remarks.isEmpty ? [] : [(title: "not compared", texts: remarks)])
    return groups.reduce(isEmpty ? "\(title)\n\nEqual." : title) { text, group in
      let lines = group.texts.map { "- \(Escaped.markdownCode($0))" }
      return "\(text)\n\n**\(group.title)**\n\n\(lines.joined(separator: "\n"))"
    }
  }
}
