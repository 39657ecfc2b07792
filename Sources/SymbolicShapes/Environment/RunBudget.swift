import SymbolicExpressions

/// The work that all questions of one run may cost together, beyond what propagation itself takes.
///
/// Every proof and every search also has a budget of its own; it ends when either is spent. A question without budget
/// remains unknown, like a question without a proof: budgets never make an answer wrong.
public struct RunBudget: Sendable, Equatable {
  /// The maximum number of terms that proofs write; see ``ProofBudget/work``.
  public var proofs: Int
  /// The maximum number of conditions that searches for examples evaluate; one of many parts counts several times.
  public var searches: Int
  /// The maximum number of operands of the sums and products that are built.
  ///
  /// Beyond it, products of sums stay factored, and no further runs are made.
  public var operands: Int

  /// Creates a budget from its parts.
  public init(proofs: Int, searches: Int, operands: Int) {
    self.proofs = proofs
    self.searches = searches
    self.operands = operands
  }

  /// Enough for programs of any kind that occur; at most some seconds.
  public static let standard = RunBudget(proofs: 4_000_000, searches: 1_000_000, operands: 3_000_000)
}

extension ShapeEnv {
  /// Begins a run whose questions share `budget`.
  public func beginRun(_ budget: RunBudget) {
    hasSpentEarlierBudget = hasSpentAnyBudget
    runBudget = budget
    operandsAtStart = arena.work.operands
    let (limit, overflow) = operandsAtStart.addingReportingOverflow(budget.operands)
    arena.operandLimit = overflow ? .max : limit
  }

  /// Whether the current run has spent one of its budgets, so that some questions were left unknown.
  public var hasSpentRunBudget: Bool {
    runBudget.proofs <= 0 || runBudget.searches <= 0 || !mayBuildMore
  }

  /// Whether a survey may run the program once more, and questions may expand products of sums.
  package var mayBuildMore: Bool { arena.mayExpand }

  /// Whether this or an earlier run has spent one of its budgets.
  public var hasSpentAnyBudget: Bool { hasSpentEarlierBudget || hasSpentRunBudget }

  /// How many operands the current run has built.
  package var operandsBuilt: Int { arena.work.operands - operandsAtStart }
}
