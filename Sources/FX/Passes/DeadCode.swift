import OrderedCollections

extension Graph {
  /// Whether the node must be kept even if its value is unused (PyTorch's `is_impure`).
  ///
  /// True for inputs, outputs and calls with side effects. A call of a submodule counts as pure here; a module knows which
  /// of its submodules are not, see ``GraphModule/isImpure(_:randomIsImpure:)``.
  ///
  /// - Parameters:
  ///   - node: the node.
  ///   - randomIsImpure: whether drawing random numbers is a side effect (PyTorch's `impure_random`).
  /// - Returns: whether it must be kept.
  public func isImpure(_ node: Node, randomIsImpure: Bool = true) -> Bool {
    switch op(of: node) {
    case .placeholder, .output: true
    case .getAttr, .callMethod, .callModule: false
    case .callFunction:
      SideEffects.hasSideEffects(
        target(of: node), firstArgument: argument(0, of: node), randomIsImpure: randomIsImpure)
    }
  }

  /// Erases the nodes whose values are unused and that have no side effects.
  ///
  ///     %a = add(%x, 1)        %b is unused; without it, %a is, too
  ///     %b = mul(%a, 2)
  ///     %c = sub(%x, 3)                                  %c = sub(%x, 3)
  ///     return c                                         return c
  ///
  /// - Parameter isImpure: whether a node must be kept; by default ``isImpure(_:randomIsImpure:)``.
  /// - Returns: whether any node was erased.
  /// - Throws: ``GraphError`` if the graph is not well formed; it is then unchanged.
  /// - Complexity: O(*n*).
  @discardableResult
  public mutating func eliminateDeadCode(
    isImpure: ((Graph, Node) -> Bool)? = nil
  ) throws(GraphError) -> Bool {
    try lint()
    return try eraseDeadCode(isImpure: isImpure)
  }

  /// ``eliminateDeadCode(isImpure:)`` for a graph that is known to be well formed.
  @discardableResult
  package mutating func eraseDeadCode(
    isImpure: ((Graph, Node) -> Bool)? = nil
  ) throws(GraphError) -> Bool {
    var hasChanged = false
    for node in nodes.reversed() where userCount(of: node) == 0 {
      guard !(isImpure?(self, node) ?? self.isImpure(node)) else { continue }
      try erase(node)
      hasChanged = true
    }
    return hasChanged
  }
}

extension GraphModule {
  /// Whether the node of the module's graph must be kept even if its value is unused.
  ///
  /// As in PyTorch, a call of a submodule is impure only if the submodule says so, whatever its graph does.
  public func isImpure(_ node: Node, randomIsImpure: Bool = true) -> Bool {
    if graph.op(of: node) == .callModule {
      return submodule(at: graph.target(of: node).text)?.isImpure ?? false
    }
    return graph.isImpure(node, randomIsImpure: randomIsImpure)
  }

  /// Erases dead code in this module's graph and in the submodules that it still refers to.
  ///
  /// - Returns: whether any node was erased.
  @discardableResult
  public mutating func eliminateDeadCode(
    isImpure: ((Graph, Node) -> Bool)? = nil
  ) throws(GraphError) -> Bool {
    let module = self
    var hasChanged = try graph.eliminateDeadCode(isImpure: isImpure ?? { _, node in module.isImpure(node) })
    for node in graph.findNodes(.getAttr) {
      let name = graph.target(of: node).text
      if try submodules[name]?.eliminateDeadCode() == true { hasChanged = true }
    }
    return hasChanged
  }
}
