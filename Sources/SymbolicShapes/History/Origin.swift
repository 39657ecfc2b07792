extension ShapeEnv {
  /// Where a fact came from: the step of the run that caused it.
  ///
  /// The numbers are chosen by whoever drives the environment: a node's number in its graph, and the graph's
  /// number among those of the program. The text that belongs to them is theirs to keep.
  @frozen
  public struct Origin: Hashable, Sendable {
    /// The number of the graph; 0 is the program's own, others are nested in it.
    public let graph: UInt32
    /// The number of the step in its graph.
    public let step: UInt32

    /// The origin that is this step.
    @inlinable
    public init(step: UInt32, graph: UInt32 = 0) {
      self.step = step
      self.graph = graph
    }

    /// `step 3`, `step 3 of graph 1`.
    var text: String { graph == 0 ? "step \(step)" : "step \(step) of graph \(graph)" }

    /// Given from outside, before any step.
    public static let input = Origin(step: .max)

    /// Made by a step that was forgotten since; such a symbol is none of the program's until it is made again.
    static let forgotten = Origin(step: .max - 1)
  }
}
