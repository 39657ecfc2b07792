import Foundation
import ReasoningScenarios
import Testing

@Suite struct ProofTallyTests {
  private func tally(checks: [String], questions: [String]) throws -> ProofTally {
    let object: [String: Any] = [
      "symbols": ["u0", "u1", "u2"].map { ["symbol": $0, "kind": "unbacked"] },
      "steps": checks.map { ["check": $0] },
      "queries": questions.map { ["kind": "statically_known_true", "expr": $0] },
    ]
    let data = try JSONSerialization.data(withJSONObject: object)
    var tally = ProofTally()
    try JSONDecoder().decode(ReasoningScenario.self, from: data).countProofs(&tally)
    return tally
  }

  @Test func countsDecidedAndOpenQuestions() throws {
    let tally = try tally(
      checks: ["u0 >= 3", "u0 <= u1", "u1 <= u2"],
      questions: ["u0 >= 1", "u0 < 0", "u0 <= u2", "u2 <= 100"])
    #expect(tally.scenarios == 1)
    #expect(tally.decided == 2)
    #expect(tally.provedAlike == 2)
    #expect(tally.provedOtherwise == 0)
    #expect(tally.open == 2)
    #expect(tally.provedOpen == 1)
  }

  @Test(arguments: [["u0 == 3*u0", "u0 >= 2"], ["u0 <= u1", "u1 <= u2", "u2 < u0"]])
  func contradictoryScenariosAreLeftOut(_ checks: [String]) throws {
    let tally = try tally(checks: checks, questions: ["u0 >= 1"])
    #expect(tally.contradictory == 1)
    #expect(tally.decided + tally.open == 0)
  }
}
