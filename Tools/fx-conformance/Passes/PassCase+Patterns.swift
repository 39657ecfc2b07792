import FX
import GraphPasses

/// Matching and replacing.
extension PassCase {
  mutating func replacePattern() throws -> OrderedJSON {
    let pattern = try readModule(parameters["pattern"] ?? .null)
    let replacement = try readModule(parameters["replacement"] ?? .null)
    let filters = parameters["filters"]?.items ?? []
    let replaced = try module.replacePattern(
      pattern, with: replacement, options: options(pattern),
      where: { match, graph in
        try filters.allSatisfy { try Self.passes($0, match, graph, pattern.graph) }
      })
    let graph = module.graph
    let details = replaced.map { place in
      OrderedJSON.dictionary([
        "anchor": .string(pattern.graph.name(of: place.anchor)),
        "nodes": counterparts(place.match, pattern.graph),
        "replacements": .strings(place.replacements.map { graph.name(of: $0) }),
      ])
    }
    return ["matches": .int(replaced.count), "details": .array(details)]
  }

  mutating func matchSubgraph() throws -> OrderedJSON {
    let pattern = try readModule(parameters["pattern"] ?? .null)
    let matcher = try SubgraphMatcher(pattern.graph, options: options(pattern))
    let graph = module.graph
    let matches = matcher.matches(in: graph).map { match in
      OrderedJSON.dictionary([
        "anchors": .strings(match.anchors.map { pattern.graph.name(of: $0) }),
        "nodes": counterparts(match, pattern.graph),
        "placeholders": .array(match.placeholders.map { GraphAnswer.argument($0, graph) }),
        "returning": .strings(match.returning.map { graph.name(of: $0) }),
      ])
    }
    return ["matches": .array(matches)]
  }

  private func counterparts(_ match: Match, _ pattern: Graph) -> OrderedJSON {
    .object(
      match.order.compactMap { node in
        match.nodes[node].map {
          .init(key: pattern.name(of: node), value: GraphAnswer.argument($0, module.graph))
        }
      })
  }

  private func options(_ pattern: GraphModule) -> SubgraphMatcher.Options {
    var options = SubgraphMatcher.Options()
    options.matchesOutput = parameters["match_output"]?.bool ?? false
    options.matchesPlaceholders = parameters["match_placeholder"]?.bool ?? false
    options.removesOverlapping = parameters["remove_overlapping_matches"]?.bool ?? true
    options.ignoresLiterals = parameters["ignore_literals"]?.bool ?? false
    options.matchingName = parameters["node_name_match"]?.text ?? ""
    let (module, tensors) = (module, tensors)
    options.attributesMatch = { mine, theirs in
      guard let mine = pattern.attribute(at: mine), let theirs = module.attribute(at: theirs) else {
        return false
      }
      return tensors[mine]?.isParameter == tensors[theirs]?.isParameter
    }
    return options
  }

  private static func passes(
    _ filter: OrderedJSON, _ match: Match, _ graph: Graph, _ pattern: Graph
  ) throws -> Bool {
    guard let entry = filter.entries.first, let anchor = match.anchors.first.flatMap({ match[$0] }) else {
      throw CaseError("a filter without condition")
    }
    let isNode = { (position: Int) in
      if case .node = match.placeholders[position] { true } else { false }
    }
    switch entry.key {
    case "placeholder_not_literal": return isNode(entry.value.int ?? 0)
    case "literal_in":
      let position = entry.value["placeholder"]?.int ?? 0
      let values = try (entry.value["values"]?.items ?? []).map { try GraphReader().argument($0, [:]) }
      return !isNode(position) && values.contains { Self.isEqual($0, match.placeholders[position]) }
    case "anchor_users_at_most": return graph.userCount(of: anchor) <= entry.value.int ?? 0
    case "anchor_name_contains": return graph.name(of: anchor).contains(entry.value.text ?? "")
    default: throw CaseError("no filter '\(entry.key)'")
    }
  }

  /// Python compares integers and floats by value.
  private static func isEqual(_ one: Node.Argument, _ other: Node.Argument) -> Bool {
    let number = { (argument: Node.Argument) -> Double? in
      switch argument {
      case .int(let value): Double(value)
      case .float(let value): value
      case .bool(let value): value ? 1 : 0
      default: nil
      }
    }
    if let one = number(one), let other = number(other) { return one == other }
    return one == other
  }
}
