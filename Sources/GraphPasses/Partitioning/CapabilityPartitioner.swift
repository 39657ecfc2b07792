public import FX

/// Groups the nodes that a backend supports into as few groups as possible without creating cycles.
///
/// - Source: `CapabilityBasedPartitioner` in `torch/fx/passes/infra/partitioner.py`, v2.13.
public struct CapabilityPartitioner: Sendable {
  /// Whether a group may consist of a single compute call.
  public var allowsSingleNodes = false
  /// Functions, by full name, that do not count as compute, in addition to views and item selections.
  public var nonComputeTargets: Set<String> = []
  /// Functions, by full name, of which a single call may form a group.
  public var targetsAllowedAlone: Set<String> = []
  /// Whether nodes are grouped only with their users, not with unrelated nodes.
  public var skipsHorizontalFusion = false

  /// Creates PyTorch's default options.
  public init() {}

  /// The groups; none of them depends on its own results through other nodes.
  ///
  /// - Parameters:
  ///   - graph: the graph, in topological order.
  ///   - isSupported: whether the backend supports a node.
  /// - Returns: the groups, each in the order of the graph.
  /// - Complexity: O(*n*²).
  public func partitions(of graph: Graph, where isSupported: (Node) -> Bool) -> [[Node]] {
    var work = PartitionWork(graph)
    for (order, node) in graph.nodes.reversed().enumerated() {
      var isNew = false
      if isSupported(node), work.assignment[node] == nil {
        work.add(node, order)
        isNew = true
      }
      let candidates: [Int]
      if skipsHorizontalFusion {
        guard isNew, let own = work.assignment[node] else { continue }
        var found = [own]
        for user in graph.users(of: node) {
          if let other = work.assignment[user], !found.contains(other) { found.append(other) }
        }
        candidates = found
      } else {
        // A newly created group tries the others; otherwise, the first group does.
        let own = isNew ? work.assignment[node] : nil
        candidates = (own.map { [$0] } ?? []) + work.partitionsByOrder.filter { $0 != own }
      }
      guard var current = candidates.first else { continue }
      for other in candidates.dropFirst() { current = work.merge(current, other) }
    }
    work.sortNodes()
    work.assignItems()
    return work.partitions.map(\.nodes).filter { !$0.isEmpty && isLargeEnough($0, graph) }
  }

  private func isLargeEnough(_ nodes: [Node], _ graph: Graph) -> Bool {
    guard !allowsSingleNodes else { return true }
    let free = nonComputeTargets.union(["torch.ops.aten.view", "_operator.getitem"])
    var count = 0
    for node in nodes where graph.op(of: node) == .callFunction {
      let target = graph.target(of: node).text
      if !free.contains(target) { count += 1 }
      if targetsAllowedAlone.contains(target) { count += 1 }
    }
    return count > 1
  }

  /// Removes non-compute calls from the borders of groups.
  public func withoutBookends(_ partitions: [[Node]], of graph: Graph) -> [[Node]] {
    var inputs: NodeMap<Bool> = [:]
    var outputs: NodeMap<Bool> = [:]
    let isFree = { (node: Node) in
      graph.op(of: node) == .callFunction && nonComputeTargets.contains(graph.target(of: node).text)
    }
    func isTransparent(
      _ node: Node, _ inside: NodeSet, _ removed: NodeSet, _ known: inout NodeMap<Bool>,
      _ next: (Node) -> [Node]
    ) -> Bool {
      if graph.op(of: node) == .placeholder || !inside.contains(node) || removed.contains(node) {
        return true
      }
      if let answer = known[node] { return answer }
      let answer = isFree(node) && next(node).allSatisfy { isTransparent($0, inside, removed, &known, next) }
      known[node] = answer
      return answer
    }
    return partitions.map { nodes in
      let inside = NodeSet(nodes)
      var removed = NodeSet()
      for node in nodes where isFree(node) {
        if isTransparent(node, inside, removed, &inputs, { graph.inputs(of: $0) })
          || isTransparent(node, inside, removed, &outputs, { graph.users(of: $0) })
        {
          removed.insert(node)
        }
      }
      return nodes.filter { !removed.contains($0) }
    }
  }
}
