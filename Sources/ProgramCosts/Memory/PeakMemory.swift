public import FX
import SymbolicExpressions
public import SymbolicShapes

/// The peak live memory of a program, with the points where it can occur.
public struct PeakMemory {
  /// A point of the program that can be the peak.
  public struct Point {
    /// The node after which this much memory is live.
    public let node: Node
    /// The live bytes.
    public let live: SymInt
  }

  /// The points that can be the peak, the largest at the example sizes first.
  ///
  /// No other point ever exceeds all of these.
  public let points: [Point]
  /// The larger of the points: one formula if a single point is always the peak, else a `Max`.
  public let formula: SymInt

  /// Keeps the points that no other point is proved to dominate.
  init(_ timeline: [MemoryTimeline.Point], _ domination: Domination) {
    let shapes = domination.shapes
    var seen: Set<SymInt> = []
    var candidates: [(point: Point, example: Int?)] = []
    for point in timeline where seen.insert(point.live).inserted {
      var example: Int?
      if case .known(let value) = domination.example.value(of: point.live, shapes) { example = value }
      candidates.append((Point(node: point.node, live: point.live), example))
    }
    // Stable: of equal points, the earlier stays first.
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
