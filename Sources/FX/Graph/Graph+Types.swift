extension Graph {
  /// What the author says a node's value is, such as `torch.Tensor`: Python's text of it (PyTorch's `node.type`).
  ///
  /// It is shown where the graph is printed and goes along with copies of the node. Archives do not have it.
  public func type(of node: Node) -> String? {
    precondition(owns(node), "\(node) is no node of this graph")
    return metadataStore.types[node]
  }

  /// Says what a node's value is; `nil` removes what was said.
  public mutating func setType(_ type: String?, of node: Node) {
    precondition(owns(node), "\(node) is no node of this graph")
    metadataStore.types[node] = type
  }
}
