import SwiftFX

/// What an edit did to the graphs of a program, node by node.
struct GraphChanges {
  private(set) var lines: [String] = []

  init(from old: GraphModule, to new: GraphModule) {
    for entry in new.namedModules where !entry.value.isContainer {
      let before = entry.name.isEmpty ? old : old.submodule(at: entry.name)
      compare(before?.graph ?? Graph(), entry.value.graph, at: entry.name)
    }
    for entry in old.namedModules where !entry.value.isContainer && !entry.name.isEmpty {
      if new.submodule(at: entry.name) == nil { lines.append("- graph \(entry.name)") }
    }
  }

  private mutating func compare(_ old: Graph, _ new: Graph, at path: String) {
    let prefix = path.isEmpty ? "" : "\(path)."
    for node in old.nodes where new.node(named: old.name(of: node)) == nil {
      lines.append("- \(prefix)\(Self.text(node, old))")
    }
    for node in new.nodes {
      guard let counterpart = old.node(named: new.name(of: node)) else {
        lines.append("+ \(prefix)\(Self.text(node, new))")
        continue
      }
      let (before, after) = (Self.text(counterpart, old), Self.text(node, new))
      if before != after { lines.append("~ \(prefix)\(before)   →   \(after)") }
    }
  }

  private static func text(_ node: Node, _ graph: Graph) -> String {
    let named = { (argument: Node.Argument) in
      argument.mapNodes { Node.Argument.opaque(.init(tag: "", text: graph.name(of: $0))) }
    }
    let args = graph.args(of: node).map { "\(named($0))" }
    let kwargs = graph.kwargs(of: node).map { "\($0.name)=\(named($0.value))" }
    return "\(graph.name(of: node)) = \(graph.target(of: node))(\((args + kwargs).joined(separator: ", ")))"
  }
}
