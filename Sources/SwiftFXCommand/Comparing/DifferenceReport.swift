import ProgramComparison
import SwiftFX

/// What differs between two programs, for readers.
struct DifferenceReport {
  private struct Section {
    let title: String
    let lines: [String]
  }

  private let sections: [Section]
  private let names: (a: String, b: String)

  /// Whether nothing differs in the topics that are shown.
  var isEmpty: Bool { sections.isEmpty }

  init(_ difference: ProgramDifference, _ topics: Set<DifferenceTopic>, a: String, b: String) {
    names = (a, b)
    let candidates: [(DifferenceTopic, String, [String])] = [
      (
        .operators, "operators",
        difference.nodes.removed.map { "- \($0)" } + difference.nodes.added.map { "+ \($0)" }
      ),
      (.arguments, "arguments", Self.changes(difference, [.args, .kwargs])),
      (.dtypes, "dtypes and devices", Self.changes(difference, [.dtype, .device])),
      (.shapes, "shapes", Self.changes(difference, [.sizes, .value])),
      (.strides, "strides", Self.changes(difference, [.strides])),
      (.ranges, "ranges", difference.ranges.map { "\($0.symbol): \(Self.text($0.a)) → \(Self.text($0.b))" }),
      (
        .asserts, "runtime asserts",
        difference.removedAsserts.map { "- \($0)" } + difference.addedAsserts.map { "+ \($0)" }
      ),
      (.weights, "weights", Self.weights(difference.state)),
      (
        .signature, "inputs",
        difference.renamedInputs.map { "\($0.a) → \($0.b)" }
          + difference.nodes.moved.map { "\($0.a) has another place" }
      ),
      (.sizes, "accepted sizes", Self.accepted(difference.accepted)),
      (.names, "names", Self.names(difference)),
    ]
    sections = candidates.filter { topics.contains($0.0) && !$0.2.isEmpty }.map {
      Section(title: $0.1, lines: $0.2)
    }
  }

  /// The report as text.
  var text: String {
    if isEmpty { return "\(names.a) and \(names.b) are equal" }
    var lines = ["\(names.a) → \(names.b)"]
    for section in sections {
      lines.append("\n  \(section.title)")
      lines += section.lines.map { "    \(Escaped.line($0))" }
    }
    return lines.joined(separator: "\n")
  }

  /// The report as Markdown, for a pull request.
  var markdown: String {
    let title = "### \(Escaped.markdownCode(names.a)) → \(Escaped.markdownCode(names.b))"
    if isEmpty { return "\(title)\n\nEqual." }
    return sections.reduce(title) { text, section in
      let lines = section.lines.map { "- \(Escaped.markdownCode($0))" }
      return "\(text)\n\n**\(section.title)**\n\n\(lines.joined(separator: "\n"))"
    }
  }

  private static func changes(
    _ difference: ProgramDifference, _ fields: Set<ProgramDifference.Field>
  ) -> [String] {
    difference.nodes.changed.filter { !fields.isDisjoint(with: $0.fields) }.map { change in
      let name = change.a == change.b ? change.a : "\(change.a), in B \(change.b)"
      return "\(name): \(change.texts.a) → \(change.texts.b)"
    }
  }

  private static func text(_ bounds: ProgramDifference.Bounds) -> String {
    "\(bounds.lower.map { "\($0)" } ?? "-∞") … \(bounds.upper.map { "\($0)" } ?? "∞")"
  }

  private static func weights(_ state: ProgramDifference.StateDifference) -> [String] {
    state.removed.map { "- \($0)" } + state.added.map { "+ \($0)" }
      + state.changed.map { "\($0): other contents" }
      + state.kindChanged.map { "\($0): another kind" }
  }

  private static func accepted(_ accepted: ProgramDifference.AcceptedDifference) -> [String] {
    let sizes = accepted.counterexample.map { input in
      "\(input.input)=\(input.sizes.map { "\($0)" }.joined(separator: "x"))"
    }.joined(separator: " ")
    switch accepted.relation {
    case .same, .unknown: return []
    case .fewer: return ["B takes fewer: A alone takes \(sizes)"]
    case .more: return ["B takes more: B alone takes \(sizes)"]
    case .incomparable: return ["each takes some that the other does not: A alone takes \(sizes)"]
    }
  }

  private static func names(_ difference: ProgramDifference) -> [String] {
    difference.symbols.filter { $0.a != $0.b }.map { "symbol \($0.a) ↔ \($0.b)" }
      + difference.state.renamed.map { "weight \($0.a) ↔ \($0.b)" }
      + difference.nodes.renamed.map { "node \($0.a) ↔ \($0.b)" }
  }
}
