/// How much work a proof may cost.
///
/// What it does not suffice for stays unknown.
public struct ProofBudget: Sendable {
  /// Terms of rows that may be written.
  public var work: Int
  /// Cases that may be told apart.
  public var cases: Int
  /// Facts that may be drawn in.
  public var facts: Int

  /// A budget of so many steps.
  public init(work: Int, cases: Int, facts: Int) {
    self.work = work
    self.cases = cases
    self.facts = facts
  }

  /// Enough for the questions that programs raise; at most some tens of milliseconds.
  public static let standard = ProofBudget(work: 200_000, cases: 64, facts: 48)

  /// The most variables that one problem may have.
  static let mostVariables = 160
  /// The most rows that may wait while variables are eliminated.
  static let mostRows = 1_200

  mutating func spend(_ amount: Int) -> Bool {
    work -= amount
    return work > 0
  }
}
