import SwiftFX

/// What one run over a synthetic program did, counted by the library itself.
///
/// Times flicker; these numbers are the same in every run.
public struct Work: Sendable {
  /// The family that the program is of.
  public let family: String
  /// How long it was to be.
  public let length: Int
  /// How many nodes it has beside its inputs.
  public let nodes: Int
  /// The counters, in the order in which they are shown.
  public let counters: [(name: String, value: Int)]

  /// Counts the first run over the program of a family, its plan included.
  ///
  /// - Throws: ``PropagationError`` when the run does not reach the end.
  public init(_ family: SyntheticFamily, nodes length: Int) throws {
    let program = family.program(length)
    let before = program.mode.workCounters
    let result = program.context().propagate(program.inputs)
    if let error = result.error { throw error }
    self.family = family.name
    self.length = length
    nodes = program.graph.nodes.count - program.inputs.count
    counters = zip(program.mode.workCounters, before).map { ($0.name, $0.value - $1.value) }
  }

  /// A counter by node.
  public func perNode(_ value: Int) -> Double { Double(value) / Double(nodes) }
}

extension FakeTensorMode {
  /// What was done in this mode so far.
  fileprivate var workCounters: [(name: String, value: Int)] {
    let work = shapes.work
    return [
      ("rules", ruleCount), ("layouts", work.layouts), ("facts", work.facts), ("decisions", work.decisions),
      ("expressions", work.expressions), ("operands", work.arena.operands),
      ("requests", work.arena.requests), ("hits", work.arena.hits), ("laws", work.arena.laws),
      ("ranges", work.arena.ranges), ("rebuilds", work.arena.rebuilds),
    ]
  }
}
