import ProgramComparison
import SwiftFX

/// What differs between two programs, for readers.
struct DifferenceReport {
  private let sections: [DifferenceSection]
  private let names: (a: String, b: String)

  /// Whether nothing differs in the topics that are shown.
  var isEmpty: Bool { sections.isEmpty }

  init(_ difference: ProgramDifference, _ topics: Set<DifferenceTopic>, a: String, b: String) {
    names = (a, b)
    sections = difference.sections(topics)
  }

  /// The report as text.
  var text: String {
    if isEmpty { return "\(names.a) and \(names.b) are equal" }
    var lines = ["\(names.a) → \(names.b)"]
    for section in sections {
      lines.append("\n  \(section.title)")
      lines += section.lines.map { "    \(Escaped.line($0.text))" }
    }
    return lines.joined(separator: "\n")
  }

  /// The report as Markdown, for a pull request.
  var markdown: String {
    let title = "### \(Escaped.markdownCode(names.a)) → \(Escaped.markdownCode(names.b))"
    if isEmpty { return "\(title)\n\nEqual." }
    return sections.reduce(title) { text, section in
      let lines = section.lines.map { "- \(Escaped.markdownCode($0.text))" }
      return "\(text)\n\n**\(section.title)**\n\n\(lines.joined(separator: "\n"))"
    }
  }
}
