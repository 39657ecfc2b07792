import SymbolicExpressions
import SymbolicShapes

/// How many yes-or-no questions of scenarios the prover settles.
package struct ProofTally: Hashable, Sendable {
  package var scenarios = 0
  /// Scenarios whose facts contradict each other, so that anything follows; their questions are not counted.
  package var contradictory = 0
  /// Questions that PyTorch's rules decide.
  package var decided = 0
  /// Of the decided ones, those proved with the same answer.
  package var provedAlike = 0
  /// Of the decided ones, those proved with the opposite answer.
  package var provedOtherwise = 0
  /// Questions that PyTorch's rules leave open.
  package var open = 0
  /// Of the open ones, those proved.
  package var provedOpen = 0

  package init() {}
}

extension ReasoningScenario {
  /// Puts the yes-or-no questions, in order, to PyTorch's rules and to the prover, and counts the answers.
  package func countProofs(_ tally: inout ProofTally) {
    let shapes = ShapeEnv()
    shapes.profile = SemanticProfile(PyTorchVersion(2, 13))
    declareSymbols(in: shapes)
    tally.scenarios += 1
    for step in steps { _ = Self.holds(step.check, in: shapes) }
    if Self.areContradictory(in: shapes) {
      tally.contradictory += 1
      return
    }
    for query in queries {
      if query.kind.isYesOrNo, let expression = try? PythonReader(query.expr, in: shapes).expression {
        tally.count(SymBool(expression), in: shapes)
      }
      // The next question sees the guards of this one.
      _ = Self.answer(query, in: shapes)
    }
  }

  /// Whether the facts are found to be contradictory, by proof or because no assignment satisfies them.
  private static func areContradictory(in shapes: ShapeEnv) -> Bool {
    let facts = shapes.guards.map(\.expression) + shapes.runtimeAsserts.map(\.assert.expression)
    if shapes.prove(SymBool(shapes.arena.and(facts)))?.holds == false { return true }
    if case .impossible = shapes.assignment(where: facts.map { SymBool($0) }) { return true }
    return false
  }
}

extension ReasoningScenario.Query.Kind {
  fileprivate var isYesOrNo: Bool {
    switch self {
    case .staticallyKnownTrue, .guardOrFalse, .evaluate: true
    case .bound, .simplify: false
    }
  }
}

extension ProofTally {
  fileprivate mutating func count(_ condition: SymBool, in shapes: ShapeEnv) {
    let proof = shapes.prove(condition)
    guard let known = shapes.staticallyKnown(condition) else {
      open += 1
      provedOpen += proof == nil ? 0 : 1
      return
    }
    decided += 1
    if proof?.holds == known { provedAlike += 1 }
    if proof?.holds == !known { provedOtherwise += 1 }
  }
}
