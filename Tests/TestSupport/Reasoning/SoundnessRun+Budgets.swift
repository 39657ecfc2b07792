import SymbolicShapes

extension SoundnessRun.Budgets {
  /// The budget of one set of facts and its questions; `nil` for that of a new environment.
  ///
  /// A small budget is anywhere from none to about what all the questions need.
  func budget(_ generator: inout SampleGenerator) -> RunBudget? {
    switch self {
    case .small:
      RunBudget(
        proofs: generator.int(0...20_000), searches: generator.int(0...1_000),
        operands: generator.int(0...1_500))
    case .standard: nil
    case .large: RunBudget(proofs: .max, searches: .max, operands: .max)
    }
  }
}
