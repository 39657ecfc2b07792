/// The layout questions whose answers are remembered.
package enum LayoutQuestion: UInt8 {
  case contiguousStrides, isContiguous, isChannelsLast, isNonOverlappingAndDense, elementwiseStrides,
    broadcast, inferredSize, ones, zeros
  case view

  /// Whether the answer follows from the integers of the question alone, whatever is known about symbols.
  var isFactFree: Bool { self == .contiguousStrides }
}

/// Remembered answers.
///
/// `body` computes an answer that is not remembered. It may query the environment, which may add guards and defer
/// asserts. The answer is remembered only if it did neither, and is valid until a fact is added: until then, asking
/// again would have no effect and every query that `body` makes would have the same answer.
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

  /// The answer to a yes-or-no question.
  package func remembering(
    _ kind: LayoutQuestion, _ a: Sizes, _ b: Sizes, _ body: () -> Bool
  ) -> Bool {
    !remembering(kind, a, b) { body() ? [1] : [] }.isEmpty
  }

  /// The answer to a question about many lists, which `lists` passes one at a time.
  package func remembering(
    _ kind: LayoutQuestion, lists: ((Sizes) -> Void) -> Void, _ body: () throws -> Sizes
  ) rethrows -> Sizes {
    var question = layouts.ask(kind.rawValue)
    lists { layouts.add($0, to: &question) }
    if let known = layouts.takeAnswer(to: question, version: facts.version) { return known }
    return try finding(question, kind, body)
  }

  /// The answer to a question about three lists; it is two lists of equal length.
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

  /// Whether an answer computed since `version` follows from the facts as they were: nothing was learned, and no survey
  /// chose an answer.
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
