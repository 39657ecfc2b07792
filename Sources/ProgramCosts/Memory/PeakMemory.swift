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
    let different = timeline.filter { seen.insert($0.live).inserted }
    let values = domination.values(of: different.map(\.live))
    let candidates = zip(different, values).map { point, values in
      (point: Point(node: point.node, live: point.live), values: values)
    }
    // Stable: of equal points, the earlier stays first.
    let order = candidates.enumerated().sorted {
      let (a, b) = ($0.element.values.example ?? .max, $1.element.values.example ?? .max)
      return a == b ? $0.offset < $1.offset : a > b
    }
    var domination = domination
    var kept: [(point: Point, values: Domination.Values)] = []
    for (_, candidate) in order {
      let isDominated = kept.contains {
        domination.isAtLeast(($0.point.live, $0.values), (candidate.point.live, candidate.values))
      }
      if !isDominated { kept.append(candidate) }
    }
    points = kept.map(\.point)
    formula = points.dropFirst().reduce(points.first?.live ?? 0) { shapes.max($0, $1.live) }
  }
}
