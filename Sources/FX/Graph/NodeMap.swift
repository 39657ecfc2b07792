/// Values attached to the nodes of one graph, such as fake tensors or last uses.
///
/// An array indexed by node number: a look-up is one load and hashes nothing. Nodes that were added to the graph after
/// the map was created have no value until one is set. In debug builds, looking up a node of another graph whose number
/// has a value stops the program.
@frozen
public struct NodeMap<Value> {
  @usableFromInline var slots: ContiguousArray<Value?>
  @usableFromInline var marks = NodeMarks()

  /// Creates a map without values for the nodes of `graph`.
  @inlinable
  public init(for graph: borrowing Graph) {
    slots = ContiguousArray(repeating: nil, count: graph.nodeCount)
  }

  /// Creates a map from values by node number.
  @inlinable
  public init(_ slots: ContiguousArray<Value?>) { self.slots = slots }

  /// The value of a node, or `nil` if it has none.
  @inlinable
  public subscript(node: Node) -> Value? {
    get {
      marks.check(node)
      let index = Int(node.index)
      return index < slots.count ? slots[index] : nil
    }
    _modify {
      marks.note(node)
      let index = Int(node.index)
      if index >= slots.count { grow(to: index + 1) }
      yield &slots[index]
    }
  }

  /// The value of a node, or `defaultValue` if it has none.
  @inlinable
  public subscript(node: Node, default defaultValue: @autoclosure () -> Value) -> Value {
    get { self[node] ?? defaultValue() }
    _modify {
      var value = self[node] ?? defaultValue()
      self[node] = nil
      defer { self[node] = value }
      yield &value
    }
  }

  /// Whether the node has a value.
  @inlinable
  public func contains(_ node: Node) -> Bool {
    marks.check(node)
    let index = Int(node.index)
    return index < slots.count && slots[index] != nil
  }

  @inlinable
  mutating func grow(to count: Int) {
    // Capacity doubles: a map that is filled while its graph is built grows by one node at a time.
    if count > slots.capacity { slots.reserveCapacity(Swift.max(count, slots.capacity * 2)) }
    while slots.count < count { slots.append(nil) }
  }

  /// The nodes that have a value, in the order of their numbers.
  @inlinable
  public var nodes: [Node] {
    slots.indices.compactMap { slots[$0] == nil ? nil : node(UInt32($0)) }
  }

  @inlinable
  func node(_ number: UInt32) -> Node { Node(index: number, mark: marks[number]) }

  /// The number of nodes that have a value.
  @inlinable
  public var count: Int { slots.count { $0 != nil } }
}

extension NodeMap: Sendable where Value: Sendable {}

extension NodeMap: Equatable where Value: Equatable {
  /// Whether the same nodes have equal values.
  public static func == (lhs: Self, rhs: Self) -> Bool {
    let count = max(lhs.slots.count, rhs.slots.count)
    return (0..<count).allSatisfy { lhs[Node(index: UInt32($0))] == rhs[Node(index: UInt32($0))] }
  }
}

extension NodeMap: ExpressibleByDictionaryLiteral {
  /// Creates a map from pairs, for few nodes: `[x: 1.0, y: 2.0]`.
  @inlinable
  public init(dictionaryLiteral elements: (Node, Value)...) {
    slots = []
    for (node, value) in elements { self[node] = value }
  }
}

extension NodeMap: CustomStringConvertible {
  /// The values by number, such as `[0: f32[s0], 2: f32[s0, 4]]`.
  public var description: String {
    let entries = nodes.compactMap { node in self[node].map { "\(node.index): \($0)" } }
    return entries.isEmpty ? "[:]" : "[\(entries.joined(separator: ", "))]"
  }
}
