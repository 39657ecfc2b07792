/// What a program says to given sizes.
public struct SizeAnswer: Sendable {
  /// Whether the sizes are taken.
  public enum Verdict: String, Sendable {
    case accepted
    /// Nothing speaks against them, and something could not be decided.
    case undecided
    case refused
  }

  /// A constraint that does not hold, or that nobody could decide.
  public struct Finding: Sendable {
    /// The constraint in terms of the inputs.
    public let text: String
    /// What its two sides are at these sizes, such as `9 == 8`; empty when that says nothing more.
    public let values: String
    /// Where the constraint comes from; the most telling first.
    public let origins: [ConstraintOrigin]
    /// Why it is among the undecided.
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

  /// The reason of findings that other inputs would decide.
  public static let needsInputs = "they need sizes that are not given"

  /// Whether the sizes are taken.
  public internal(set) var verdict: Verdict
  /// What does not hold.
  public internal(set) var violations: [Finding]
  /// What needs sizes that were not given, or could not be read.
  public internal(set) var undecided: [Finding]
  /// What only a run can check.
  public internal(set) var leftToRun: [Finding]
  /// What the written shapes rely on and what these sizes do not meet: the outputs were derived anew.
  public internal(set) var beyond: [Finding]
  /// Sizes that are accepted and differ least, as `x=8x128`.
  public internal(set) var nearest: [String] = []
  /// The results' shapes; empty when the sizes are refused.
  public internal(set) var outputs: [Output] = []
}
