import FX
import FakeTensors
import SymbolicExpressions
import SymbolicShapes

/// The result of one run with a survey.
struct SurveyRun {
  let propagation: Propagation
  let questions: [OpenQuestion]

  /// The first point at which a run without a survey would stop.
  enum Stop {
    case question(OpenQuestion)
    case failure(NodeFailure)
  }

  /// The nodes that failed, in order, and what ended the run.
  var failures: [NodeFailure] {
    guard let error = propagation.error else { return propagation.failures }
    return propagation.failures + [
      NodeFailure(error: error, hasStandIn: false, origin: error.origin, questionsBefore: questions.count)
    ]
  }

  var firstStop: Stop? {
    if let failure = failures.first, failure.questionsBefore == 0 || questions.isEmpty {
      return .failure(failure)
    }
    return questions.first.map { .question($0) }
  }

  func asks(_ site: QuestionSite) -> Bool { questions.contains { QuestionSite($0) == site } }
}

/// Runs a program past its open questions repeatedly, with other answers and with checks in place.
struct Surveyor {
  let context: PropagationContext
  let inputs: [FakeValue]
  let options: PropagationOptions

  /// The maximum number of runs that look for better answers.
  private static let mostOtherAnswers = 32

  /// One run in which `checks` are made, with `answers` to some questions.
  func run(_ answers: [QuestionSite: Bool] = [:], checks: [PropagationCheck] = []) -> SurveyRun {
    var options = options
    options.keepsGoing = true
    options.checks += checks
    let shapes = context.mode.shapes
    shapes.survey = DecisionSurvey(answers: answers)
    let propagation = context.propagate(inputs, options: options)
    let questions = shapes.survey?.questions ?? []
    shapes.survey = nil
    return SurveyRun(propagation: propagation, questions: questions)
  }

  /// The run that gets furthest: if a node fails after it asked questions, the other answers are tried, starting with
  /// the last question.
  func bestRun() -> (run: SurveyRun, answers: [QuestionSite: Bool]) {
    var (answers, best) = ([QuestionSite: Bool](), run())
    var (budget, given, isLast) = (Self.mostOtherAnswers, Set<ShapeEnv.Origin>(), true)
    while let failure = best.propagation.failures.first(where: { !given.contains($0.origin) }), budget > 0,
      context.mode.shapes.mayBuildMore
    {
      given.insert(failure.origin)
      let questions = best.questions.filter { $0.origin == failure.origin }
      for question in questions.reversed() where budget > 0 && context.mode.shapes.mayBuildMore {
        guard case .truth(let truth) = question.answer else { continue }
        var others = answers
        others[QuestionSite(question)] = !truth
        budget -= 1
        let attempt = run(others)
        isLast = !attempt.propagation.failures.contains { $0.origin == failure.origin }
        if !isLast { continue }
        (answers, best) = (others, attempt)
        break
      }
    }
    // The facts in the environment are those of the last run.
    return (isLast ? best : run(answers), answers)
  }
}
