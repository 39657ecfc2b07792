public import FX

/// One place where a graph looks like a pattern.
public struct Match: Sendable {
  /// The nodes of the pattern from which the search started: those that only its output uses.
  public var anchors: [Node]
  /// What each node of the pattern stands for.
  ///
  /// An input of the pattern may stand for a constant or a list.
  public var nodes: NodeMap<Node.Argument> = [:]
  /// The nodes of the pattern that have a counterpart, in the order in which they were found.
  public var order: [Node] = []
  /// What the inputs of the pattern stand for, in their order.
  public var placeholders: [Node.Argument] = []
  /// The nodes of the graph that stand for what the pattern returns.
  public var returning: [Node] = []

  /// The node of the graph that a node of the pattern stands for, or `nil` when there is none or it is a constant.
  public subscript(node: Node) -> Node? {
    if case .node(let counterpart) = nodes[node] { counterpart } else { nil }
  }

  mutating func pair(_ node: Node, with argument: Node.Argument) {
    nodes[node] = argument
    order.append(node)
  }
}
