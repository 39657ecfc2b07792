extension GraphModule {
  /// Checks the graphs of this module and of all modules below it, and that everything they refer to exists.
  ///
  /// - Throws: the first problem found, with the path of the module it is in.
  public func lint() throws(GraphError) {
    for entry in namedModules {
      do throws(GraphError) {
        try entry.value.graph.lint()
        try entry.value.lintTargets()
      } catch {
        var error = error
        error.module = entry.name
        throw error
      }
    }
  }

  private func lintTargets() throws(GraphError) {
    for node in graph.nodes {
      let op = graph.op(of: node)
      guard op == .getAttr || op == .callModule else { continue }
      let path = graph.target(of: node).text
      switch member(at: path) {
      case (nil, let prefix):
        throw GraphError(
          .noSuchTarget(node: graph.name(of: node), path: path, existingPrefix: prefix))
      case (.attribute, _) where op == .callModule:
        throw GraphError(.notAModule(node: graph.name(of: node), path: path))
      default: break
      }
    }
  }
}
