/// The positional or the keyword arguments of a node, counted from zero.
///
/// A view of the graph at one moment: it does not change when the graph does. Creating one allocates nothing.
@frozen
public struct NodeArguments<Element> {
  @usableFromInline let pool: ContiguousArray<Element>
  @usableFromInline let start: Int
  /// The number of arguments.
  public let count: Int

  @inlinable
  init(_ pool: ContiguousArray<Element>, _ range: Graph.PoolRange) {
    self.pool = pool
    start = Int(range.start)
    count = Int(range.count)
  }
}

extension NodeArguments: RandomAccessCollection {
  /// The position of the first argument: always 0.
  @inlinable public var startIndex: Int { 0 }
  /// The position after the last argument.
  @inlinable public var endIndex: Int { count }

  /// The argument at a position.
  ///
  /// - Precondition: the node has that many arguments.
  @inlinable
  public subscript(position: Int) -> Element {
    precondition(position >= 0 && position < count, "there is no argument at this position")
    return pool[start &+ position]
  }
}

extension NodeArguments: Sendable where Element: Sendable {}

extension NodeArguments: Equatable where Element: Equatable {
  /// Whether both have equal arguments in the same order.
  public static func == (lhs: Self, rhs: Self) -> Bool { lhs.elementsEqual(rhs) }
}

extension NodeArguments: ExpressibleByArrayLiteral {
  /// Creates arguments for comparison: `graph.args(of: node) == [.node(x), 2]`.
  public init(arrayLiteral elements: Element...) {
    pool = ContiguousArray(elements)
    start = 0
    count = pool.count
  }
}

extension NodeArguments: CustomStringConvertible {
  /// The arguments in brackets.
  public var description: String { Array(self).description }
}
