public import FX
import OperatorSchemas

/// The node that a fact comes from, as the program and the author's source name it.
public struct Provenance: Hashable, Sendable {
  /// The dotted path of the node's module; empty for the root graph.
  public let modulePath: String
  /// The node.
  public let node: Node
  /// Its name.
  public let nodeName: String
  /// What it does: `aten.nonzero`, `input`, `output`.
  public let operatorName: String
  /// Whether it is an assertion, which only states what must hold.
  public let isAssertion: Bool
  /// The author's source line, if the archive records it.
  public let frame: StackFrame?

  /// The provenance of `node` in `graph`, the graph of the module at `path`; `nil` if the graph has no such node.
  public init?(_ node: Node, of graph: Graph, at path: String = "") {
    guard graph.contains(node) else { return nil }
    modulePath = path
    self.node = node
    nodeName = graph.name(of: node)
    operatorName = graph.operatorName(of: node)
    isAssertion = Assertion(target: graph.target(of: node).text) != nil
    frame = graph.stackTrace(of: node).flatMap { StackFrame(authorsIn: $0) }
  }

  /// `cond_0.true_graph_0.nonzero`: the node's name after the path of its module.
  public var qualifiedName: String { modulePath.isEmpty ? nodeName : "\(modulePath).\(nodeName)" }

  /// `model.py:14`, or nothing.
  public var place: String? { frame.map { "\($0.fileName):\($0.line)" } }
}

extension Graph {
  /// `aten.nonzero`, `aten.index.Tensor`, `input`, `output`: what a node does, without common prefixes and
  /// `.default`.
  public func operatorName(of node: Node) -> String {
    switch op(of: node) {
    case .placeholder: return "input"
    case .getAttr: return "get_attr"
    case .output: return "output"
    case .callFunction, .callMethod, .callModule:
      let target = target(of: node).text
      for prefix in ["torch.ops.", "_operator."] where target.hasPrefix(prefix) {
        let name = target.dropFirst(prefix.count)
        return String(name.hasSuffix(".default") ? name.dropLast(8) : name)
      }
      return target
    }
  }
}
