public import FX

/// A place where a pattern was replaced.
public struct ReplacedPattern: Sendable {
  /// The node of the pattern at which the search started.
  public var anchor: Node
  /// The match, in terms of the original graph; inputs computed by an earlier replacement are the new nodes.
  public var match: Match
  /// The nodes that were added.
  public var replacements: [Node]
  /// For the nodes whose values the match returned, the node that replaced them, if it is a node.
  public var standIns: NodeMap<Node> = [:]
}

extension GraphModule {
  /// Replaces every match of a pattern.
  ///
  ///     pattern(x): relu(neg(x))    replacement(x): gelu(x)
  ///
  ///     %n = neg(%x)
  ///     %r = relu(%n)                  %z = gelu(%x)
  ///     %s = sin(%r)                   %s = sin(%z)
  ///
  /// The inputs of pattern and replacement correspond in order, and so do the results. Of overlapping matches, the
  /// first is replaced. If inner values are used outside, there is no match.
  ///
  /// - Parameters:
  ///   - pattern: the pattern.
  ///   - replacement: the replacement. Attributes and submodules that it refers to and that this module lacks are
  ///     copied.
  ///   - options: the options of the search.
  ///   - filter: which matches to replace; by default all.
  /// - Returns: the places, in the order of the graph.
  /// - Throws: ``GraphPassError`` if the pattern is invalid or pattern and replacement do not fit each other,
  ///   ``GraphError`` if the result is not well formed. The module is then unchanged.
  /// - Source: `replace_pattern_with_filters` in `torch/fx/subgraph_rewriter.py`, v2.13.
  @discardableResult
  public mutating func replacePattern(
    _ pattern: GraphModule, with replacement: GraphModule, options: SubgraphMatcher.Options = .init(),
    where filter: (Match, Graph) throws -> Bool = { _, _ in true }
  ) throws -> [ReplacedPattern] {
    try replacePattern(pattern, options: options, where: filter) { _, _ in replacement }
  }

  /// Replaces every match of a pattern by what a closure builds for it.
  ///
  /// - Parameters:
  ///   - pattern: the pattern.
  ///   - options: the options of the search.
  ///   - filter: which matches to replace; by default all.
  ///   - replacement: builds the replacement for a match.
  /// - Returns: the places, in the order of the graph.
  /// - Throws: like ``replacePattern(_:with:options:where:)``, and what the closures throw.
  @discardableResult
  public mutating func replacePattern(
    _ pattern: GraphModule, options: SubgraphMatcher.Options = .init(),
    where filter: (Match, Graph) throws -> Bool = { _, _ in true },
    with replacement: (Match, Graph) throws -> GraphModule
  ) throws -> [ReplacedPattern] {
    let matcher = try SubgraphMatcher(pattern.graph, options: options)
    var edited = self
    let matches = try matcher.matches(in: graph).filter { try filter($0, graph) }
    var replaced: [ReplacedPattern] = []
    var successors: NodeMap<Node.Argument> = [:]
    for match in matches {
      let module = try replacement(match, edited.graph)
      try module.graph.lint()
      var match = match
      match.follow(successors)
      let added = try edited.graph.replace(match, of: pattern.graph, with: module.graph, &successors)
      try edited.adoptTargets(of: module)
      var place = ReplacedPattern(anchor: match.anchors[0], match: match, replacements: added)
      for node in match.returning { if case .node(let new) = successors[node] { place.standIns[node] = new } }
      replaced.append(place)
    }
    if !matches.isEmpty { edited.deleteAllUnusedSubmodules() }
    try edited.lint()
    self = edited
    return replaced
  }

  /// Copies the attributes and submodules that the graph refers to and that only `other` has.
  private mutating func adoptTargets(of other: GraphModule) throws(GraphPassError) {
    for node in graph.nodes where [.getAttr, .callModule].contains(graph.op(of: node)) {
      let path = graph.target(of: node).text
      guard member(at: path).member == nil else { continue }
      switch other.member(at: path).member {
      case .attribute(let attribute): setAttribute(attribute, at: path)
      case .submodule(let module): setSubmodule(module, at: path)
      case nil: throw GraphPassError(.missingTarget(node: graph.name(of: node), path: path))
      }
    }
  }
}

extension Match {
  /// Replaces inputs by what earlier replacements put in their place.
  fileprivate mutating func follow(_ successors: NodeMap<Node.Argument>) {
    let followed = { (argument: Node.Argument) -> Node.Argument in
      guard case .node(let node) = argument else { return argument }
      return successors[node] ?? argument
    }
    placeholders = placeholders.map(followed)
    for node in order where nodes[node].map({ followed($0) != $0 }) == true {
      if let argument = nodes[node] { nodes[node] = followed(argument) }
    }
  }
}

extension Graph {
  /// Replaces a match.
  ///
  /// Records the replacements of nodes among the successors, for later matches. Returns the added nodes.
  fileprivate mutating func replace(
    _ match: Match, of pattern: Graph, with replacement: Graph, _ successors: inout NodeMap<Node.Argument>
  ) throws -> [Node] {
    let inputs = replacement.findNodes(.placeholder)
    guard inputs.count == match.placeholders.count else {
      throw GraphPassError(.inputCount(pattern: match.placeholders.count, replacement: inputs.count))
    }
    guard let point = insertionPoint(after: match.returning) else {
      throw GraphPassError(.noOutput("the graph"))
    }
    var values: NodeMap<Node.Argument> = [:]
    for (input, argument) in zip(inputs, match.placeholders) { values[input] = argument }
    var added: [Node] = []
    let result = try inserting(before: point) { graph in
      try graph.copyNodes(from: replacement, values: &values, added: &added)
    }
    let results: [Node.Argument]
    switch result {
    case .tuple(let items)?, .list(let items)?: results = items
    case let item?: results = [item]
    case nil: throw GraphPassError(.noOutput("the replacement"))
    }
    guard results.count == match.returning.count else {
      throw GraphPassError(.outputCount(pattern: match.returning.count, replacement: results.count))
    }
    for (old, new) in zip(match.returning, results) {
      if new != .node(old) { replaceAllUses(of: old, with: new) }
      successors[old] = new
      if case .node(let node) = new, added.contains(node) { propagateMetadata(from: old, to: node) }
    }
    for node in pattern.nodes.reversed() where ![.placeholder, .output].contains(pattern.op(of: node)) {
      guard let counterpart = match[node] else {
        throw GraphPassError(.deadPatternNode(pattern.name(of: node)))
      }
      try erase(counterpart)
    }
    return added
  }

  /// The first node that uses one of these, or the node after the last of them.
  private func insertionPoint(after returning: [Node]) -> Node? {
    var users = NodeSet(for: self)
    for node in returning { for user in self.users(of: node) { users.insert(user) } }
    if let first = nodes.first(where: { users.contains($0) }) { return first }
    return nodes.last { returning.contains($0) }.flatMap { next(after: $0) }
  }
}
