import ArgumentParser
import SwiftFX

/// The option of commands that prove, search and run a program several times.
///
/// What a budget does not suffice for is unknown, and the command says so.
struct BudgetOptions: ParsableArguments {
  private static let standard = RunBudget.standard

  @Option(
    help: ArgumentHelp(
      """
      A limit of a run, such as proofs=8000000: terms that proofs write (proofs, \(standard.proofs) unless given), \
      conditions that searches for examples evaluate (searches, \(standard.searches)), operands of sums and products \
      that are built before products stay factored (operands, \(standard.operands)), pieces that operators split \
      tensors into (pieces, 4 for each node and at least \(FakeTensorMode.mostPieces(nodes: 0))).
      """,
      valueName: "NAME=NUMBER"),
    transform: BudgetChange.init)
  var budget: [BudgetChange] = []

  /// Sets the limits of a run.
  func apply(to options: inout PropagationOptions) {
    for change in budget {
      switch change.name {
      case .proofs: options.budget.proofs = change.number
      case .searches: options.budget.searches = change.number
      case .operands: options.budget.operands = change.number
      case .pieces: options.mostPieces = change.number
      }
    }
  }
}

/// One limit as an argument gives it: `proofs=8000000`.
struct BudgetChange {
  enum Name: String, CaseIterable { case proofs, searches, operands, pieces }

  let name: Name
  let number: Int

  init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1)
    guard let name = parts.first.flatMap({ Name(rawValue: String($0)) }) else {
      let names = Name.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("'\(text)' names no budget; there are \(names), each followed by = and a number")
    }
    guard parts.count == 2, let number = Int(parts[1]), number >= 0 else {
      throw ValidationError("'\(text)' gives no number of at least 0")
    }
    (self.name, self.number) = (name, number)
  }
}
