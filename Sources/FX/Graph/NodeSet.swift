/// A set of nodes of one graph, as a bit for each number.
@frozen
public struct NodeSet: Equatable, Sendable {
  @usableFromInline var words: ContiguousArray<UInt64>

  /// Makes an empty set.
  @inlinable
  public init() { words = [] }

  /// Makes an empty set with room for the nodes of `graph`.
  @inlinable
  public init(for graph: borrowing Graph) {
    words = ContiguousArray(repeating: 0, count: (graph.nodeCount + 63) / 64)
  }

  /// Whether the node is in the set.
  @inlinable
  public func contains(_ node: Node) -> Bool {
    let word = Int(node.index >> 6)
    return word < words.count && words[word] & (1 << UInt64(node.index & 63)) != 0
  }

  /// Adds a node; returns whether it was not there before.
  @inlinable
  @discardableResult
  public mutating func insert(_ node: Node) -> Bool {
    let word = Int(node.index >> 6)
    while word >= words.count { words.append(0) }
    let bit: UInt64 = 1 << UInt64(node.index & 63)
    defer { words[word] |= bit }
    return words[word] & bit == 0
  }

  /// Takes a node out; returns whether it was there.
  @inlinable
  @discardableResult
  public mutating func remove(_ node: Node) -> Bool {
    guard contains(node) else { return false }
    words[Int(node.index >> 6)] &= ~(1 << UInt64(node.index & 63))
    return true
  }

  /// How many nodes the set holds.
  @inlinable
  public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
