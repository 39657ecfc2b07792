public import FX

extension GraphPass {
  /// Creates a pass that replaces every match of a pattern.
  ///
  /// - Parameters:
  ///   - name: the pass's name.
  ///   - pattern: the pattern.
  ///   - replacement: what stands in its place; it has as many inputs and outputs.
  ///   - options: the options of the search.
  public init(
    _ name: String, replacing pattern: GraphModule, with replacement: GraphModule,
    options: SubgraphMatcher.Options = .init()
  ) {
    self.init(
      name,
      reporting: { module, replaced in
        for place in try module.replacePattern(pattern, with: replacement, options: options) {
          for node in place.standIns.nodes { replaced[node] = place.standIns[node] }
        }
      })
  }
}
