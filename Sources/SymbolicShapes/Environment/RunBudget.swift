import SymbolicExpressions

/// The work that all questions of one run may cost together, beyond what propagation itself takes.
///
/// Every proof and every search also has a budget of its own; it ends when either is spent. A question without budget
/// remains unknown, like a question without a proof: budgets never make an answer wrong.
public struct RunBudget: Sendable, Equatable {
  /// The maximum number of terms that proofs write; see ``ProofBudget/work``.
  public var proofs: Int
  /// The maximum number of conditions that searches for examples evaluate.
  public var searches: Int
  /// The maximum number of operands of the sums and products that a survey builds in its further runs.
  public var operands: Int

  /// Creates a budget from its parts.
  public init(proofs: Int, searches: Int, operands: Int) {
    self.proofs = proofs
    self.searches = searches
    self.operands = operands
  }

  /// Enough for programs of any kind that occur; at most some seconds.
  public static let standard = RunBudget(proofs: 4_000_000, searches: 1_000_000, operands: 20_000_000)
}

extension ShapeEnv {
  /// Begins a run whose questions share `budget`.
  public func beginRun(_ budget: RunBudget) {
    runBudget = budget
    operandsAtStart = arena.work.operands
  }

  /// Whether the current run has spent one of its budgets, so that some questions were left unknown.
  public var hasSpentRunBudget: Bool {
    runBudget.proofs <= 0 || runBudget.searches <= 0 || !mayBuildMore
  }

  /// Whether a survey may run the program once more.
  package var mayBuildMore: Bool { arena.work.operands - operandsAtStart < runBudget.operands }
}
