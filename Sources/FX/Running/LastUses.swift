/// For each node of a graph, the values that are no longer needed once it has run.
///
/// All of them are in one array, with a range for each node.
public struct LastUses: Sendable {
  @usableFromInline var starts: ContiguousArray<UInt32>
  @usableFromInline var nodes: ContiguousArray<Node> = []
  @usableFromInline let marks: NodeMarkTable

  /// Finds the last use of every value that is used.
  ///
  /// - Complexity: O(*n*) for *n* uses.
  public init(of graph: Graph) {
    marks = graph.lineage.marks
    var seen = NodeSet(for: graph)
    var lastUser: NodeMap<Node> = NodeMap(for: graph)
    starts = ContiguousArray(repeating: 0, count: graph.nodeCount + 1)
    for user in graph.nodes.reversed() {
      graph.forEachInput(of: user) { input in
        guard seen.insert(input) else { return }
        lastUser[input] = user
        starts[Int(user.index) + 1] += 1
      }
    }
    for index in 1..<starts.count { starts[index] += starts[index - 1] }
    var next = starts
    nodes = ContiguousArray(repeating: Node(index: 0), count: Int(starts[starts.count - 1]))
    for index in 0..<graph.nodeCount {
      let node = graph.node(UInt32(index))
      guard let user = lastUser[node] else { continue }
      nodes[Int(next[Int(user.index)])] = node
      next[Int(user.index)] += 1
    }
  }

  /// The values that `user`, a node of the graph, is the last to use; none for nodes added since.
  @inlinable
  public subscript(user: Node) -> ArraySlice<Node> {
    let index = Int(user.index)
    guard index + 1 < starts.count else { return [] }
    precondition(marks[user.index].fits(user.mark), "\(user) belongs to another graph")
    return nodes[Int(starts[index])..<Int(starts[index + 1])]
  }
}
