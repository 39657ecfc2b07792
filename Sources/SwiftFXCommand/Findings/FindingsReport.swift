import SwiftFX

/// The findings of a survey as text.
struct FindingsReport {
  private let survey: ProgramSurvey
  private let showsAll: Bool

  init(_ survey: ProgramSurvey, showsAll: Bool) {
    self.survey = survey
    self.showsAll = showsAll
  }

  /// Where source lines are cut: in a file or a pipe, and with `--all`, nowhere.
  private var columns: Int? { showsAll ? nil : LineWidth.ofOutput }

  /// The finding at which a plain run stops.
  var firstText: String? {
    guard let first = survey.findings.first else { return nil }
    let others = survey.findings.count - 1
    let more =
      others == 0 ? "" : "\n  more       \(others), --keep-going shows \(others == 1 ? "it" : "them")"
    return first.text(tellsContinuation: false, columns: columns) + more
  }

  /// All findings, and the checks that settle them together.
  var text: String {
    let count = survey.findings.count
    let heading = "  findings  \(count), in the order of the run"
    let findings = survey.findings.enumerated().map {
      "\($0.offset + 1) of \(count)  \($0.element.text(tellsContinuation: true, showsAll: showsAll, columns: columns))"
    }
    return ([heading] + findings + [summary, budgetNote]).filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  /// How many questions the budget did not suffice for.
  private var budgetNote: String {
    guard survey.isCutShort else { return "" }
    let questions = survey.findings.compactMap(\.question)
    let unsettled = questions.count { $0.fixes.isEmpty }
    return
      "  note      the budget of the run is spent: \(unsettled) of \(questions.count) sites were not settled; "
      + "--budget raises it, such as --budget proofs=8000000"
  }

  /// The checks that settle findings, and the findings that remain.
  private var summary: String {
    guard !survey.checks.isEmpty else { return "" }
    var lines =
      survey.remaining.isEmpty
      ? ["With this change the whole program propagates:"]
      : ["With this \(survey.remaining.count) of \(survey.findings.count) are left:"]
    for check in survey.checks {
      lines.append("  " + check.code + check.placeText)
    }
    return lines.joined(separator: "\n")
  }
}
