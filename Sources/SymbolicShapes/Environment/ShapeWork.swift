public import SymbolicExpressions

/// How much a shape environment has done so far, counted by itself.
///
/// Times flicker; these numbers are the same in every run of the same program, so a benchmark can hold a
/// change against them.
public struct ShapeWork: Hashable, Sendable {
  /// Distinct expressions made.
  public let expressions: Int
  /// What the arena did to make them and to know their ranges.
  public let arena: ArenaWork
  /// Changes of what is known.
  public let facts: Int
  /// Conditions decided from the facts that were not decided before.
  public let decisions: Int
  /// Questions about layouts that had to be thought about.
  public let layouts: Int
}

extension ShapeEnv {
  /// What was done so far.
  public var work: ShapeWork {
    ShapeWork(
      expressions: arena.count, arena: arena.work, facts: versions.changeCount,
      decisions: staticMemo.foundCount, layouts: layouts.foundCount)
  }
}
