import SwiftFX

/// The text that `swiftfx check` prints for one assignment of sizes.
struct CheckReport {
  let loaded: LoadedProgram
  let inputs: [String]
  let checker: SizeChecker
  let answer: SizeAnswer

  init(_ loaded: LoadedProgram, _ inputs: [String], _ checker: SizeChecker, _ answer: SizeAnswer) {
    self.loaded = loaded
    self.inputs = inputs
    self.checker = checker
    self.answer = answer
  }

  var text: String {
    let sections = [
      [header], findings("violates", answer.violations), nearest, undecided,
      findings("beyond", answer.beyond),
      outputs, notes,
    ]
    return sections.filter { !$0.isEmpty }.map { $0.map(Escaped.line).joined(separator: "\n") }.joined(
      separator: "\n\n")
  }

  private var header: String {
    let sizes = inputs.isEmpty ? "no sizes given" : inputs.joined(separator: "  ")
    return "\(loaded.name)   \(answer.verdict.rawValue)   \(sizes)"
  }

  private func findings(_ title: String, _ findings: [SizeAnswer.Finding]) -> [String] {
    findings.flatMap { finding in
      var lines = [row(title, finding.text + (finding.values.isEmpty ? "" : "   \(finding.values)"))]
      if !finding.reason.isEmpty { lines.append(row("", finding.reason)) }
      lines += finding.origins.map { row("", "\($0)") }
      return lines
    }
  }

  /// How many undecided constraints are shown.
  private static let shownOpen = 8

  private var undecided: [String] {
    let open = answer.undecided.filter { $0.reason == SizeAnswer.needsInputs }
    let others = findings("undecided", answer.undecided.filter { $0.reason != SizeAnswer.needsInputs })
    guard !open.isEmpty else { return others }
    let more = open.count - Self.shownOpen
    return others
      + open.prefix(Self.shownOpen).enumerated().map {
        row($0 == 0 ? "undecided" : "", $1.text)
      } + [row("", more > 0 ? "… \(more) more; they need sizes that are not given" : SizeAnswer.needsInputs)]
  }

  private var nearest: [String] {
    guard answer.verdict == .refused else { return [] }
    if answer.nearest.isEmpty { return [row("nearest", "none found")] }
    return answer.nearest.enumerated().map { row($0 == 0 ? "nearest" : "", $1) }
  }

  private var outputs: [String] {
    answer.outputs.enumerated().map { position, output in
      let symbols = output.symbols.isEmpty ? "" : "   \(output.symbols.joined(separator: ", "))"
      return row(position == 0 ? "results" : "", "\(output.name)   \(output.text)\(symbols)")
    }
  }

  private var notes: [String] {
    var notes: [String] = []
    if !answer.beyond.isEmpty {
      let shapes =
        answer.outputs.isEmpty ? "their shapes could not be derived" : "the shapes were derived anew for them"
      notes.append(row("note", "PyTorch runs these sizes; \(shapes)"))
    }
    if !answer.leftToRun.isEmpty {
      let texts = answer.leftToRun.map(\.text)
      let shown = texts.prefix(4).joined(separator: ", ") + (texts.count > 4 ? ", … (\(texts.count))" : "")
      notes.append(row("run checks", shown))
    }
    if let error = checker.propagationError {
      notes.append(row("note", "propagation stops, later guards are unknown: \(error.shortMessage)"))
    }
    return notes
  }

  private func row(_ title: String, _ text: String) -> String {
    "  " + title + String(repeating: " ", count: max(1, 12 - title.count)) + text
  }
}
