/// A node of a ``Graph``: one placeholder, constant, call or output.
///
/// A node is a number. Its operation, target and arguments are read from its graph, and what a pass learns about it is
/// stored in a ``NodeMap``. Numbers are never reused within a graph.
///
/// In debug builds, a node returned by a graph also knows that graph: using it with a graph, ``NodeMap`` or ``NodeSet``
/// of another graph stops the program. Release builds compare only the number, and a node takes four bytes.
@frozen
public struct Node: Sendable {
  /// The number of the node, below ``Graph/nodeCount``.
  public let index: UInt32

  @usableFromInline let mark: NodeMark

  /// Creates the handle of the node with this number, for any graph that has one.
  @inlinable
  public init(index: UInt32) { self.init(index: index, mark: NodeMark()) }

  @inlinable
  init(index: UInt32, mark: NodeMark) {
    self.index = index
    self.mark = mark
  }
}

extension Node: Hashable {
  /// Whether both have the same number.
  @inlinable
  public static func == (lhs: Node, rhs: Node) -> Bool { lhs.index == rhs.index }

  /// Hashes the number.
  @inlinable
  public func hash(into hasher: inout Hasher) { hasher.combine(index) }
}

extension Node: CustomStringConvertible {
  /// The number, such as `node 5`.
  public var description: String { "node \(index)" }
}

extension Graph {
  /// The operation of a node.
  @frozen
  public enum Op: UInt8, CaseIterable, Hashable, Sendable {
    /// An input of the graph; its target is the parameter's name.
    case placeholder
    /// A parameter, buffer, constant or submodule; its target is the dotted path.
    case getAttr
    /// A call of an operator or of a Python function.
    case callFunction
    /// A call of a method on the first argument; its target is the method's name.
    case callMethod
    /// A call of a submodule; its target is the dotted path.
    case callModule
    /// The results of the graph, as the first argument.
    case output

    /// PyTorch's name, such as `call_function`.
    public var name: String {
      switch self {
      case .placeholder: "placeholder"
      case .getAttr: "get_attr"
      case .callFunction: "call_function"
      case .callMethod: "call_method"
      case .callModule: "call_module"
      case .output: "output"
      }
    }

    /// The operation with PyTorch's name `name`.
    public init?(name: some StringProtocol) {
      guard let op = Self.allCases.first(where: { $0.name == name }) else { return nil }
      self = op
    }
  }
}
