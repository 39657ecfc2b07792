public import FX
import OrderedCollections

/// What a pass changed in a module: the nodes that were created, erased and changed, by name.
///
/// Nodes of submodules have the path of their module as a prefix: `true_graph_0.add`.
public struct Changes: Equatable, Sendable {
  /// The nodes that did not exist before.
  public var created: [String] = []
  /// The nodes that no longer exist.
  public var erased: [String] = []
  /// The nodes with a different target, different arguments or a different position.
  public var changed: [String] = []
  /// Whether attributes, submodules, signatures or flags changed.
  public var hasChangedModules = false
  /// For nodes of the old root graph, the node of the new graph that replaces their value.
  ///
  /// It carries over per-node information, such as recorded values and the unbacked symbols that a node binds. A node
  /// whose value is no longer computed has no entry.
  public var standIns: NodeMap<Node> = [:]

  /// Creates the record of a pass that did nothing.
  public init() {}

  /// Compares a module with its earlier state.
  ///
  /// - Parameters:
  ///   - before: the module before.
  ///   - after: the module after.
  ///   - replaced: for nodes that no longer exist, the node that replaced them.
  public init(from before: GraphModule, to after: GraphModule, replaced: NodeMap<Node> = [:]) {
    note(before, after, path: "")
    let keepsNumbers = after.graph.isDescendant(of: before.graph)
    for node in before.graph.nodes {
      var standIn = node
      // A replacement may itself have been replaced.
      while !(keepsNumbers && after.graph.contains(standIn)), let next = replaced[standIn] {
        standIn = next
        if !keepsNumbers { break }
      }
      if keepsNumbers ? after.graph.contains(standIn) : replaced[node] != nil { standIns[node] = standIn }
    }
  }

  /// Whether the module is unchanged.
  public var isEmpty: Bool {
    created.isEmpty && erased.isEmpty && changed.isEmpty && !hasChangedModules
  }

  private mutating func note(_ before: GraphModule, _ after: GraphModule, path: String) {
    let isSameModule =
      before.attributes == after.attributes && before.signature == after.signature
      && before.isImpure == after.isImpure && before.submodules.keys == after.submodules.keys
    if !isSameModule { hasChangedModules = true }
    note(before.graph, after.graph, path: path)
    for (name, module) in before.submodules where after.submodules[name] == nil {
      erased += module.graph.nodes.map { "\(path)\(name).\(module.graph.name(of: $0))" }
    }
    for (name, module) in after.submodules {
      note(before.submodules[name] ?? GraphModule(), module, path: "\(path)\(name).")
    }
  }

  private mutating func note(_ before: Graph, _ after: Graph, path: String) {
    var previous: Node?
    /// The surviving node in front of each one.
    var followed = NodeMap<Node>(for: before)
    for node in before.nodes {
      let name = before.name(of: node)
      if after.node(named: name) == nil {
        erased.append(path + name)
      } else {
        followed[node] = previous
        previous = node
      }
    }
    previous = nil
    for node in after.nodes {
      let name = after.name(of: node)
      guard let old = before.node(named: name) else {
        created.append(path + name)
        continue
      }
      let isSame = followed[old] == previous && before.isSameCall(old, as: node, in: after)
      if !isSame { changed.append(path + name) }
      previous = old
    }
  }
}

extension Changes: CustomStringConvertible {
  /// One line for each kind of change.
  public var description: String {
    var lines: [String] = []
    for (verb, names) in [("created", created), ("erased", erased), ("changed", changed)] where !names.isEmpty
    {
      lines.append("\(verb) \(names.count): \(names.joined(separator: ", "))")
    }
    if hasChangedModules { lines.append("changed attributes or submodules") }
    return lines.isEmpty ? "nothing changed" : lines.joined(separator: "\n")
  }
}
