import SymbolicExpressions
public import SymbolicShapes

/// A known fact as text, with its reason and the node behind the reason.
public struct ExplainedFact: Hashable, Sendable {
  /// The fact: `>= 0`, `u0 + u1 == s0`.
  public let text: String
  /// The reason: `assert u0 <= 64`, `the archive declares it`.
  public let because: String
  /// The node that caused it, if there is one.
  public let provenance: Provenance?

  /// Creates a fact from its parts.
  public init(_ text: String, because: String, provenance: Provenance?) {
    self.text = text
    self.because = because
    self.provenance = provenance
  }
}

extension ShapeEnv {
  /// A reason as text.
  ///
  /// The node behind it is not part of the text.
  public func text(of reason: Learning.Reason, _ provenance: Provenance?) -> String {
    let cause = reason.cause.map { text(raw: $0) }
    let maker = provenance?.operatorName ?? "the archive"
    switch reason.kind {
    case .declared: return cause.map { "\(maker) declares \($0)" } ?? "\(maker) says so"
    case .constrained: return "\(maker) demands it"
    case .guardTaken: return "guard \(cause ?? "")"
    case .runtimeAssert: return "assert \(cause ?? "")"
    case .renaming: return "known of \(cause ?? "its other name")"
    case .binding: return "found to be \(cause ?? "a number")"
    case .replacement: return "it equals \(cause ?? "a number")"
    case .example: return "the example"
    }
  }
}

extension SymbolStory {
  /// What is known about the symbol, one fact per line: the reasons for its bounds, its replacement, its other names,
  /// and its relations to other symbols.
  public func facts(in shapes: ShapeEnv) -> [ExplainedFact] {
    rangeFacts(in: shapes) + nameFacts(in: shapes) + relationFacts(in: shapes)
  }

  /// The reasons for the bounds of the range.
  ///
  /// With `choices`, a bound that comes from the choice of a kernel is marked.
  public func rangeFacts(in shapes: ShapeEnv, _ choices: KernelChoices? = nil) -> [ExplainedFact] {
    guard case .int(let range) = range else { return [] }
    func fact(_ text: String, _ cause: Cause?) -> ExplainedFact? {
      guard let cause else { return nil }
      var because = shapes.text(of: cause.reason, cause.provenance)
      if let condition = cause.reason.cause, choices?.contains(condition, at: cause.reason.origin) == true {
        because += ": " + KernelChoices.remark
      }
      return ExplainedFact(text, because: because, provenance: cause.provenance)
    }
    return [fact(">= \(range.lower)", lowerCause), fact("<= \(range.upper)", upperCause)].compactMap { $0 }
  }

  /// The replacement of the symbol, and its other names.
  public func nameFacts(in shapes: ShapeEnv) -> [ExplainedFact] {
    var facts: [ExplainedFact] = []
    if let replacement {
      facts.append(
        ExplainedFact(
          "== \(shapes.text(raw: replacement.target))",
          because: replacement.cause.map { shapes.text(of: $0.reason, $0.provenance) } ?? "",
          provenance: replacement.cause?.provenance))
    }
    for (other, cause) in otherNames
    where replacement.map({ shapes.arena.asSymbol($0.target) != other }) ?? true {
      facts.append(
        ExplainedFact(
          "is \(shapes.arena.name(of: other))", because: "one value, two names", provenance: cause.provenance)
      )
    }
    return facts
  }

  /// Relations to other symbols and to numbers, beyond its range.
  public func relationFacts(in shapes: ShapeEnv) -> [ExplainedFact] {
    var facts: [ExplainedFact] = []
    for (remainder, cause) in divisibility {
      facts.append(
        ExplainedFact(
          "\(shapes.text(of: remainder)) == 0", because: shapes.text(of: cause.reason, cause.provenance),
          provenance: cause.provenance))
    }
    for condition in conditions where shapes.arena.freeSymbols(of: condition.expression).count > 1 {
      facts.append(
        ExplainedFact(
          shapes.text(raw: condition.expression), because: condition.kind.isGuard ? "guard" : "assert",
          provenance: condition.provenance))
    }
    return facts
  }
}
