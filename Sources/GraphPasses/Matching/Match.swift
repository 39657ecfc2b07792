public import FX

/// A place where a graph matches a pattern.
public struct Match: Sendable {
  /// The nodes of the pattern at which the search started: those that only its output uses.
  public var anchors: [Node]
  /// The counterpart of each node of the pattern.
  ///
  /// The counterpart of a pattern input may be a constant or a list.
  public var nodes: NodeMap<Node.Argument> = [:]
  /// The nodes of the pattern that have a counterpart, in the order in which they were found.
  public var order: [Node] = []
  /// The counterparts of the pattern's inputs, in order.
  public var placeholders: [Node.Argument] = []
  /// The nodes of the graph that correspond to the pattern's results.
  public var returning: [Node] = []

  /// The node of the graph that corresponds to a node of the pattern, or `nil` if there is none or it is a constant.
  public subscript(node: Node) -> Node? {
    if case .node(let counterpart) = nodes[node] { counterpart } else { nil }
  }

  mutating func pair(_ node: Node, with argument: Node.Argument) {
    nodes[node] = argument
    order.append(node)
  }
}
