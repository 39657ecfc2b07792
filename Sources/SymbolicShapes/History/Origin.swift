extension ShapeEnv {
  /// Where a fact came from: the step of the run that caused it.
  ///
  /// The numbers are chosen by the code that drives the environment: a node's number in its graph, and the graph's
  /// number in the program. That code also keeps the text that belongs to them.
  @frozen
  public struct Origin: Hashable, Sendable {
    /// The number of the graph: 0 is the root, others are nested.
    public let graph: UInt32
    /// The number of the step in its graph.
    public let step: UInt32

    /// The origin for this step.
    @inlinable
    public init(step: UInt32, graph: UInt32 = 0) {
      self.step = step
      self.graph = graph
    }

    /// `step 3`, `step 3 of graph 1`.
    var text: String { graph == 0 ? "step \(step)" : "step \(step) of graph \(graph)" }

    /// Stated from outside, before any step.
    public static let input = Origin(step: .max)

    /// Created by a step that was rolled back; the symbol does not belong to the program until it is created again.
    static let forgotten = Origin(step: .max - 1)
  }
}
