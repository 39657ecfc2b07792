/// How much work a proof may cost.
///
/// Whatever exceeds it stays unknown.
public struct ProofBudget: Sendable {
  /// How many terms of rows may be written.
  public var work: Int
  /// How many cases may be distinguished.
  public var cases: Int
  /// How many facts may be added.
  public var facts: Int
  /// How many terms were looked at to choose the next variable to eliminate and to find equal rows; only ``RunBudget``
  /// limits them.
  var scans = 0

  /// Creates a budget from its limits.
  public init(work: Int, cases: Int, facts: Int) {
    self.work = work
    self.cases = cases
    self.facts = facts
  }

  /// Enough for the questions that programs raise; at most a few tens of milliseconds.
  public static let standard = ProofBudget(work: 200_000, cases: 64, facts: 48)

  /// The maximum number of variables of one problem.
  static let mostVariables = 160
  /// The maximum number of rows pending while variables are eliminated.
  static let mostRows = 1_200

  mutating func spend(_ amount: Int) -> Bool {
    work -= amount
    return work > 0
  }
}
