public import SymbolicExpressions

/// How much work a shape environment has done so far.
///
/// Unlike times, these numbers are the same in every run of a program, so benchmarks can compare them.
public struct ShapeWork: Hashable, Sendable {
  /// Distinct expressions created.
  public let expressions: Int
  /// The arena's work to create them and compute their ranges.
  public let arena: ArenaWork
  /// Changes of what is known.
  public let facts: Int
  /// Conditions decided from the facts for the first time.
  public let decisions: Int
  /// Layout questions that were not answered from the memo.
  public let layouts: Int
}

extension ShapeEnv {
  /// The work done so far.
  public var work: ShapeWork {
    ShapeWork(
      expressions: arena.count, arena: arena.work, facts: versions.changeCount,
      decisions: staticMemo.foundCount, layouts: layouts.foundCount)
  }
}
