public import SymbolicExpressions

/// A question that only a run can answer, with the answer that a survey went on with.
public struct OpenQuestion {
  /// What a survey answered.
  public enum Answer: Hashable, Sendable {
    /// The condition holds, or does not.
    case truth(Bool)
    /// The number behind a value.
    case integer(Int)
  }

  /// The condition or number that was asked for, as it was asked.
  public let expression: SymExpr
  /// The error that ends a run without a survey.
  public let error: SymbolicShapeError
  /// The answer that the survey went on with.
  public let answer: Answer
  /// Whether some assignment allows the answer, as far as was found.
  public let isReachable: Bool
  /// The step that asked.
  public let origin: ShapeEnv.Origin
  /// What was known when it was asked.
  public let state: ShapeEnv.Checkpoint

  /// Whether a number was asked for, and no condition.
  public var isNumber: Bool {
    switch answer {
    case .truth: false
    case .integer: true
    }
  }
}

/// A question at a step: what is answered otherwise, or is settled by a check, is known by it.
public struct QuestionSite: Hashable, Sendable {
  let origin: ShapeEnv.Origin
  let expression: SymExpr

  /// The site of a question.
  public init(_ question: OpenQuestion) {
    origin = question.origin
    expression = question.expression
  }

  init(_ origin: ShapeEnv.Origin, _ expression: SymExpr) {
    self.origin = origin
    self.expression = expression
  }
}

/// Goes on where a run would stop at a question that only data can answer, and notes each of them.
///
/// The answers are those of one assignment, so they never contradict each other: every value that only a run
/// knows is taken to be a typical one, which satisfies all that is known and is, where that is possible,
/// neither 0 nor 1 nor equal to another. Nothing is learnt from an answer; a question that is asked again at
/// another step is noted again.
public struct DecisionSurvey {
  /// Answers to take instead.
  private let answers: [QuestionSite: Bool]
  /// The questions asked so far, in order.
  public private(set) var questions: [OpenQuestion] = []
  /// The answers as conditions, and values under which they hold.
  private var chosen: [SymExpr] = []
  private var typical: [SymExpr.Symbol: SymExpr.Number] = [:]

  /// How much work one answer may cost.
  private static let budget = 5_000

  /// A survey that has asked nothing.
  ///
  /// - Parameter answers: how questions shall come out that would come out otherwise.
  public init(answers: [QuestionSite: Bool] = [:]) { self.answers = answers }

  /// The answer to a condition.
  mutating func truth(of condition: SymExpr, _ error: SymbolicShapeError, _ shapes: ShapeEnv) -> Bool {
    if let known = answer(to: condition, shapes), case .truth(let truth) = known { return truth }
    let forced = answers[QuestionSite(shapes.origin, condition)]
    let wanted = forced.map { $0 ? condition : shapes.arena.not(condition) }
    let found = assignment(where: wanted, about: condition, shapes)
    var truth = forced ?? false
    if forced == nil, let found, case .bool(let value)? = shapes.value(of: condition, under: found) {
      truth = value
    }
    note(condition, error, .truth(truth), found, truth ? condition : shapes.arena.not(condition), shapes)
    return truth
  }

  /// The number behind `form`; nil when no value of its symbols was found that gives one.
  mutating func integer(behind form: SymExpr, _ error: SymbolicShapeError, _ shapes: ShapeEnv) -> Int? {
    if let known = answer(to: form, shapes), case .integer(let value) = known { return value }
    let found = assignment(where: nil, about: form, shapes)
    guard let found, case .int(let value)? = shapes.value(of: form, under: found) else { return nil }
    note(form, error, .integer(value), found, shapes.arena.eq(form, shapes.arena.integer(value)), shapes)
    return value
  }

  /// A step that asks the same twice is answered the same.
  private func answer(to expression: SymExpr, _ shapes: ShapeEnv) -> OpenQuestion.Answer? {
    questions.last { $0.origin == shapes.origin && $0.expression == expression }?.answer
  }

  private func assignment(
    where wanted: SymExpr?, about expression: SymExpr, _ shapes: ShapeEnv
  ) -> Assignment? {
    // A condition on all symbols in question makes the search give each a value.
    var search = AssignmentSearch(
      shapes, where: wanted.map { [$0] } ?? [], about: [expression], among: chosen,
      preferring: .typical(typical))
    return search.run(budget: Self.budget).assignment
  }

  private mutating func note(
    _ expression: SymExpr, _ error: SymbolicShapeError, _ answer: OpenQuestion.Answer, _ found: Assignment?,
    _ condition: SymExpr, _ shapes: ShapeEnv
  ) {
    if let found {
      for (symbol, value) in found.values { typical[symbol] = value }
      chosen.append(condition)
    }
    questions.append(
      OpenQuestion(
        expression: expression, error: error, answer: answer, isReachable: found != nil,
        origin: shapes.origin, state: shapes.checkpoint()))
  }
}

extension ShapeEnv {
  /// What becomes of a condition that only a run can decide: an error, or a survey's answer.
  func undecided(_ condition: SymBool) throws(SymbolicShapeError) -> Bool {
    let error = dataDependentError(condition.expression, .dataDependent)
    guard var survey else { throw error }
    defer { self.survey = survey }
    return survey.truth(of: condition.expression, error, self)
  }

  /// What becomes of a number that only a run knows: an error, or a survey's answer.
  func unknownInteger(_ form: SymExpr) throws(SymbolicShapeError) -> Int {
    let error = dataDependentError(form, .dataDependentInteger)
    guard var survey else { throw error }
    defer { self.survey = survey }
    guard let value = survey.integer(behind: form, error, self) else { throw error }
    return value
  }
}
