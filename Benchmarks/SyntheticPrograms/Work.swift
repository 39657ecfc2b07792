import SwiftFX

/// The work of one run over a synthetic program, as counted by the library.
///
/// Unlike times, these numbers are the same in every run.
public struct Work: Sendable {
  /// The family of the program.
  public let family: String
  /// The requested number of nodes.
  public let length: Int
  /// The number of nodes besides the inputs.
  public let nodes: Int
  /// The counters, in display order.
  public let counters: [(name: String, value: Int)]

  /// Counts the first run over a program of a family, including its plan.
  ///
  /// - Throws: ``PropagationError`` if the run does not reach the end.
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

  /// A counter divided by the number of nodes.
  public func perNode(_ value: Int) -> Double { Double(value) / Double(nodes) }
}

extension FakeTensorMode {
  /// The work done in this mode so far.
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
