/// The answer to a question about sizes.
public struct SizeAnswer: Sendable {
  /// Whether the sizes are accepted.
  public enum Verdict: String, Sendable {
    case accepted
    /// Nothing rules them out, but something could not be decided.
    case undecided
    case refused
  }

  /// A constraint that is violated, or that could not be decided.
  public struct Finding: Sendable {
    /// The constraint in terms of the inputs.
    public let text: String
    /// The values of its two sides at these sizes, such as `9 == 8`; empty if that adds nothing.
    public let values: String
    /// Where the constraint comes from; the most informative first.
    public let origins: [ConstraintOrigin]
    /// Why it could not be decided.
    public let reason: String
  }

  /// One result of the program.
  public struct Output: Sendable {
    /// The node that computes it.
    public let name: String
    /// Its dtype and sizes, such as `f32[u0, 16]`.
    public let text: String
    /// The symbols in it, each with its range: `u0 in 0 … 128`.
    public let symbols: [String]
  }

  /// The reason of findings that further inputs would decide.
  public static let needsInputs = "they need sizes that are not given"

  /// Whether the sizes are accepted.
  public internal(set) var verdict: Verdict
  /// The violated constraints.
  public internal(set) var violations: [Finding]
  /// Constraints that need sizes that were not given, or that could not be parsed.
  public internal(set) var undecided: [Finding]
  /// Constraints that are only checked at run time.
  public internal(set) var leftToRun: [Finding]
  /// Assumptions of the exported shapes that these sizes violate; the outputs were derived for the given sizes.
  public internal(set) var beyond: [Finding]
  /// The nearest accepted sizes, as `x=8x128`.
  public internal(set) var nearest: [String] = []
  /// The shapes of the results; empty if the sizes are refused.
  public internal(set) var outputs: [Output] = []
}
