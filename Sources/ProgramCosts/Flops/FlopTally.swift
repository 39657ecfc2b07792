import FakeTensors
public import SymbolicShapes

/// Floating-point operations by the operator that PyTorch's counter books them on, such as `aten.mm`.
///
/// Branches of a `cond` are merged operator by operator, so each operator has its own count.
public struct FlopTally {
  /// The counts, in the order in which the operators were met.
  public private(set) var counts: [(operator: String, flops: SymInt)] = []
  /// Products inside kernels that PyTorch's counter does not look into, such as those of oneDNN's LSTM.
  public private(set) var uncounted: [(operator: String, flops: SymInt)] = []

  init() {}

  init(_ name: String, _ flops: SymInt) { counts = [(name, flops)] }

  static func uncounted(_ name: String, _ flops: SymInt) -> FlopTally {
    var tally = FlopTally()
    tally.uncounted = [(name, flops)]
    return tally
  }

  var isEmpty: Bool { counts.isEmpty && uncounted.isEmpty }

  /// The sum of the counts.
  func total(_ shapes: ShapeEnv) -> SymInt { shapes.sum(counts.map(\.flops)) }

  mutating func add(_ other: FlopTally, _ shapes: ShapeEnv) { merge(other, shapes.add) }

  /// The larger count of each operator: only one of the branches runs.
  mutating func keepLarger(_ other: FlopTally, _ shapes: ShapeEnv) { merge(other, shapes.max) }

  /// The counts of `times` runs.
  func repeated(_ times: SymInt, _ shapes: ShapeEnv) -> FlopTally {
    var tally = self
    for index in counts.indices { tally.counts[index].flops = shapes.mul(counts[index].flops, times) }
    for index in uncounted.indices {
      tally.uncounted[index].flops = shapes.mul(uncounted[index].flops, times)
    }
    return tally
  }

  private mutating func merge(_ other: FlopTally, _ combine: (SymInt, SymInt) -> SymInt) {
    Self.merge(&counts, other.counts, combine)
    Self.merge(&uncounted, other.uncounted, combine)
  }

  private static func merge(
    _ counts: inout [(operator: String, flops: SymInt)], _ others: [(operator: String, flops: SymInt)],
    _ combine: (SymInt, SymInt) -> SymInt
  ) {
    for other in others {
      if let index = counts.firstIndex(where: { $0.operator == other.operator }) {
        counts[index].flops = combine(counts[index].flops, other.flops)
      } else {
        counts.append(other)
      }
    }
  }
}
