import DequeModule
public import FX
import HeapModule

extension Graph {
  /// Sorts the nodes so that each comes after those it uses.
  ///
  /// Not stable: the order of independent nodes may change. Arithmetic on sizes and the assertions about them come as
  /// early as possible, so that they precede what they guard.
  ///
  /// - Throws: ``GraphPassError/Kind/cycle(nodes:)``; the graph is then unchanged.
  /// - Complexity: O(*n*).
  /// - Source: `legalize_graph` in `torch/fx/passes/tools_common.py`, v2.13.
  public mutating func legalizeOrder() throws(GraphPassError) {
    var missing = MissingInputs(self)
    var queue = Deque(nodes.filter { missing[$0] == 0 })
    var order: [Node] = []
    while let node = queue.popFirst() {
      order.append(node)
      for user in users(of: node) where missing.fulfil(user) {
        if op(of: user) == .callFunction, Self.earlyTargets.contains(target(of: user).text) {
          queue.prepend(user)
        } else {
          queue.append(user)
        }
      }
    }
    try missing.check(order, self)
    reorder(order)
  }

  /// Sorts the nodes so that each comes after those it uses, changing their order as little as possible.
  ///
  /// - Throws: ``GraphPassError/Kind/cycle(nodes:)``; the graph is then unchanged.
  /// - Complexity: O(*n* log *n*).
  /// - Source: `stable_topological_sort` in `torch/fx/passes/tools_common.py`, v2.13.
  public mutating func sortTopologically() throws(GraphPassError) {
    let order = try topologicalOrder(of: Array(nodes))
    reorder(order)
  }

  /// `nodes`, sorted so that each comes after those of them that it uses, changing their order as little as possible.
  ///
  /// - Throws: ``GraphPassError/Kind/cycle(nodes:)``.
  func topologicalOrder(of nodes: [Node]) throws(GraphPassError) -> [Node] {
    var missing = MissingInputs(self, among: nodes)
    var positions: NodeMap<Int> = [:]
    for (position, node) in nodes.enumerated() { positions[node] = position }
    var ready = Heap(nodes.indices.filter { missing[nodes[$0]] == 0 })
    var order: [Node] = []
    while let position = ready.popMin() {
      order.append(nodes[position])
      for user in users(of: nodes[position]) {
        if let position = positions[user], missing.fulfil(user) { ready.insert(position) }
      }
    }
    try missing.check(order, self)
    return order
  }

  private static let earlyTargets: Set<String> = [
    "_operator.add", "_operator.mul", "_operator.sub", "_operator.floordiv", "_operator.truediv",
    "_operator.mod", "_operator.le", "_operator.lt", "_operator.ge", "_operator.gt", "_operator.eq",
    "_operator.ne", "torch.ops.aten.sym_constrain_range.default",
    "torch.ops.aten.sym_constrain_range_for_size.default", "torch.ops.aten._assert_async.msg",
    "torch.ops.aten.scalar_tensor.default", "torch.ops.aten._assert_scalar.default",
  ]
}

/// The number of a node's inputs that are not yet placed.
struct MissingInputs {
  private var counts: NodeMap<Int>
  private let nodes: [Node]

  /// Counts, for each of `nodes`, the inputs that are among them; by default for all nodes of the graph.
  init(_ graph: Graph, among nodes: [Node]? = nil) {
    self.nodes = nodes ?? Array(graph.nodes)
    counts = NodeMap(for: graph)
    for node in self.nodes { counts[node] = 0 }
    for node in self.nodes {
      graph.forEachInput(of: node) { if counts[$0] != nil { counts[node]? += 1 } }
    }
  }

  subscript(node: Node) -> Int { counts[node] ?? 0 }

  /// Adds an input that the graph does not contain.
  mutating func add(to node: Node) { counts[node]? += 1 }

  /// Records that one input of `node` is placed; returns whether it was the last.
  mutating func fulfil(_ node: Node) -> Bool {
    counts[node]? -= 1
    return counts[node] == 0
  }

  func check(_ order: [Node], _ graph: Graph) throws(GraphPassError) {
    guard order.count < nodes.count else { return }
    let stuck = nodes.filter { self[$0] > 0 }.map { graph.name(of: $0) }
    throw GraphPassError(.cycle(nodes: stuck))
  }
}
