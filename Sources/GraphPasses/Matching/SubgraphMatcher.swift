public import FX
import OperatorSchemas

/// Finds the places where a graph matches a pattern, which is a small graph.
///
/// The pattern's inputs match anything. Its other nodes match nodes with the same operation and matching arguments,
/// whose values must not be used outside the match, except for those that the pattern returns.
///
/// The search starts at the anchors, the returned nodes that nothing else in the pattern uses, and follows the
/// arguments backwards.
///
/// - Source: `SubgraphMatcher` in `torch/fx/passes/utils/matcher_utils.py`, v2.13.
public struct SubgraphMatcher: Sendable {
  /// Options of the search.
  public struct Options: Sendable {
    /// Whether the pattern's output must match the graph's.
    public var matchesOutput = false
    /// Whether an input of the pattern matches only inputs of the graph.
    public var matchesPlaceholders = false
    /// Whether only the first of several overlapping matches is returned.
    public var removesOverlapping = true
    /// Whether constants match any constant.
    public var ignoresLiterals = false
    /// A node whose name contains this text matches any node of the pattern, whatever its operation.
    public var matchingName = ""
    /// Whether an attribute of the pattern matches one of the graph, both given by path; by default all do.
    public var attributesMatch: @Sendable (String, String) -> Bool = { _, _ in true }

    /// Creates PyTorch's default options.
    public init() {}
  }

  /// The graph to search for.
  public let pattern: Graph
  /// The options of the search.
  public let options: Options
  private let placeholders: [Node]
  private let returning: [Node]
  private let anchors: [Node]

  /// Creates a matcher for a pattern.
  ///
  /// - Throws: ``GraphPassError`` if the pattern is empty, has no output, or has unused nodes.
  public init(_ pattern: Graph, options: Options = Options()) throws(GraphPassError) {
    self.pattern = pattern
    self.options = options
    guard !pattern.nodes.isEmpty else { throw GraphPassError(.emptyPattern) }
    guard let output = pattern.outputNode else { throw GraphPassError(.noOutput("the pattern")) }
    for node in pattern.nodes where pattern.userCount(of: node) == 0 && !pattern.isImpure(node) {
      throw GraphPassError(.deadPatternNode(pattern.name(of: node)))
    }
    placeholders = pattern.findNodes(.placeholder)
    returning = pattern.inputs(of: output)
    anchors = options.matchesOutput ? [output] : returning.filter { pattern.userCount(of: $0) == 1 }
  }
}

extension SubgraphMatcher {
  /// All matches, in the order of the graph's nodes.
  ///
  /// - Complexity: O(*n*) for a pattern with one anchor; exponential in the number of anchors.
  public func matches(in graph: Graph) -> [Match] {
    var candidates: [(anchor: Node, nodes: [Node])] = []
    for anchor in anchors {
      let nodes = graph.nodes.filter { looksLike(anchor, $0, graph) }
      if !nodes.isEmpty { candidates.append((anchor, nodes)) }
    }
    guard !candidates.isEmpty else { return [] }
    var found: [Match] = []
    func extend(_ match: Match, from position: Int) {
      guard position < candidates.count else { return found.append(match) }
      for node in candidates[position].nodes {
        var extended = match
        if pair(candidates[position].anchor, node, graph, &extended) {
          extend(extended, from: position + 1)
        }
      }
    }
    extend(Match(anchors: anchors), from: 0)
    found = found.compactMap { complete($0) }.filter { match in
      isContained(match, graph) && graph.isConvex(computed(match))
    }
    return options.removesOverlapping ? withoutOverlaps(found) : found
  }

  /// The nodes of a match, without inputs and output.
  private func computed(_ match: Match) -> [Node] {
    match.order.filter { ![.placeholder, .output].contains(pattern.op(of: $0)) }.compactMap { match[$0] }
  }

  private func complete(_ match: Match) -> Match? {
    var match = match
    for node in placeholders {
      guard let argument = match.nodes[node] else { return nil }
      match.placeholders.append(argument)
    }
    for node in returning {
      guard let counterpart = match[node] else { return nil }
      match.returning.append(counterpart)
    }
    return match
  }

  private func isContained(_ match: Match, _ graph: Graph) -> Bool {
    var counterparts: NodeMap<Node> = [:]
    for node in match.order where pattern.op(of: node) != .placeholder {
      if let counterpart = match[node] { counterparts[counterpart] = node }
    }
    return counterparts.nodes.allSatisfy { counterpart in
      guard let node = counterparts[counterpart] else { return true }
      return returning.contains(node) || graph.users(of: counterpart).allSatisfy { counterparts[$0] != nil }
    }
  }

