public import FX

extension GraphModule {
  /// Computes what depends only on the module's tensors, and stores the results as attributes.
  ///
  ///     %w = get_attr[w]
  ///     %t = t(%w)                     %_frozen_param0 = get_attr[_frozen_param0]
  ///     %m = mm(%x, %t)                %m = mm(%x, %_frozen_param0)
  ///
  /// Only values that other nodes use are stored. Random numbers and tensors created from nothing stay calls.
  /// Attributes that are no longer used are removed.
  ///
  /// - Parameter evaluator: computes the calls.
  /// - Returns: the paths of the new attributes.
  /// - Throws: what the evaluator throws, or ``GraphError``; the module is then unchanged.
  /// - Source: `constant_fold` in `torch/_export/passes/constant_folding.py`, v2.13.
  @discardableResult
  public mutating func foldConstants<Evaluator: ConstantEvaluator>(
    _ evaluator: inout Evaluator
  ) throws -> [String] {
    var known = KnownValues(self, evaluator)
    let folded = try foldedNodes(&known)
    evaluator = known.evaluator
    var edited = self
    var paths: [String] = []
    var number = 0
    for (node, value) in folded {
      while edited.member(at: "_frozen_param\(number)").member != nil { number += 1 }
      let path = "_frozen_param\(number)"
      number += 1
      let attribute = edited.graph.inserting(before: node) { $0.getAttr(path) }
      edited.graph.propagateMetadata(from: node, to: attribute)
      edited.graph.replaceAllUses(of: node, with: attribute)
      try edited.graph.erase(node)
      edited.setAttribute(value, at: path)
      paths.append(path)
    }
    try edited.removeUnusedAttributes()
    try edited.eliminateDeadCode()
    try edited.lint()
    self = edited
    return paths
  }

  /// The nodes to replace and their values, in the order of the graph.
  private func foldedNodes<Evaluator>(
    _ known: inout KnownValues<Evaluator>
  ) throws -> [(node: Node, value: AttributeID)] {
    let lastUses = lastUsesBeforeOutput()
    var folded: [(node: Node, value: AttributeID)] = []
    var foldedUses = NodeMap<Int>(for: graph)
    for node in graph.nodes {
      guard let value = try known.compute(node, skipsConstructors: true),
        graph.op(of: node) != .getAttr, case .value(let tensor) = value
      else { continue }
      folded.append((node, tensor))
      let count = { (input: Node) in foldedUses[input, default: 0] += 1 }
      for argument in graph.args(of: node) { argument.forEachNode(count) }
      for entry in graph.kwargs(of: node) { entry.value.forEachNode(count) }
      // Values that only folded nodes use need not be stored.
      for input in lastUses[node] ?? [] where foldedUses[input] == graph.userCount(of: input) {
        folded.removeAll { $0.node == input }
      }
    }
    return folded
  }

  private func lastUsesBeforeOutput() -> NodeMap<[Node]> {
    var lastUses: NodeMap<[Node]> = [:]
    var seen = NodeSet(for: graph)
    for node in graph.nodes.reversed() where graph.op(of: node) != .output {
      for input in graph.inputs(of: node) where seen.insert(input) {
        lastUses[node, default: []].append(input)
      }
    }
    return lastUses
  }

  /// Erases attributes that no node uses, from the graph and from the module.
  private mutating func removeUnusedAttributes() throws(GraphError) {
    var used: Set<String> = []
    let nodes = graph.findNodes(.getAttr)
    for node in nodes where graph.userCount(of: node) > 0 { used.insert(graph.target(of: node).text) }
    for node in nodes {
      let path = graph.target(of: node).text
      guard !used.contains(path) else { continue }
      removeAttribute(at: path)
      try graph.erase(node)
    }
  }
}
