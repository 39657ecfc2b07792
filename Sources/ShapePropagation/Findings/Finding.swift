/// Something about a program that a person should know: a decision that depends on data, or a node that failed.
public struct Finding: Sendable {
  /// What kind of thing it is; the raw value is its name in reports.
  public enum Kind: String, Sendable, CaseIterable {
    /// A condition that only a run can decide.
    case decision = "data-dependent-decision"
    /// A number that only a run knows, where a fixed one is needed.
    case integer = "data-dependent-integer"
    /// A node that cannot be propagated for another reason.
    case failure = "propagation-failure"
    /// An operator without a shape rule.
    case unsupported = "unsupported-operator"
  }

  /// What the run went on with.
  public enum Continuation: Hashable, Sendable {
    /// The decision was taken to come out so, the number to be this one.
    case assumed(String)
    /// The value that the archive recorded for the node.
    case recordedValue
    /// Nothing: the node and what depends on it have no value.
    case skipped
  }

  /// What kind of thing it is.
  public let kind: Kind
  /// Names the finding: the same for the same place of the same program, whatever its symbols and nodes are
  /// numbered.
  public let identifier: String
  /// One sentence, in PyTorch's words where PyTorch has words for it.
  public let message: String
  /// The decision, when it depends on data.
  public internal(set) var question: Question?
  /// The nodes that it concerns: one, but for an operator without a rule, which counts once for all of them.
  public let nodes: [Provenance]
  /// What the run went on with.
  public let continuation: Continuation
  /// Further lines of the error: arguments and hints.
  public let details: [PropagationError.Detail]

  /// The first node that it concerns.
  public var provenance: Provenance? { nodes.first }

  /// A decision or number that depends on data, with what a person needs to settle it.
  public struct Question: Sendable {
    /// The expression as it was asked.
    public let written: String
    /// The expression after what is known was applied.
    public let simplified: String
    /// The same in the author's names.
    public let inAuthorsNames: String
    /// What is known of each symbol in it.
    public let symbols: [SymbolFacts]
    /// Values under which the condition holds; for a number, values of its symbols.
    public let whenTrue: Branch
    /// Values under which the condition does not hold; for a number, others than `whenTrue`.
    public let whenFalse: Branch
    /// Checks that settle it, the best first.
    public internal(set) var fixes: [Fix]
  }

  /// What is known of one symbol.
  public struct SymbolFacts: Sendable {
    /// Its name.
    public let name: String
    /// How the author's source reads it; nil when the program shows it nowhere.
    public let spelling: String?
    /// The node whose value shows it first, or that made it.
    public let birth: Provenance?
    /// The way from that value to it: `.size()[0]`.
    public let path: String
    /// `0 … 64`.
    public let range: String
    /// What is known, and why.
    public let facts: [ExplainedFact]
  }

  /// Whether a question can come out one way.
  public enum Branch: Sendable {
    /// It does for these values, which satisfy everything that is known.
    case example([(name: String, value: String)])
    /// It never does, with the reason.
    case impossible(because: [String])
    /// No values were found; there may be some.
    case notFound
  }
}

/// A check that settles a question, with what became of it when it was tried.
public struct Fix: Sendable {
  /// What a run with the check in place came to.
  public enum Outcome: Hashable, Sendable {
    /// It propagates to the end.
    case reachesEnd
    /// The question is settled; a plain run stops next there.
    case settles(next: String)
    /// The question is still open.
    case doesNotSettle(next: String)
    /// The check itself, or a node after it, is refused.
    case refused(String)
    /// It was not tried: too many runs already.
    case untried
  }

  /// The condition in the program's symbols.
  public let condition: String
  /// The line to add, in the author's names.
  public let code: String
  /// The node after which the line belongs.
  public let place: Provenance?
  /// What became of it.
  public let outcome: Outcome
  /// The identifiers of the findings that it settles.
  public let settles: [String]

  /// Whether a run with the check passes the question.
  public var isHelpful: Bool {
    switch outcome {
    case .reachesEnd, .settles: true
    case .doesNotSettle, .refused, .untried: false
    }
  }
}
