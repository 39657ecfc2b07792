import ArgumentParser
import Foundation
import ReasoningScenarios
import SymbolicShapes

/// `fx-conformance proofs`: counts the yes-or-no questions of recorded scenarios that are proved.
struct ProofsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proofs",
    abstract:
      "Count the recorded questions that are proved: those that PyTorch decides, and those it leaves open.",
    discussion: "Example: fx-conformance proofs reasoning.jsonl")

  @Argument(help: "Scenarios of symbolic reasoning, one JSON object a line.")
  var cases: String

  func run() throws {
    var tally = ProofTally()
    try CaseLines(path: cases).forEach { line in
      guard let scenario = try? JSONDecoder().decode(ReasoningScenario.self, from: line) else { return }
      scenario.countProofs(&tally)
    }
    print(tally.text)
  }
}

extension ProofTally {
  fileprivate var text: String {
    """
    scenarios  \(scenarios), \(contradictory) of them with facts that contradict each other, which are left out
    decided    \(decided) questions, \(provedAlike) proved, \(provedOtherwise) proved to be otherwise
    open       \(open) questions, \(provedOpen) proved
    """
  }
}
