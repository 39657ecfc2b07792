import Synchronization

/// Distinguishes nodes that were added to different graphs under the same number.
///
/// Copies of a graph share its nodes and number new ones alike: node 5 of one copy is not node 5 of the other.
/// Therefore every stretch of numbers has a mark under which no other graph adds nodes. The first copy that adds a node
/// while others hold the mark takes a new one:
///
///     graph   0 1 2 3 4        one stretch, mark 1
///     copy    0 1 2 3 4 5 6    the same stretch, then one with mark 2
///
/// Marks are unique in the process. A graph that is never copied has one stretch.
@usableFromInline
struct Lineage: Sendable {
  struct Stretch: Equatable, Sendable {
    var start: UInt32
    var mark: UInt64
  }

  /// Only its sole owner may add nodes under the last mark.
  private final class Licence: Sendable {}

  private static let lastMark = Atomic<UInt64>(0)

  private var stretches: ContiguousArray<Stretch> = []
  private var licence: Licence?

  /// The marks of the nodes, for debug builds.
  @usableFromInline var marks: NodeMarkTable { NodeMarkTable(stretches) }

  /// Ensures that the next node, which gets this number, is distinguished from those of all other graphs.
  mutating func prepare(toAdd number: UInt32) {
    guard !isKnownUniquelyReferenced(&licence) else { return }
    licence = Licence()
    let mark = Self.lastMark.add(1, ordering: .relaxed).newValue
    stretches.append(Stretch(start: number, mark: mark))
  }

  /// How many nodes the two graphs, of `count` and `otherCount` nodes, share: those with the lowest numbers.
  func sharedCount(_ count: Int, with other: Lineage, _ otherCount: Int) -> Int {
    var position = 0
    while position < stretches.count, position < other.stretches.count,
      stretches[position] == other.stretches[position]
    {
      position += 1
    }
    let ends = [(stretches, count), (other.stretches, otherCount)].map { stretches, count in
      position < stretches.count ? Int(stretches[position].start) : count
    }
    return position == 0 ? 0 : min(ends[0], ends[1])
  }
}

extension Graph {
  /// How many nodes this graph and another share; they are those with the lowest numbers.
  ///
  /// A number below the result identifies the same node in both, however both were edited. Any other number identifies
  /// a node that the other graph does not have. The result is 0 for graphs that were built separately, even equal ones,
  /// and for the result of a ``Transformer``.
  ///
  ///     var copy = graph                      copy.sharedNodeCount(with: graph) is graph.nodeCount
  ///     copy.callFunction(relu, [.node(x)])   still
  ///     graph.callFunction(neg, [.node(x)])   still: relu and neg have the same number but are not shared
  public func sharedNodeCount(with other: Graph) -> Int {
    lineage.sharedCount(nodeCount, with: other.lineage, other.nodeCount)
  }

  /// Whether this graph is `other` or an edited copy of it, so that all its nodes keep their numbers.
  ///
  /// Every graph descends from a graph without nodes.
  public func isDescendant(of other: Graph) -> Bool { sharedNodeCount(with: other) == other.nodeCount }
}
