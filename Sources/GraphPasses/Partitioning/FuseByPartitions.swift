public import FX
import OrderedCollections

extension GraphModule {
  /// Moves groups of nodes into submodules, each called where its last node was.
  ///
  ///     %a = relu(%x)    in the group        %fused_0 = fused_0(%x)
  ///     %b = neg(%a)     in the group
  ///     return b                             return fused_0
  ///
  /// A group with several results returns a tuple. The graph is sorted afterwards if necessary.
  ///
  /// - Parameters:
  ///   - partitions: the groups.
  ///   - prefix: the prefix of the submodules' names, followed by their number.
  ///   - alwaysReturnsTuple: whether a single result is also returned in a tuple.
  /// - Returns: the names of the submodules.
  /// - Throws: ``GraphPassError/Kind/cyclicParts(_:)`` if a path leads out of a group and back into it;
  ///   ``GraphPassError/Kind/unknownNode(_:)`` for a foreign node. The module is then unchanged.
  /// - Source: `fuse_by_partitions` in `torch/fx/passes/utils/fuser_utils.py`, v2.13.
  @discardableResult
  public mutating func fuse(
    _ partitions: [[Node]], prefix: String = "fused_", alwaysReturnsTuple: Bool = false
  ) throws -> [String] {
    var edited = self
    var names: [String] = []
    for (number, partition) in partitions.enumerated() {
      let name = "\(prefix)\(number)"
      try edited.fuse(partition, into: name, alwaysReturnsTuple)
      names.append(name)
    }
    try edited.graph.sortTopologically()
    try edited.lint()
    self = edited
    return names
  }

  private mutating func fuse(_ group: [Node], into name: String, _ alwaysReturnsTuple: Bool) throws {
    for node in group where !graph.contains(node) {
      throw GraphPassError(.unknownNode("number \(node.index)"))
    }
    let nodes = try graph.topologicalOrder(of: group)
    guard let last = nodes.last else { return }
    guard graph.isConvex(nodes) else {
      throw GraphPassError(.cyclicParts([name]))
    }
    let inside = NodeSet(nodes)
    var part = SplitPart(name: name)
    for node in nodes {
      for input in graph.inputs(of: node) where part.copies[input] == nil {
        part.addInput(input)
        part.note(part.graph.placeholder(graph.name(of: input)), for: input, of: graph)
      }
      let copies = part.copies
      part.copies[node] = part.graph.copyNode(node, from: graph) { .node(copies[$0] ?? $0) }
    }
    for node in nodes where graph.users(of: node).contains(where: { !inside.contains($0) }) {
      part.addOutput(node)
    }
    let returned = part.outputs.compactMap { part.copies[$0] }.map { Node.Argument.node($0) }
    let isSingle = returned.count == 1 && !alwaysReturnsTuple
    part.graph.output(isSingle ? returned[0] : .tuple(returned))
    submodules[name] = GraphModule(part.graph, of: self, className: name)
    insertCall(of: part, after: last, isSingle)
    for node in nodes.reversed() { try graph.erase(node) }
  }

  private mutating func insertCall(of part: SplitPart, after last: Node, _ isSingle: Bool) {
    let call = graph.inserting(after: last) { graph in
      graph.callModule(part.name, part.inputs.map { .node($0) })
    }
    var previous = call
    for (index, output) in part.outputs.enumerated() {
      var value = call
      if !isSingle {
        value = graph.inserting(after: previous) { $0.callFunction(.getitem, [.node(call), .int(index)]) }
        previous = value
      }
      graph.propagateMetadata(from: output, to: value)
      graph.replaceAllUses(of: output, with: value)
    }
  }
}
