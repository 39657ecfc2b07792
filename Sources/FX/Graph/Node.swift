/// A node of a ``Graph``: one placeholder, constant, call or output.
///
/// A node is a number. Its operator, target and arguments are asked of the graph it belongs to, and what a
/// pass finds out about it lies in a ``NodeMap``. Numbers are never reused within a graph.
@frozen
public struct Node: Hashable, Sendable {
  /// The number of the node, below ``Graph/nodeCount``.
  public let index: UInt32

  /// Makes the handle of the node with this number.
  @inlinable
  public init(index: UInt32) { self.index = index }
}

extension Graph {
  /// What a node does.
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

    /// The operation that PyTorch calls `name`.
    public init?(name: some StringProtocol) {
      guard let op = Self.allCases.first(where: { $0.name == name }) else { return nil }
      self = op
    }
  }
}
