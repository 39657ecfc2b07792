import Foundation
import ReasoningScenarios
import SymbolicExpressions
import SymbolicShapes
import Testing

/// Scenarios recorded from PyTorch 2.13, replayed: the same steps hold, queries have the same answers, and
/// the final state is the same.
///
/// Made by `Scripts/record_reasoning.py reasoning.jsonl --count 300 --seed 20261`; the first 260 are kept.
/// None of them involves an entry of `Documentation/known-differences.md`, so no difference is tolerated.
@Suite struct ScenarioTests {
  private static let recorded = scenarios("reasoning")
  /// Scenarios that PyTorch 2.15 answers otherwise than 2.13.
  private static let newer = scenarios("reasoning_2_15")

  private static func scenarios(_ file: String) -> [RecordedScenario] {
    guard let url = Bundle.module.url(forResource: "Goldens/\(file)", withExtension: "jsonl"),
      let lines = try? String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    else { return [] }
    return lines.compactMap { try? JSONDecoder().decode(RecordedScenario.self, from: Data($0.utf8)) }
  }

  @Test func thereAreScenarios() {
    #expect(Self.recorded.count == 260)
    #expect(Self.recorded.reduce(0) { $0 + $1.scenario.queries.count } > 1_000)
  }

  @Test func agreesWithPyTorch() { expectAgreement(Self.recorded, PyTorchVersion(2, 13)) }

  @Test func agreesWithNewerPyTorch() {
    #expect(Self.newer.count == 17)
    expectAgreement(Self.newer, PyTorchVersion(2, 15))
  }

  private func expectAgreement(_ scenarios: [RecordedScenario], _ version: PyTorchVersion) {
    var differences: [String] = []
    for recorded in scenarios {
      let found = recorded.scenario.answers(as: version)
      let expected = recorded.answers
      let reader = MeaningReader(recorded.scenario)
      for (position, step) in recorded.scenario.steps.enumerated()
      where found.steps[position] != expected.steps[position] {
        differences.append("\(recorded.id): step \(step.check): PyTorch \(expected.steps[position])")
      }
      for (position, query) in recorded.scenario.queries.enumerated()
      where !reader.agree(found.answers[position], expected.answers[position]) {
        differences.append(
          "\(recorded.id): \(query.kind) \(query.expr): PyTorch \(expected.answers[position]), "
            + "ours \(found.answers[position])")
      }
      if !reader.agree(found.final, expected.final) {
        differences.append("\(recorded.id): PyTorch \(expected.final)\n  ours \(found.final)")
      }
    }
    #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
  }
}

/// Compares expressions by meaning: two texts are equal if they are the same expression in an environment that knows
/// only the scenario's symbols.
private struct MeaningReader {
  private let shapes = ShapeEnv()

  init(_ scenario: ReasoningScenario) { scenario.declareSymbols(in: shapes) }

  func agree(_ found: ReasoningAnswers.Answer, _ expected: ReasoningAnswers.Answer) -> Bool {
    if case .text(let a) = found, case .text(let b) = expected { return meaning(a) == meaning(b) }
    return found == expected
  }

  func agree(_ found: ReasoningAnswers.State, _ expected: ReasoningAnswers.State) -> Bool {
    found.ranges == expected.ranges
      && found.replacements.mapValues(meaning) == expected.replacements.mapValues(meaning)
      && found.runtimeAsserts.mapValues(meanings) == expected.runtimeAsserts.mapValues(meanings)
      && meanings(found.guards) == meanings(expected.guards)
  }

  private func meanings(_ texts: [String]) -> Set<String> { Set(texts.map(meaning)) }

  /// The text of the canonical form; an unreadable text stands for itself.
  private func meaning(_ text: String) -> String {
    guard let expression = try? shapes.parse(text) else { return "unread: \(text)" }
    return shapes.text(raw: shapes.arena.canonicalBool(expression))
  }
}
