import Foundation
import SymbolicExpressions
import SymbolicShapes
import TestSupport
import Testing

/// Random facts and questions, judged by assignments: no answer may be contradicted by an assignment that
/// satisfies the facts.
///
/// `fx-conformance soundness` runs more of them.
@Suite struct SoundnessTests {
  @Test(arguments: UInt64(0)..<12)
  func noAnswerIsContradicted(_ seed: UInt64) {
    var run = SoundnessRun(seed: seed, mostAssignments: 400)
    for _ in 0..<12 { run.askNextWorld() }
    #expect(run.violations.isEmpty, "\(run.violations.map(\.description).joined(separator: "\n"))")
    // Otherwise the facts or the questions are too hard for the test to mean anything.
    for question in SoundnessRun.Question.allCases {
      let (asked, answered) = (
        run.tally.questions[question, default: 0], run.tally.answers[question, default: 0]
      )
      #expect(asked == 12 * 8)
      #expect(answered * 5 > asked, "\(question)")
    }
    #expect(run.tally.samples > 10_000)
  }

  /// A budget makes no answer wrong, however small or large it is.
  @Test(arguments: [SoundnessRun.Budgets.small, .large])
  func noBudgetMakesAnAnswerWrong(_ budgets: SoundnessRun.Budgets) {
    var run = SoundnessRun(seed: 17, mostAssignments: 100, budgets: budgets)
    for _ in 0..<60 { run.askNextWorld() }
    #expect(run.violations.isEmpty, "\(run.violations.map(\.description).joined(separator: "\n"))")
    // Small budgets are spent by some questions and suffice for others.
    if budgets == .small {
      #expect(10..<60 ~= run.tally.spent)
    } else {
      #expect(run.tally.spent == 0)
    }
    #expect(run.tally.samples > 10_000)
  }

  @Test func theSameSeedAsksTheSame() {
    let samples = (0..<2).map { _ in
      var run = SoundnessRun(seed: 5, mostAssignments: 16)
      for _ in 0..<3 { run.askNextWorld() }
      return run.tally.samples
    }
    #expect(samples[0] == samples[1])
  }

  /// `oo*(t - 1)` is not `oo*t - oo`: the product is infinite or, for `u0 = 0`, no number.
  @Test(arguments: ["oo*u0 > 1", "oo*u0 <= 1", "Eq(oo*u0, 0)", "Ne(oo*u0, 0)"])
  func aProductWithInfinityIsNotShifted(_ question: String) throws {
    let shapes = ShapeEnv()
    _ = shapes.createUnbackedInt(range: IntRange(lower: 0, upper: .max))
    #expect(shapes.staticallyKnown(SymBool(try shapes.parse(question))) == nil)
  }
}
