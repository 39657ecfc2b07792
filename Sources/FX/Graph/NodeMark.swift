/// Identifies the graph to which a node was added, in debug builds; empty in release builds, where it costs nothing.
///
/// A handle created from a number alone has no mark and is accepted as a node of any graph.
@frozen
@usableFromInline
struct NodeMark: Sendable {
  #if DEBUG
    /// The last bits of the mark in the ``Lineage``, or 0 for none.
    @usableFromInline var bits: UInt32 = 0
  #endif

  /// Creates an empty mark.
  @inlinable
  init() {}

  /// Whether both may belong to the same node.
  @inlinable
  func fits(_ other: NodeMark) -> Bool {
    #if DEBUG
      bits == other.bits || bits == 0 || other.bits == 0
    #else
      true
    #endif
  }
}

/// Finds the mark for a node number: in debug builds the stretches of a ``Lineage``, in release builds nothing.
@usableFromInline
struct NodeMarkTable: Sendable {
  #if DEBUG
    private let stretches: ContiguousArray<Lineage.Stretch>
  #endif

  init(_ stretches: ContiguousArray<Lineage.Stretch>) {
    #if DEBUG
      self.stretches = stretches
    #endif
  }

  /// The mark of the node with this number.
  @inlinable
  subscript(number: UInt32) -> NodeMark {
    #if DEBUG
      mark(of: number)
    #else
      NodeMark()
    #endif
  }

  #if DEBUG
    @usableFromInline
    func mark(of number: UInt32) -> NodeMark {
      var mark = NodeMark()
      if let stretch = stretches.last(where: { $0.start <= number }) {
        mark.bits = UInt32(truncatingIfNeeded: stretch.mark)
      }
      return mark
    }
  #endif
}

/// The marks of the nodes in a collection; empty in release builds.
@frozen
@usableFromInline
struct NodeMarks: Sendable {
  #if DEBUG
    @usableFromInline var marks: ContiguousArray<NodeMark> = []
  #endif

  /// Creates an empty collection.
  @inlinable
  init() {}

  /// The mark of the node with this number.
  @inlinable
  subscript(index: UInt32) -> NodeMark {
    #if DEBUG
      Int(index) < marks.count ? marks[Int(index)] : NodeMark()
    #else
      NodeMark()
    #endif
  }

  /// Stops the program if the collection knows a node of another graph with the same number.
  @inlinable
  func check(_ node: Node) {
    #if DEBUG
      precondition(
        self[node.index].fits(node.mark),
        "node \(node.index) of one graph was used where node \(node.index) of another graph is known")
    #endif
  }

  /// Records all marks of another collection.
  mutating func formUnion(_ other: NodeMarks) {
    #if DEBUG
      while marks.count < other.marks.count { marks.append(NodeMark()) }
      for index in other.marks.indices where other.marks[index].bits != 0 {
        marks[index] = other.marks[index]
      }
    #endif
  }

  /// Records the mark of a node.
  @inlinable
  mutating func note(_ node: Node) {
    #if DEBUG
      check(node)
      guard node.mark.bits != 0 else { return }
      while marks.count <= Int(node.index) { marks.append(NodeMark()) }
      marks[Int(node.index)] = node.mark
    #endif
  }
}
