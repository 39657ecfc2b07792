/// Questions about layouts whose answers are remembered.
package enum LayoutQuestion: UInt8 {
  case contiguousStrides, isContiguous, isChannelsLast, isNonOverlappingAndDense, elementwiseStrides,
    broadcast, inferredSize
  case view

  /// Whether the answer follows from the integers of the question alone, whatever is known of symbols.
  var isFactFree: Bool { self == .contiguousStrides }
}

/// Answers that are remembered.
///
/// `body` finds an answer that is not known. It may ask the environment, which may take guards and defer asserts.
/// Its answer is remembered only when it did neither, and then for as long as no fact is added: asking again
/// would have no effect, and every question that `body` asks would be answered as before.
extension ShapeEnv {
  /// The answer to a question about one or two lists.
  package func remembering(
    _ kind: LayoutQuestion, _ a: Sizes, _ b: Sizes = [], _ body: () throws -> Sizes
  ) rethrows -> Sizes {
    var question = layouts.ask(kind.rawValue)
    layouts.add(a, to: &question)
    layouts.add(b, to: &question)
    if let known = layouts.takeAnswer(to: question, version: facts.version) { return known }
    return try finding(question, kind, body)
  }

  /// The answer to a question of yes or no.
  package func remembering(
    _ kind: LayoutQuestion, _ a: Sizes, _ b: Sizes, _ body: () -> Bool
  ) -> Bool {
    !remembering(kind, a, b) { body() ? [1] : [] }.isEmpty
  }

  /// The answer to a question about many lists, which `lists` hands on one after the other.
  package func remembering(
    _ kind: LayoutQuestion, lists: ((Sizes) -> Void) -> Void, _ body: () throws -> Sizes
  ) rethrows -> Sizes {
    var question = layouts.ask(kind.rawValue)
    lists { layouts.add($0, to: &question) }
    if let known = layouts.takeAnswer(to: question, version: facts.version) { return known }
    return try finding(question, kind, body)
  }

  /// The answer to a question about three lists: two lists of one length.
  package func remembering(
    _ kind: LayoutQuestion, _ a: Sizes, _ b: Sizes, _ c: Sizes, _ body: () throws -> (Sizes, Sizes)
  ) rethrows -> (Sizes, Sizes) {
    var question = layouts.ask(kind.rawValue)
    layouts.add(a, to: &question)
    layouts.add(b, to: &question)
    layouts.add(c, to: &question)
    if let known = layouts.takeAnswers(to: question, version: facts.version) { return known }
    defer { layouts.drop(question) }
    let before = facts.version
    let answer = try body()
    if isFoundFromFacts(since: before) {
      layouts.note(answer.0, answer.1, to: question, version: before)
    }
    return answer
  }

  /// Whether an answer that was sought since `version` follows from the facts of then: nothing was learnt, and no
  /// survey chose an answer in place of a run.
  private func isFoundFromFacts(since version: UInt64) -> Bool { facts.version == version && survey == nil }

  private func finding(
    _ question: LayoutMemo.Question, _ kind: LayoutQuestion, _ body: () throws -> Sizes
  ) rethrows -> Sizes {
    defer { layouts.drop(question) }
    let before = facts.version
    let answer = try body()
    if isFoundFromFacts(since: before) {
      layouts.note(answer, to: question, version: kind.isFactFree ? LayoutMemo.always : before)
    }
    return answer
  }
}

extension Sizes {
  /// Whether one of the integers is symbolic.
  @inlinable
  public var isSymbolic: Bool {
    for position in indices where self[position].isSymbolic { return true }
    return false
  }
}
