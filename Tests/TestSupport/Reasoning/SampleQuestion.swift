import SymbolicExpressions
import SymbolicShapes

/// A question about a world.
enum SampleQuestion {
  typealias Kind = SoundnessRun.Question

  case condition(SampleCondition, Kind)
  case term(SampleTerm, Kind)

  var kind: Kind {
    switch self {
    case .condition(_, let kind), .term(_, let kind): kind
    }
  }
}

extension SampleQuestion: CustomStringConvertible {
  var description: String {
    switch self {
    case .condition(let condition, let kind): "\(kind) \(condition)"
    case .term(let term, let kind): "\(kind) \(term)"
    }
  }
}

/// An answer to a question.
enum SampleAnswer {
  case truth(Bool)
  case range(IntRange)
  case expression(SymExpr)
}

extension SampleWorld {
  func answer(to question: SampleQuestion) -> SampleAnswer? {
    switch question {
    case .condition(let condition, .prove): shapes.prove(self.condition(condition)).map { .truth($0.holds) }
    case .condition(let condition, _): shapes.staticallyKnown(self.condition(condition)).map { .truth($0) }
    case .term(let term, .provedBound): range(shapes.provedBound(of: expression(term)))
    case .term(let term, .simplify): .expression(shapes.simplify(expression(term)))
    case .term(let term, _): range(shapes.bound(of: shapes.symInt(expression(term))))
    }
  }

  private func range(_ range: IntRange) -> SampleAnswer? { range == .unbounded ? nil : .range(range) }

  /// Whether `answer` is true of an assignment; `nil` where the question is undefined.
  func isTrue(_ answer: SampleAnswer, of question: SampleQuestion, _ assignment: [Int]) -> Bool? {
    switch (question, answer) {
    case (.condition(let condition, _), .truth(let truth)):
      return condition.truth(assignment).map { $0 == truth }
    case (.term(let term, _), .range(let range)): return term.value(assignment).map(range.contains)
    case (.term(let term, _), .expression(let simplified)):
      guard let value = term.value(assignment) else { return nil }
      return shapes.arena.evaluate(simplified, { self.value(of: $0, in: assignment) }) == .int(value)
    default: return nil
    }
  }

  func text(of answer: SampleAnswer) -> String {
    switch answer {
    case .truth(let truth): "\(truth)"
    case .range(let range): "\(range)"
    case .expression(let expression): shapes.text(raw: expression)
    }
  }
}
