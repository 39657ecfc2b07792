import SymbolicExpressions

extension ShapeEnv {
  /// Programs of fewer steps have no room made for them: what they would save is less than what unused room costs.
  private static var fewSteps: Int { 4_096 }
  /// For longer ones no more room is made: what is copied when that is full is the smaller part.
  private static var manySteps: Int { 1 << 18 }

  /// Makes room for what a program of so many steps may make of expressions and teach.
  ///
  /// What is not used of it takes addresses and no memory.
  package func reserveRoom(forSteps steps: Int) {
    guard steps >= Self.fewSteps else { return }
    let steps = Swift.min(steps, Self.manySteps)
    let (expressions, symbols) = (4 * steps, steps / 4)
    arena.reserveRoom(for: expressions, symbols: symbols)
    staticMemo.reserveCapacity(expressions)
    versions.reserveCapacity(steps)
    facts.reserveCapacity(
      ShapeFacts.Counts(
        symbols: facts.kinds.count + symbols, replaced: symbols, guards: steps / 2, runtimeAsserts: steps / 2,
        learnings: steps, constrained: symbols, definitions: symbols))
  }
}
