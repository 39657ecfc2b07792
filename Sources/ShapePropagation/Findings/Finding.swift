/// A problem in a program to report: a data-dependent decision, or a node that failed.
public struct Finding: Sendable {
  /// The kind of problem; the raw value is its name in reports.
  public enum Kind: String, Sendable, CaseIterable {
    /// A data-dependent condition.
    case decision = "data-dependent-decision"
    /// A data-dependent number where a constant is required.
    case integer = "data-dependent-integer"
    /// A node that cannot be propagated for another reason.
    case failure = "propagation-failure"
    /// An operator without a shape rule.
    case unsupported = "unsupported-operator"
  }

  /// How the run continued.
  public enum Continuation: Hashable, Sendable {
    /// The decision was assumed to have this answer, the number this value.
    case assumed(String)
    /// The value that the archive recorded for the node.
    case recordedValue
    /// The node and everything that depends on it has no value.
    case skipped
  }

  /// The kind of problem.
  public let kind: Kind
  /// Identifies the finding: the same for the same place of a program, however its symbols and nodes are
  /// numbered.
  public let identifier: String
  /// One sentence, in PyTorch's words where they exist.
  public let message: String
  /// The decision, if it is data-dependent.
  public internal(set) var question: Question?
  /// The nodes concerned: one, or all nodes that need an operator without a rule.
  public let nodes: [Provenance]
  /// How the run continued.
  public let continuation: Continuation
  /// Further lines of the error: arguments and hints.
  public let details: [PropagationError.Detail]

  /// The first node concerned.
  public var provenance: Provenance? { nodes.first }

  /// A data-dependent decision or number, with what a person needs to settle it.
  public struct Question: Sendable {
    /// The expression in its original form.
    public let written: String
    /// The expression, simplified by what is known.
    public let simplified: String
    /// The expression in the author's names.
    public let inAuthorsNames: String
    /// What is known about each of its symbols.
    public let symbols: [SymbolFacts]
    /// Values under which the condition holds; for a number, values of its symbols.
    public let whenTrue: Branch
    /// Values under which the condition does not hold; for a number, other values than `whenTrue`.
    public let whenFalse: Branch
    /// Checks that settle it, the best first.
    public internal(set) var fixes: [Fix]
  }

  /// What is known about one symbol.
  public struct SymbolFacts: Sendable {
    /// Its name.
    public let name: String
    /// How the author's source spells it; nil if it occurs nowhere.
    public let spelling: String?
    /// The first node whose value contains it, or the node that created it.
    public let birth: Provenance?
    /// The path from that value to it: `.size()[0]`.
    public let path: String
    /// `0 … 64`.
    public let range: String
    /// What is known, and why.
    public let facts: [ExplainedFact]
  }

  /// Whether a question can have one of its answers.
  public enum Branch: Sendable {
    /// It has the answer for these values, which satisfy all known facts.
    case example([(name: String, value: String)])
    /// It never has the answer, for these reasons.
    case impossible(because: [String])
    /// No values were found; some may exist.
    case notFound
  }
}

extension Finding {
  /// A check that may settle a question, with the outcome of trying it.
  public struct Fix: Sendable {
    /// The outcome of a run with the check in place.
    public enum Outcome: Hashable, Sendable {
      /// It propagates to the end.
      case reachesEnd
      /// The question is settled; a plain run stops next at `next`.
      case settles(next: String)
      /// The question is still open.
      case doesNotSettle(next: String)
      /// The check itself, or a node after it, is refused.
      case refused(String)
      /// It was not tried: the limit of runs was reached.
      case untried
    }

    /// The condition in the program's symbols.
    public let condition: String
    /// The line to add, in the author's names.
    public let code: String
    /// The node after which the line belongs.
    public let place: Provenance?
    /// What the facts allow and the check refuses, in the author's names: `rows.shape[0] = 0, an empty rows`.
    public let forbids: String
    /// The outcome of trying it.
    public let outcome: Outcome
    /// The identifiers of the findings that it settles.
    public let settles: [String]

    /// Whether a run with the check gets past the question.
    public var isHelpful: Bool {
      switch outcome {
      case .reachesEnd, .settles: true
      case .doesNotSettle, .refused, .untried: false
      }
    }
  }
}
