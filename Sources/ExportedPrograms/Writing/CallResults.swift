import FX

/// The parts of calls with several results.
///
/// A graph selects a part with `getitem`; an archive lists the parts of a call by name and has no such node.
///
///     %split = split(%x, 2)
///     %a = getitem(%split, 0)         a, b = split(x, 2)
///     %b = getitem(%split, 1)
struct CallResults {
  private let graph: Graph
  private var parts: NodeMap<[Int: Node]> = [:]
  /// The node whose name a selected part has; another one where a part is selected twice.
  private var selections: NodeMap<Node> = [:]

  init(_ graph: Graph) {
    self.graph = graph
    for node in graph.nodes where graph.op(of: node) == .callFunction && graph.target(of: node) == .getitem {
      guard graph.argumentCount(of: node) == 2, case .node(let source)? = graph.argument(0, of: node),
        case .int(let position)? = graph.argument(1, of: node), graph.op(of: source) == .callFunction
      else { continue }
      let first = parts[first(source), default: [:]][position] ?? node
      parts[self.first(source), default: [:]][position] = first
      selections[node] = first
    }
  }

  /// The node that stands for the value of `node`.
  func first(_ node: Node) -> Node { selections[node] ?? node }

  /// The name that an archive has for the value of `node`.
  func name(of node: Node) -> String { graph.name(of: first(node)) }

  /// Whether `node` only selects a part of a call.
  func isSelection(_ node: Node) -> Bool { selections.contains(node) }

  /// The node that selects the part at `position`.
  func part(_ position: Int, of node: Node) -> Node? { parts[node]?[position] }
}
