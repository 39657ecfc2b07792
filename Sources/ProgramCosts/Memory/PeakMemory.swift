public import FX
import SymbolicExpressions
public import SymbolicShapes

/// The most memory that a program has alive, with the points where that can be.
public struct PeakMemory {
  /// A point of the program that can be the peak.
  public struct Point {
    /// The node after which so much is alive.
    public let node: Node
    /// The bytes that are alive.
    public let live: SymInt
  }

  /// The points that can be the peak, the largest at the example's sizes first.
  ///
  /// No other point ever exceeds all of them.
  public let points: [Point]
  /// The larger of the points: one formula when a single point is always the peak, else a `Max`.
  public let formula: SymInt

  /// Keeps the points that no other one is shown to dominate.
  init(_ timeline: [MemoryTimeline.Point], _ domination: Domination) {
    let shapes = domination.shapes
    var seen: Set<SymInt> = []
    var candidates: [(point: Point, example: Int?)] = []
    for point in timeline where seen.insert(point.live).inserted {
      var example: Int?
      if case .known(let value) = domination.example.value(of: point.live, shapes) { example = value }
      candidates.append((Point(node: point.node, live: point.live), example))
    }
    // Stable: of equal points the earlier one stays first.
    let order = candidates.enumerated().sorted {
      let (a, b) = ($0.element.example ?? .max, $1.element.example ?? .max)
      return a == b ? $0.offset < $1.offset : a > b
    }
    var domination = domination
    var kept: [Point] = []
    for (_, candidate) in order {
      if kept.contains(where: { domination.isAtLeast($0.live, candidate.point.live) }) { continue }
      kept.append(candidate.point)
    }
    points = kept
    formula = kept.dropFirst().reduce(kept.first?.live ?? 0) { shapes.max($0, $1.live) }
  }
}
