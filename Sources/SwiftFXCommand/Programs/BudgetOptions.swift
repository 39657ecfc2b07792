import ArgumentParser
import SwiftFX

/// The options of commands that prove, search and run a program several times.
///
/// What a budget does not suffice for is unknown, and the command says so.
struct BudgetOptions: ParsableArguments {
  private static let standard = RunBudget.standard

  @Option(
    help: ArgumentHelp(
      "How many terms the proofs of a run write, build and look at; \(standard.proofs) unless given.",
      valueName: "terms"),
    transform: number)
  var proofBudget = standard.proofs

  @Option(
    help: ArgumentHelp(
      "How many conditions the searches for examples evaluate; \(standard.searches) unless given.",
      valueName: "conditions"),
    transform: number)
  var searchBudget = standard.searches

  @Option(
    help: ArgumentHelp(
      "How many operands of sums and products are built before products stay factored; \(standard.operands) unless given.",
      valueName: "operands"),
    transform: number)
  var operandBudget = standard.operands

  @Option(
    help: ArgumentHelp(
      """
      How many pieces the operators of a run split tensors into; 4 for each node unless given, and at least \
      \(FakeTensorMode.mostPieces(nodes: 0)).
      """,
      valueName: "pieces"),
    transform: number)
  var pieceBudget: Int?

  /// Sets the limits of a run.
  func apply(to options: inout PropagationOptions) {
    options.budget = RunBudget(proofs: proofBudget, searches: searchBudget, operands: operandBudget)
    options.mostPieces = pieceBudget
  }

  private static func number(_ text: String) throws -> Int {
    guard let number = Int(text), number >= 0 else {
      throw ValidationError("'\(text)' is no number of at least 0")
    }
    return number
  }
}
