public import FX
import OperatorSchemas

/// Computes once what a graph computes several times (common subexpression elimination).
///
///     %a = cos(%x)                   %a = cos(%x)
///     %b = cos(%x)
///     %c = add(%a, %b)               %c = add(%a, %a)
///
/// Two calls are equal if they call the same function with the same arguments. Random numbers are drawn as often as
/// before.
public struct CommonSubexpressions: Sendable {
  /// When two constants are equal.
  public enum Equality: Sendable {
    /// If kind and value agree bit by bit: adding `1` and adding `1.0` may give different dtypes, and dividing by `0.0`
    /// and by `-0.0` different signs.
    case exact
    /// If kind and value agree, so `0.0` equals `-0.0`.
    case typed
    /// If Python's `==` says so: `1`, `1.0` and `True` are equal, and `0.0` equals `-0.0`.
    case asPython
  }

  /// Operators, by name without overload (`aten.rand`), and other functions, by full name, whose calls are never
  /// merged.
  public var banned: Set<String>
  /// When two constants are equal.
  public var equality = Equality.exact
  /// Whether calls are merged only if there is no mutation between them.
  public var respectsMutation = true
  /// Whether the value of a node shares its storage with an output, so that merging would make two outputs alias.
  public var sharesOutput: @Sendable (Node) -> Bool = { _ in false }

  /// Creates a pass that merges exactly equal calls, but no random ones and none across a mutation.
  public init() { banned = Self.randomOperators.union(["aten.empty"]) }

  /// PyTorch's `fx_graph_cse`, for which `0.0` equals `-0.0`.
  ///
  /// - Source: `torch/_functorch/compile_utils.py`, v2.13.
  public static func fxGraphCSE() -> Self {
    var pass = Self()
    pass.equality = .typed
    return pass
  }

  /// PyTorch's `CSEPass`, which compares constants as Python does and ignores mutations.
  ///
  /// - Source: `torch/fx/passes/dialect/common/cse_pass.py`, v2.13.
  public static func csePass(banned: Set<String> = randomOperators.union(inPlaceOperators)) -> Self {
    var pass = Self()
    pass.banned = banned
    pass.equality = .asPython
    pass.respectsMutation = false
    return pass
  }

  /// The random operators that PyTorch's passes exclude.
  public static let randomOperators: Set<String> = [
    "aten.dropout", "aten._fused_dropout", "aten._standard_gamma", "aten.bernoulli", "aten.multinomial",
    "aten.native_dropout", "aten.normal", "aten.poisson", "aten.binomial", "aten.rrelu", "aten.rand_like",
    "aten.rand", "aten.randint", "aten.randn", "aten.randperm",
  ]

  /// The in-place operators that `CSEPass` excludes.
  public static let inPlaceOperators: Set<String> = [
    "aten.add_", "aten.sub_", "aten.mul_", "aten.div_", "aten.pow_", "aten.lerp_", "aten.relu_",
    "aten.sigmoid_", "aten.tanh_",
  ]
}

extension CommonSubexpressions {
  /// Merges equal calls; the first of each is kept.
  ///
  /// - Returns: for each removed node, the node that replaces it.
  /// - Throws: ``GraphError`` if the graph is not well formed; it is then unchanged.
  @discardableResult
  public func callAsFunction(_ graph: inout Graph) throws(GraphError) -> NodeMap<Node> {
    try graph.lint()
    var replacements: NodeMap<Node> = [:]
    var known: [CallKey.Hash: (key: CallKey, node: Node, region: Int)] = [:]
    var region = 0
    for node in graph.nodes {
      if respectsMutation, graph.isMutation(node) { region += 1 }
      guard canMerge(node, graph) else { continue }
      let key = CallKey(node, graph, equality)
      guard let earlier = known[key.hash] else {
        known[key.hash] = (key, node, region)
        continue
      }
      // PyTorch keeps one call for each hash, the first one.
      guard earlier.key == key || equality == .exact else { continue }
      guard earlier.region == region else {
        known[key.hash] = (key, node, region)
        continue
      }
      graph.replaceAllUses(of: node, with: earlier.node)
      replacements[node] = earlier.node
      try graph.erase(node)
    }
    if replacements.count > 0 { graph.reorder(Array(graph.nodes)) }
    return replacements
  }

  private func canMerge(_ node: Node, _ graph: Graph) -> Bool {
    switch graph.op(of: node) {
    case .placeholder, .output, .getAttr: return false
    default: break
    }
    let target = graph.target(of: node)
    return !banned.contains(target.packetName) && !sharesOutput(node)
  }
}

extension Node.Target {
  /// The name of an operator without its overload, `aten.add`; another function's name is unchanged.
  var packetName: String {
    guard isOperatorOverload, let name = OperatorName(text) else { return text }
    return name.packet
  }
}
