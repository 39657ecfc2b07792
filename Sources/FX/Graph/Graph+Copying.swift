extension Graph {
  /// Copies a node of another graph and its metadata (PyTorch's `node_copy`).
  ///
  /// - Parameters:
  ///   - node: the node to copy.
  ///   - other: the graph it belongs to.
  ///   - transform: the replacement for each node among the arguments.
  /// - Returns: the copy.
  /// - Throws: what `transform` throws.
  @discardableResult
  public mutating func copyNode<Failure: Error>(
    _ node: Node, from other: Graph, _ transform: (Node) throws(Failure) -> Node.Argument
  ) throws(Failure) -> Node {
    var args: [Node.Argument] = []
    for argument in other.args(of: node) { args.append(try argument.mapNodes(transform)) }
    var kwargs: [Node.KeywordArgument] = []
    for entry in other.kwargs(of: node) {
      kwargs.append(Named(entry.name, try entry.value.mapNodes(transform)))
    }
    let copy = createNode(
      other.op(of: node), other.target(of: node), args: args, kwargs: kwargs, name: other.name(of: node))
    metadataStore.copy(node, of: other.metadataStore, to: copy)
    return copy
  }

  /// Copies all nodes of another graph except its output (PyTorch's `graph_copy`).
  ///
  /// - Parameters:
  ///   - other: the graph to copy.
  ///   - copies: the node of this graph that replaces each node of `other`. Nodes with an entry are not copied;
  ///     every node that is copied gets one.
  /// - Returns: what `other` returns, in terms of this graph, or `nil` if it has no output.
  /// - Throws: ``GraphError/Kind/usedBeforeDefinition(node:argument:)`` if `other` is out of order.
  @discardableResult
  public mutating func copyNodes(
    from other: Graph, copies: inout NodeMap<Node>
  ) throws(GraphError) -> Node.Argument? {
    for node in other.nodes where copies[node] == nil {
      func lookUp(_ input: Node) throws(GraphError) -> Node.Argument {
        guard let copy = copies[input] else {
          throw GraphError(
            .usedBeforeDefinition(node: other.name(of: node), argument: other.name(of: input)))
        }
        return .node(copy)
      }
      if other.op(of: node) == .output {
        return try other.argument(0, of: node)?.mapNodes(lookUp)
      }
      copies[node] = try copyNode(node, from: other, lookUp)
    }
    return nil
  }
}
