public import SymbolicExpressions

/// A data-dependent question, with the answer that a survey assumed.
public struct OpenQuestion {
  /// The answer of a survey.
  public enum Answer: Hashable, Sendable {
    /// The condition holds, or does not.
    case truth(Bool)
    /// The value of an integer.
    case integer(Int)
  }

  /// The condition or integer in question, in its original form.
  public let expression: SymExpr
  /// The error that ends a run without a survey.
  public let error: SymbolicShapeError
  /// The answer that the survey assumed.
  public let answer: Answer
  /// Whether an assignment was found that allows the answer.
  public let isReachable: Bool
  /// The step that asked.
  public let origin: ShapeEnv.Origin
  /// What was known when it was asked.
  public let state: ShapeEnv.Checkpoint

  /// Whether the question asked for an integer rather than a condition.
  public var isNumber: Bool {
    switch answer {
    case .truth: false
    case .integer: true
    }
  }
}

/// A question at a step; identifies a question that is to be answered otherwise or settled by a check.
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

/// Continues past data-dependent questions, which would stop a run, and records each of them.
///
/// The answers come from a single assignment, so they never contradict each other. Each unbacked symbol is assumed to
/// have a typical value: it satisfies everything known and, where possible, is neither 0 nor 1 nor equal to another.
/// Nothing is learned from an answer; a question that another step asks again is recorded again.
public struct DecisionSurvey {
  /// Answers that override the assumed ones.
  private let answers: [QuestionSite: Bool]
  /// The questions asked so far, in order.
  public private(set) var questions: [OpenQuestion] = []
  /// The answers as conditions, and values that satisfy them.
  private var chosen: [SymExpr] = []
  private var typical: [SymExpr.Symbol: SymExpr.Number] = [:]

  /// The work budget of one answer.
  private static let budget = 5_000

  /// Creates a survey with no questions yet.
  ///
  /// - Parameter answers: answers that override the assumed ones.
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

  /// The value of `form`; nil if no values were found for its symbols.
  mutating func integer(behind form: SymExpr, _ error: SymbolicShapeError, _ shapes: ShapeEnv) -> Int? {
    if let known = answer(to: form, shapes), case .integer(let value) = known { return value }
    let found = assignment(where: nil, about: form, shapes)
    guard let found, case .int(let value)? = shapes.value(of: form, under: found) else { return nil }
    note(form, error, .integer(value), found, shapes.arena.eq(form, shapes.arena.integer(value)), shapes)
    return value
  }

  /// A step that repeats a question gets the same answer.
  private func answer(to expression: SymExpr, _ shapes: ShapeEnv) -> OpenQuestion.Answer? {
    questions.last { $0.origin == shapes.origin && $0.expression == expression }?.answer
  }

  private func assignment(
    where wanted: SymExpr?, about expression: SymExpr, _ shapes: ShapeEnv
  ) -> Assignment? {
    // A condition on all symbols in question makes the search assign each a value.
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
  /// The outcome of a data-dependent condition: an error, or a survey's answer.
  func undecided(_ condition: SymBool) throws(SymbolicShapeError) -> Bool {
    let error = dataDependentError(condition.expression, .dataDependent)
    guard var survey else { throw error }
    defer { self.survey = survey }
    return survey.truth(of: condition.expression, error, self)
  }

  /// The outcome of a data-dependent integer: an error, or a survey's answer.
  func unknownInteger(_ form: SymExpr) throws(SymbolicShapeError) -> Int {
    let error = dataDependentError(form, .dataDependentInteger)
    guard var survey else { throw error }
    defer { self.survey = survey }
    guard let value = survey.integer(behind: form, error, self) else { throw error }
    return value
  }
}