  private func withoutOverlaps(_ matches: [Match]) -> [Match] {
    var taken = NodeSet()
    return matches.filter { match in
      let nodes = computed(match)
      guard !nodes.contains(where: taken.contains) else { return false }
      for node in nodes { taken.insert(node) }
      return true
    }
  }
}

extension SubgraphMatcher {
  private func looksLike(_ node: Node, _ candidate: Node, _ graph: Graph) -> Bool {
    let op = pattern.op(of: node)
    if op == .placeholder, !options.matchesPlaceholders { return true }
    if !options.matchingName.isEmpty, graph.name(of: candidate).contains(options.matchingName) { return true }
    guard graph.op(of: candidate) == op else { return false }
    switch op {
    case .placeholder, .output: return true
    case .getAttr:
      return options.attributesMatch(pattern.target(of: node).text, graph.target(of: candidate).text)
    default: return pattern.target(of: node) == graph.target(of: candidate)
    }
  }

  /// Tries to match a node of the pattern with `candidate`, and its inputs with the candidate's.
  private func pair(_ node: Node, _ candidate: Node, _ graph: Graph, _ match: inout Match) -> Bool {
    if let known = match.nodes[node] { return known.isNode(candidate) }
    guard !match.order.contains(where: { match[$0] == candidate }), looksLike(node, candidate, graph) else {
      return false
    }
    match.pair(node, with: .node(candidate))
    if pattern.op(of: node) == .placeholder { return true }
    let (mine, theirs) = (pattern.call(of: node), graph.call(of: candidate))
    if mine.args.count == theirs.args.count, mine.kwargs.map(\.name) == theirs.kwargs.map(\.name) {
      return pair(
        mine.args + mine.kwargs.map(\.value), theirs.args + theirs.kwargs.map(\.value), graph, &match)
    }
    guard pattern.op(of: node) == .callFunction, pattern.target(of: node).isOperatorOverload,
      let schema = SchemaTable.schema(named: pattern.target(of: node).text)
    else { return false }
    return pair(
      schema.allArguments(mine.args, mine.kwargs), schema.allArguments(theirs.args, theirs.kwargs), graph,
      &match)
  }

  private func pair(
    _ mine: [Node.Argument], _ theirs: [Node.Argument], _ graph: Graph, _ match: inout Match
  ) -> Bool {
    guard mine.count == theirs.count else { return false }
    return zip(mine, theirs).allSatisfy { pair($0, $1, graph, &match) }
  }

  private func pair(
    _ mine: Node.Argument, _ theirs: Node.Argument, _ graph: Graph, _ match: inout Match
  ) -> Bool {
    switch (mine, theirs) {
    case (.node(let node), .node(let candidate)): return pair(node, candidate, graph, &match)
    case (.list(let items), .list(let others)), (.list(let items), .tuple(let others)),
      (.tuple(let items), .list(let others)), (.tuple(let items), .tuple(let others)):
      return pair(items, others, graph, &match)
    case (.node(let node), _) where pattern.op(of: node) == .placeholder:
      if let known = match.nodes[node] { return known == theirs || options.ignoresLiterals }
      match.pair(node, with: theirs)
      return true
    case (.node, _), (_, .node): return options.ignoresLiterals
    default: return mine.isConstant && theirs.isConstant && mine == theirs || options.ignoresLiterals
    }
  }
}

extension Graph {
  fileprivate func call(of node: Node) -> (args: [Node.Argument], kwargs: [Node.KeywordArgument]) {
    (Array(args(of: node)), Array(kwargs(of: node)))
  }

  /// Whether no path leads from the nodes out and back into them, so that they can be computed together.
  ///
  /// - Source: `validate_partition` in `torch/fx/passes/utils/fuser_utils.py`, v2.13.
  func isConvex(_ nodes: [Node]) -> Bool {
    let inside = NodeSet(nodes)
    var queue: [Node] = []
    for node in nodes { queue += users(of: node).filter { !inside.contains($0) } }
    var visited = NodeSet(for: self)
    while let node = queue.popLast() {
      if inside.contains(node) { return false }
      if visited.insert(node) { queue += users(of: node) }
    }
    return true
  }
}

extension Node.Argument {
  fileprivate func isNode(_ node: Node) -> Bool { if case .node(node) = self { true } else { false } }
}

extension FunctionSchema {
  /// One argument for each of the schema's; missing arguments are the defaults, or `None`.
  fileprivate func allArguments(
    _ args: [Node.Argument], _ kwargs: [Node.KeywordArgument]
  ) -> [Node.Argument] {
    arguments.enumerated().map { position, argument in
      if let given = kwargs[argument.name] { return given }
      if !argument.isKeywordOnly, position < args.count { return args[position] }
      return argument.defaultValue.map { Node.Argument($0) } ?? .none
    }
  }
}
