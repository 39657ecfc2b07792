import FX

/// The state of a ``CapabilityPartitioner``: groups, and what is reachable from each.
struct PartitionWork {
  struct Partition {
    let id: Int
    /// The nodes with their position, counted from the end of the graph; nil for items that were moved with their
    /// producer.
    var members: [(node: Node, order: Int?)]
    /// The earliest position of the groups that were merged into it.
    var firstOrder: Int
    /// Nodes outside that use a value of the group.
    var users: Set<Node>
    /// Groups that can be reached from this one.
    var reachable: Set<Int>

    var nodes: [Node] { members.map(\.node) }
  }

  private let graph: Graph
  private var downstream: NodeMap<NodeSet> = [:]
  private var byID: [Int: Partition] = [:]
  private var nextID = 0
  private(set) var assignment: NodeMap<Int> = [:]

  init(_ graph: Graph) {
    self.graph = graph
    for node in graph.nodes.reversed() {
      var set = NodeSet(for: graph)
      for user in graph.users(of: node) {
        set.insert(user)
        if let further = downstream[user] { set.formUnion(further) }
      }
      downstream[node] = set
    }
  }

  /// The groups in the order in which they were created.
  var partitions: [Partition] { byID.values.sorted { $0.id < $1.id } }

  /// The groups by the first position of their nodes, from the end of the graph.
  var partitionsByOrder: [Int] {
    byID.values.sorted { ($0.firstOrder, $0.id) < ($1.firstOrder, $1.id) }.map(\.id)
  }

  /// Creates a group with one node.
  mutating func add(_ node: Node, _ order: Int) {
    let id = nextID
    nextID += 1
    let users = Set(graph.users(of: node))
    assignment[node] = id
    byID[id] = Partition(
      id: id, members: [(node, order)], firstOrder: id, users: users,
      reachable: partitions(after: users).subtracting([id]))
  }

  /// The groups that contain `users` or are reachable from them.
  private func partitions(after users: Set<Node>) -> Set<Int> {
    var found: Set<Int> = []
    for user in users {
      forEachAfter(user) { node in
        guard let id = assignment[node], found.insert(id).inserted else { return }
        found.formUnion(byID[id]?.reachable ?? [])
      }
    }
    return found
  }

  private func forEachAfter(_ node: Node, _ body: (Node) -> Void) {
    body(node)
    downstream[node]?.forEach(in: graph, body)
  }

  /// Merges two groups unless that creates a cycle; returns the group to continue with.
  mutating func merge(_ one: Int, _ other: Int) -> Int {
    guard let mine = byID[one], let theirs = byID[other] else { return one }
    let inside = NodeSet(mine.nodes + theirs.nodes)
    let users = mine.users.union(theirs.users).filter { !inside.contains($0) }
    var isCyclic = false
    for user in users where !isCyclic {
      forEachAfter(user) { node in
        if inside.contains(node) { isCyclic = true }
        if let id = assignment[node], let reachable = byID[id]?.reachable,
          reachable.contains(one) || reachable.contains(other)
        {
          isCyclic = true
        }
      }
    }
    guard !isCyclic else { return one }
    var (kept, removed) = (mine, theirs)
    if mine.members.count < theirs.members.count { (kept, removed) = (theirs, mine) }
    kept.members += removed.members
    for node in removed.nodes { assignment[node] = kept.id }
    byID[removed.id] = nil
    kept.firstOrder = min(kept.firstOrder, removed.firstOrder)
    kept.users = users
    kept.reachable.formUnion(removed.reachable)
    byID[kept.id] = kept
    kept.reachable.formUnion(partitions(after: users))
    kept.reachable.subtract([kept.id, removed.id])
    byID[kept.id] = kept
    return kept.id
  }

  /// Sorts the nodes of each group in graph order.
  mutating func sortNodes() {
    for id in byID.keys {
      byID[id]?.members.sort { ($0.order ?? -1) > ($1.order ?? -1) }
    }
  }

  /// Moves item selections into the group of the node they select from, and out of any other.
  mutating func assignItems() {
    while true {
      var moves: [(node: Node, id: Int?)] = []
      for node in graph.nodes {
        let users = graph.users(of: node)
        let hasOnlyItems = users.allSatisfy {
          graph.op(of: $0) == .callFunction && graph.target(of: $0) == .getitem
        }
        guard hasOnlyItems else { continue }
        for user in users where assignment[user] != assignment[node] {
          moves.append((user, assignment[node]))
        }
      }
      if moves.isEmpty { return }
      for (node, id) in moves {
        if let old = assignment[node] { byID[old]?.members.removeAll { $0.node == node } }
        assignment[node] = id
        if let id { byID[id]?.members.append((node, nil)) }
      }
    }
  }
}

extension NodeSet {
  fileprivate func forEach(in graph: Graph, _ body: (Node) -> Void) {
    for node in graph.nodes where contains(node) { body(node) }
  }
}
