/// The nodes of a graph in the order in which they run.
///
/// A list does not change when the graph does, so a loop may erase the nodes it iterates over.
public struct NodeList: BidirectionalCollection, Sendable {
  /// A position in the list.
  @frozen
  public struct Index: Comparable, Sendable {
    @usableFromInline let position: Int
    @usableFromInline let node: UInt32

    @usableFromInline
    init(position: Int, node: UInt32) {
      self.position = position
      self.node = node
    }

    /// Whether both are the same position.
    @inlinable
    public static func == (lhs: Index, rhs: Index) -> Bool { lhs.position == rhs.position }

    /// Whether `lhs` runs before `rhs`.
    @inlinable
    public static func < (lhs: Index, rhs: Index) -> Bool { lhs.position < rhs.position }
  }

  @usableFromInline let links: ContiguousArray<Graph.Link>
  @usableFromInline let ends: Graph.Link
  @usableFromInline let marks: NodeMarkTable
  /// The number of nodes.
  public let count: Int

  @usableFromInline
  init(links: ContiguousArray<Graph.Link>, ends: Graph.Link, marks: NodeMarkTable, count: Int) {
    self.links = links
    self.ends = ends
    self.marks = marks
    self.count = count
  }

  /// The position of the first node.
  @inlinable public var startIndex: Index { Index(position: 0, node: ends.next) }
  /// The position after the last node.
  @inlinable public var endIndex: Index { Index(position: count, node: Graph.none) }
  /// The node at a position.
  @inlinable public subscript(index: Index) -> Node { Node(index: index.node, mark: marks[index.node]) }

  /// The next position.
  @inlinable
  public func index(after index: Index) -> Index {
    Index(position: index.position + 1, node: links[Int(index.node)].next)
  }

  /// The previous position.
  @inlinable
  public func index(before index: Index) -> Index {
    let node = index.node == Graph.none ? ends.previous : links[Int(index.node)].previous
    return Index(position: index.position - 1, node: node)
  }
}

extension Graph {
  /// All nodes, in the order in which they run.
  @inlinable
  public var nodes: NodeList { NodeList(links: links, ends: ends, marks: lineage.marks, count: liveCount) }

  /// The node that runs after `node`, or `nil` at the end and for an erased node.
  @inlinable
  public func next(after node: Node) -> Node? {
    let next = links[position(of: node)].next
    return next == Self.none ? nil : self.node(next)
  }

  /// The node that runs before `node`, or `nil` at the start and for an erased node.
  @inlinable
  public func previous(before node: Node) -> Node? {
    let previous = links[position(of: node)].previous
    return previous == Self.none ? nil : self.node(previous)
  }

  /// Removes a node from the order.
  mutating func unlink(_ node: Node) {
    let link = links[livePosition(of: node)]
    if link.previous == Self.none {
      ends.next = link.next
    } else {
      links[Int(link.previous)].next = link.next
    }
    if link.next == Self.none {
      ends.previous = link.previous
    } else {
      links[Int(link.next)].previous = link.previous
    }
    liveCount -= 1
  }

  /// Links a node that is in no order between two neighbours; `nil` is the start or the end.
  mutating func link(_ node: Node, after previous: Node?, before next: Node?) {
    let previousIndex = previous?.index ?? Self.none
    let nextIndex = next?.index ?? Self.none
    links[Int(node.index)] = Link(previous: previousIndex, next: nextIndex)
    if let previous { links[Int(previous.index)].next = node.index } else { ends.next = node.index }
    if let next { links[Int(next.index)].previous = node.index } else { ends.previous = node.index }
    liveCount += 1
  }
}
