public import FX
import HeapModule

extension Graph {
  /// Orders the nodes, and names them, by what they compute only.
  ///
  /// Graphs that differ only in the order of independent calls become equal. Calls that may have an effect keep their
  /// order, and nothing is moved past them.
  ///
  /// - Parameters:
  ///   - groupsItems: whether item selections follow directly after the node they select from, in the order of the
  ///     items, as in a saved program.
  ///   - hasValue: whether the value of a call that is not an ATen operator is a tensor or a number, so that the call
  ///     is made for its value rather than for an effect. By default, nothing is known.
  ///   - isImpure: whether a call has an effect; by default ``FX/Graph/isImpure(_:randomIsImpure:)``.
  /// - Returns: the old and new names of the renamed nodes.
  /// - Throws: ``GraphPassError/Kind/cycle(nodes:)``; the graph is then unchanged.
  /// - Source: `canonicalize_graph` in `torch/fx/passes/canonicalize.py`, v2.15, as `torch.export` calls it.
  @discardableResult
  public mutating func canonicalize(
    groupsItems: Bool = true, hasValue: (Node) -> Bool = { _ in false }, isImpure: ((Node) -> Bool)? = nil
  ) throws(GraphPassError) -> [(old: String, new: String)] {
    var order = try canonicalOrder { node in
      let impure = isImpure?(node) ?? self.isImpure(node)
      return self.isReorderable(node, isImpure: impure, hasValue: hasValue)
    }
    order = sinkingAttributes(order)
    if groupsItems { order = groupingItems(order) }
    reorder(order)
    let kept = NodeSet(findNodes(.placeholder))
    return renameNodesFromTargets { kept.contains($0) }
  }

  private func canonicalOrder(_ isReorderable: (Node) -> Bool) throws(GraphPassError) -> [Node] {
    var missing = MissingInputs(self)
    var followers: NodeMap<[Node]> = [:]
    var barrier: Node?
    var segment: [Node] = []
    for node in nodes where ![.placeholder, .getAttr, .output].contains(op(of: node)) {
      let isBarrier = !isReorderable(node)
      var earlier: [Node] = isBarrier ? segment : []
      if isBarrier { segment = [] }
      if let barrier { earlier.append(barrier) }
      for other in earlier {
        followers[other, default: []].append(node)
        missing.add(to: node)
      }
      if isBarrier { barrier = node } else { segment.append(node) }
    }
    var places: NodeMap<Int> = [:]
    var counter = 0
    var placeholders = 0
    func key(_ node: Node) -> CanonicalKey {
      defer { counter += 1 }
      switch op(of: node) {
      case .placeholder:
        defer { placeholders += 1 }
        return CanonicalKey(rank: 0, text: "", inputs: [placeholders], counter: counter, node: node)
      case .getAttr:
        return CanonicalKey(rank: 1, text: target(of: node).text, inputs: [], counter: counter, node: node)
      case .output: return CanonicalKey(rank: 3, text: "", inputs: [], counter: counter, node: node)
      default:
        return CanonicalKey(
          rank: 2, text: nameCandidate(of: node), inputs: inputs(of: node).compactMap { places[$0] },
          counter: counter, node: node)
      }
    }
    var ready: Heap<CanonicalKey> = []
    for node in nodes where missing[node] == 0 { ready.insert(key(node)) }
    var order: [Node] = []
    while let node = ready.popMin()?.node {
      places[node] = order.count
      order.append(node)
      for user in users(of: node) + (followers[node] ?? []) where missing.fulfil(user) {
        ready.insert(key(user))
      }
    }
    try missing.check(order, self)
    return order
  }

  /// Places each attribute directly before its first user.
  private func sinkingAttributes(_ order: [Node]) -> [Node] {
    let others = order.filter { op(of: $0) != .getAttr }
    var places: NodeMap<Int> = [:]
    for (place, node) in others.enumerated() { places[node] = place }
    let end = others.last.map { op(of: $0) == .output } == true ? others.count - 1 : others.count
    var attributes: [Int: [Node]] = [:]
    for node in order where op(of: node) == .getAttr {
      let users = users(of: node)
      let place = users.isEmpty ? end : users.map { places[$0] ?? others.count }.min() ?? end
      attributes[place, default: []].append(node)
    }
    var result: [Node] = []
    for (place, node) in others.enumerated() { result += (attributes[place] ?? []) + [node] }
    return result + (attributes[others.count] ?? [])
  }

  /// Places item selections directly after the node they select from, in the order of the items.
  private func groupingItems(_ order: [Node]) -> [Node] {
    var items: NodeMap<[Node]> = [:]
    let isItem = { (node: Node) in op(of: node) == .callFunction && target(of: node) == .getitem }
    for node in order where isItem(node) {
      guard case .node(let producer) = argument(0, of: node) else { continue }
      items[producer, default: []].append(node)
    }
    func comesFirst(_ one: (offset: Int, element: Node), _ other: (offset: Int, element: Node)) -> Bool {
      let keys = [one, other].map { place, node -> (Int, Int, String, Int) in
        switch argument(1, of: node) {
        case .int(let index): (0, index, "", place)
        case .bool(let value): (0, value ? 1 : 0, "", place)
        case let index: (1, 0, index?.description ?? "", place)
        }
      }
      return keys[0] < keys[1]
    }
    var result: [Node] = []
    func emit(_ node: Node) {
      result.append(node)
      let group = Array((items[node] ?? []).enumerated()).sorted(by: comesFirst)
      for item in group { emit(item.element) }
    }
    for node in order where !isItem(node) { emit(node) }
    return result.count == order.count ? result : order
  }
}

/// The sort key of a node among those that could come next.
private struct CanonicalKey: Comparable {
  let rank: Int
  let text: String
  let inputs: [Int]
  let counter: Int
  let node: Node

  static func < (lhs: Self, rhs: Self) -> Bool {
    if lhs.rank != rhs.rank { return lhs.rank < rhs.rank }
    if lhs.text != rhs.text { return lhs.text < rhs.text }
    if lhs.inputs != rhs.inputs { return lhs.inputs.lexicographicallyPrecedes(rhs.inputs) }
    return lhs.counter < rhs.counter
  }
}

extension Graph {
  /// Whether a call can be moved past others.
  ///
  /// - Source: `_is_safe_to_reorder` in `torch/fx/passes/canonicalize.py`, v2.15.
  fileprivate func isReorderable(_ node: Node, isImpure: Bool, hasValue: (Node) -> Bool) -> Bool {
    let target = target(of: node)
    switch op(of: node) {
    case .callMethod: return !target.text.hasSuffix("_")
    case .callModule: return !isImpure
    case .callFunction where isImpure: return false
    case .callFunction where !target.isOperatorOverload: break
    default: return true
    }
    let name = target.text.split(separator: ".").last.map(String.init) ?? target.text
    if name.hasSuffix("_") { return false }
    if target.text.hasPrefix("_operator."), Self.inPlaceOperators.contains(name) { return false }
    if case .node = kwargs(of: node)["out"] { return false }
    if ["triton_kernel_wrapper_mutation", "_add_batch_dim", "_remove_batch_dim"].contains(name) {
      return false
    }
    if inputs(of: node).isEmpty { return false }
    return target.isHigherOrder || hasValue(node)
  }

  private static let inPlaceOperators: Set<String> = [
    "iadd", "iand", "iconcat", "ifloordiv", "ilshift", "imatmul", "imod", "imul", "ior", "ipow", "irshift",
    "isub", "itruediv", "ixor",
  ]
}
