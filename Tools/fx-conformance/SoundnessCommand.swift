import ArgumentParser
import Foundation
import TestSupport

/// `fx-conformance soundness`: random facts and questions, judged by brute-force assignments.
struct SoundnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "soundness",
    abstract: "Compare answers about random facts with assignments that satisfy the facts.",
    discussion: """
      A sample is a set of facts, a question with an answer, and an assignment. Exits with 1 when an answer is
      contradicted. Run it in release.
      Example: fx-conformance soundness --samples 10000000 --seed 1
      """)

  @Option(help: "How many samples to take, at least.")
  var samples = 1_000_000

  @Option(help: "The seed; the same seed asks the same questions.")
  var seed: UInt64 = 1

  @Option(help: "The most assignments that judge one set of facts.")
  var assignments = 32

  @Option(help: "The budgets of questions: small, standard or large.", transform: Self.budgets)
  var budgets = SoundnessRun.Budgets.standard

  private static func budgets(_ name: String) throws -> SoundnessRun.Budgets {
    guard let budgets = SoundnessRun.Budgets(rawValue: name) else {
      throw ValidationError("'\(name)' is none of small, standard and large")
    }
    return budgets
  }

  func validate() throws {
    guard samples > 0, assignments > 0 else {
      throw ValidationError("'--samples' and '--assignments' must be positive")
    }
  }

  func run() throws {
    var run = SoundnessRun(seed: seed, mostAssignments: assignments, budgets: budgets)
    let start = ContinuousClock.now
    var told = 0
    while run.tally.samples < samples {
      run.askNextWorld()
      for violation in run.violations.dropFirst(told) { print(violation) }
      told = run.violations.count
    }
    let duration = start.duration(to: .now).components
    let seconds = Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
    print(text(run.tally, violations: run.violations.count, seconds: seconds))
    if !run.violations.isEmpty { throw ExitCode.failure }
  }

  private func text(_ tally: SoundnessRun.Tally, violations: Int, seconds: Double) -> String {
    var lines = ["facts      \(tally.worlds) sets, of which \(tally.spent) spent a budget"]
    for question in SoundnessRun.Question.allCases {
      lines.append(
        "asked      \(question.rawValue): \(tally.questions[question, default: 0]), "
          + "answered \(tally.answers[question, default: 0])")
    }
    let rate = Int((Double(tally.samples) / max(seconds, 1e-9)).rounded())
    lines.append("samples    \(tally.samples) in \(Int(seconds.rounded())) s, \(rate) a second")
    lines.append("contradicted  \(violations)")
    return lines.joined(separator: "\n")
  }
}
