public import SymbolicExpressions
public import TensorVocabulary

extension Node {
  /// An argument of a node: another node's value, a constant, or a container of both.
  public enum Argument: Equatable, Sendable {
    /// The value of another node of the same graph.
    case node(Node)
    /// Python's `None`.
    case none
    /// Python's `...` among indices.
    case ellipsis
    case bool(Bool)
    case int(Int)
    case float(Double)
    /// A complex number: real and imaginary part.
    case complex(Double, Double)
    case string(String)
    case dtype(ScalarType)
    case device(Device)
    case layout(Layout)
    case memoryFormat(MemoryFormat)
    /// An operator or function passed to a higher-order operator.
    case `operator`(Target)
    case symInt(SymExpr)
    case symFloat(SymExpr)
    case symBool(SymExpr)
    case tuple([Argument])
    case list([Argument])
    case dict([DictEntry<Argument>])
    case slice(Slice)
    case range(IndexRange)
    /// A submodule of the graph's module, by dotted path.
    case submodule(String)
    /// A tensor owned by the graph's module, by dotted path.
    case tensorConstant(String)
    /// A value that is not interpreted, kept for the round trip.
    case opaque(Opaque)
  }

  /// A named argument of a call.
  public typealias KeywordArgument = Named<Argument>
}

extension Node.Argument {
  /// Python's `slice(start, stop, step)`, whose bounds may be nodes.
  public struct Slice: Equatable, Sendable {
    /// Start, stop and step: an array keeps ``Node/Argument`` small.
    let bounds: [Node.Argument]

    /// Creates a slice; `.none` leaves a bound open.
    public init(_ start: Node.Argument, _ stop: Node.Argument, _ step: Node.Argument = .none) {
      bounds = [start, stop, step]
    }

    /// The first bound.
    public var start: Node.Argument { bounds[0] }
    /// The second bound.
    public var stop: Node.Argument { bounds[1] }
    /// The distance between elements.
    public var step: Node.Argument { bounds[2] }
  }

  /// Python's `range(start, stop, step)`.
  public struct IndexRange: Equatable, Sendable {
    private let bounds: [Int]

    /// Creates the range from `start` up to, but not including, `stop`.
    public init(_ start: Int, _ stop: Int, _ step: Int = 1) { bounds = [start, stop, step] }

    /// The first integer.
    public var start: Int { bounds[0] }
    /// The integer at which the range ends.
    public var stop: Int { bounds[1] }
    /// The distance between integers.
    public var step: Int { bounds[2] }
  }

  /// A value of an unknown kind, with its text from the archive.
  public final class Opaque: Equatable, Sendable {
    /// The archive's tag, such as `as_custom_obj`.
    public let tag: String
    /// The value's text as it was read.
    public let text: String

    /// Creates a value from its tag and text.
    public init(tag: String, text: String) {
      self.tag = tag
      self.text = text
    }

    /// Whether tag and text are equal.
    public static func == (lhs: Opaque, rhs: Opaque) -> Bool { lhs.tag == rhs.tag && lhs.text == rhs.text }
  }
}

extension Node.Argument {
  /// Calls `body` with every node inside, in the order in which the argument is written.
  @inlinable
  public func forEachNode(_ body: (Node) -> Void) {
    switch self {
    case .node(let node): body(node)
    case .tuple(let items), .list(let items): for item in items { item.forEachNode(body) }
    case .dict(let entries): for entry in entries { entry.value.forEachNode(body) }
    case .slice(let slice):
      slice.start.forEachNode(body)
      slice.stop.forEachNode(body)
      slice.step.forEachNode(body)
    default: break
    }
  }

  /// Calls `body` with the path of every submodule inside.
  public func forEachSubmodule(_ body: (String) -> Void) {
    switch self {
    case .submodule(let path): body(path)
    case .tuple(let items), .list(let items): for item in items { item.forEachSubmodule(body) }
    case .dict(let entries): for entry in entries { entry.value.forEachSubmodule(body) }
    default: break
    }
  }

  /// Returns the argument with each node inside replaced, keeping the structure (PyTorch's `map_arg`).
  public func mapNodes<Failure: Error>(
    _ transform: (Node) throws(Failure) -> Node.Argument
  ) throws(Failure) -> Node.Argument {
    switch self {
    case .node(let node): return try transform(node)
    case .tuple(let items): return .tuple(try Self.mapNodes(items, transform))
    case .list(let items): return .list(try Self.mapNodes(items, transform))
    case .dict(let entries):
      var mapped: [DictEntry<Node.Argument>] = []
      for entry in entries { mapped.append(.init(entry.key, try entry.value.mapNodes(transform))) }
      return .dict(mapped)
    case .slice(let slice):
      return .slice(
        Slice(
          try slice.start.mapNodes(transform), try slice.stop.mapNodes(transform),
          try slice.step.mapNodes(transform)))
    default: return self
    }
  }

  private static func mapNodes<Failure: Error>(
    _ items: [Node.Argument], _ transform: (Node) throws(Failure) -> Node.Argument
  ) throws(Failure) -> [Node.Argument] {
    var mapped: [Node.Argument] = []
    mapped.reserveCapacity(items.count)
    for item in items { mapped.append(try item.mapNodes(transform)) }
    return mapped
  }

  /// Whether the argument contains no node.
  public var isConstant: Bool {
    switch self {
    case .node: false
    case .tuple(let items), .list(let items): items.allSatisfy(\.isConstant)
    case .dict(let entries): entries.allSatisfy(\.value.isConstant)
    case .slice(let slice): slice.bounds.allSatisfy(\.isConstant)
    default: true
    }
  }
}

extension Node.Argument: CustomStringConvertible {
  /// The argument as Python prints it, with nodes by number: `[%3, 2, None]`.
  public var description: String {
    ArgumentWriter(nodeName: { "%\($0.index)" }, symbolText: { "\($0)" }).text(self, .code)
  }
}
