import SymbolicExpressions

extension ShapeEnv {
  /// No room is reserved for programs with fewer steps: unused room would cost more than it saves.
  private static var fewSteps: Int { 4_096 }
  /// Room is reserved for at most this many steps: beyond them, copying when the columns grow is the smaller cost.
  private static var manySteps: Int { 1 << 18 }

  /// Reserves room for the expressions and facts that a program of `steps` steps may add.
  ///
  /// Unused room takes address space but no memory.
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
