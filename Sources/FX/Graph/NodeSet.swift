/// A set of nodes of one graph, as one bit for each number.
///
/// In debug builds, looking up a node of another graph whose number was ever in the set stops the program.
@frozen
public struct NodeSet: Sendable {
  @usableFromInline var words: ContiguousArray<UInt64>
  @usableFromInline var marks = NodeMarks()

  /// Creates an empty set.
  @inlinable
  public init() { words = [] }

  /// Creates an empty set with room for the nodes of `graph`.
  @inlinable
  public init(for graph: borrowing Graph) {
    words = ContiguousArray(repeating: 0, count: (graph.nodeCount + 63) / 64)
  }

  /// Creates a set of these nodes.
  public init(_ nodes: some Sequence<Node>) {
    self.init()
    for node in nodes { insert(node) }
  }

  /// Whether the node is in the set.
  @inlinable
  public func contains(_ node: Node) -> Bool {
    marks.check(node)
    let word = Int(node.index >> 6)
    return word < words.count && words[word] & (1 << UInt64(node.index & 63)) != 0
  }

  /// Adds a node; returns whether it is new.
  @inlinable
  @discardableResult
  public mutating func insert(_ node: Node) -> Bool {
    marks.note(node)
    let word = Int(node.index >> 6)
    while word >= words.count { words.append(0) }
    let bit: UInt64 = 1 << UInt64(node.index & 63)
    defer { words[word] |= bit }
    return words[word] & bit == 0
  }

  /// Removes a node; returns whether it was there.
  @inlinable
  @discardableResult
  public mutating func remove(_ node: Node) -> Bool {
    guard contains(node) else { return false }
    words[Int(node.index >> 6)] &= ~(1 << UInt64(node.index & 63))
    return true
  }

  /// Adds all nodes of another set of the same graph.
  public mutating func formUnion(_ other: NodeSet) {
    while words.count < other.words.count { words.append(0) }
    for index in other.words.indices { words[index] |= other.words[index] }
    marks.formUnion(other.marks)
  }

  /// The number of nodes in the set.
  @inlinable
  public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}

extension NodeSet: Equatable {
  /// Whether both contain the same numbers.
  public static func == (lhs: NodeSet, rhs: NodeSet) -> Bool {
    let count = max(lhs.words.count, rhs.words.count)
    return (0..<count).allSatisfy { word in
      (word < lhs.words.count ? lhs.words[word] : 0) == (word < rhs.words.count ? rhs.words[word] : 0)
    }
  }
}

extension NodeSet: CustomStringConvertible {
  /// The numbers of the nodes, such as `{0, 2}`.
  public var description: String {
    let numbers = (0..<UInt32(words.count * 64)).filter { words[Int($0 >> 6)] & (1 << UInt64($0 & 63)) != 0 }
    return "{\(numbers.map(String.init).joined(separator: ", "))}"
  }
}
