/// The result of a ``Transformer``.
public struct TransformedModule: Sendable {
  /// The module with its new graph.
  public var module: GraphModule
  /// For each node of the old graph, the node of the new graph that replaces its value.
  ///
  /// If one node became several, this is the last of them. A node that was dropped in favour of its input maps to the
  /// replacement of that input, so several old nodes may map to the same new one. A node whose value became a constant
  /// or a tuple, list or dictionary of nodes has no entry.
  public var nodes: NodeMap<Node>

  /// Creates a result from a module and the map of its nodes.
  public init(module: GraphModule, nodes: NodeMap<Node>) {
    self.module = module
    self.nodes = nodes
  }
}

/// Rewrites a module by running it: each method adds a node to a new graph and returns that node.
///
/// Overriding one method changes all nodes of that kind. A node's metadata is copied to the nodes that replace it.
///
/// ```swift
/// /// Replaces every `relu` by `gelu`.
/// final class Gelu: Transformer {
///   override func callFunction(
///     _ target: Node.Target, _ args: [PyTree<Node>], _ kwargs: [Named<PyTree<Node>>]
///   ) throws -> PyTree<Node> {
///     let isRelu = target == "torch.ops.aten.relu.default"
///     return try super.callFunction(isRelu ? "torch.ops.aten.gelu.default" : target, args, kwargs)
///   }
/// }
/// ```
///
/// - Source: `Transformer` in `torch/fx/interpreter.py`, v2.13.
open class Transformer: Interpreter<Node> {
  /// The graph being built.
  public final var newGraph = Graph()

  /// Creates a transformer for a module.
  public init(_ module: GraphModule) { super.init(module, garbageCollectValues: false) }

  /// Runs the module and returns it with the new graph; attributes, submodules and signature are kept.
  ///
  /// The new graph renumbers the nodes. Per-node information must be carried over with ``TransformedModule/nodes``.
  public final func transform() throws(InterpreterError) -> TransformedModule {
    newGraph = Graph()
    let result = try run([PyTree<Node>](), enableIOProcessing: false)
    var nodes = NodeMap<Node>(for: graph)
    for node in graph.nodes { nodes[node] = env[node]?.value }
    if let outputNode = graph.outputNode {
      let output = newGraph.output(try Self.argument(result))
      newGraph.metadataStore.copy(outputNode, of: graph.metadataStore, to: output)
      nodes[outputNode] = output
    }
    var transformed = module
    transformed.graph = newGraph
    return TransformedModule(module: transformed, nodes: nodes)
  }

  /// Adds a node to the new graph, with the metadata of the node being run.
  ///
  /// - Throws: ``InterpreterError/Kind/malformed(expectation:)`` for a slice without start, stop and step.
  public final func createNode(
    _ op: Graph.Op, _ target: Node.Target, _ args: [PyTree<Node>], _ kwargs: [Named<PyTree<Node>>]
  ) throws(InterpreterError) -> PyTree<Node> {
    var arguments: [Node.Argument] = []
    for arg in args { arguments.append(try Self.argument(arg)) }
    var keywords: [Node.KeywordArgument] = []
    for entry in kwargs { keywords.append(Named(entry.name, try Self.argument(entry.value))) }
    let node = newGraph.createNode(op, target, args: arguments, kwargs: keywords)
    if let currentNode { newGraph.metadataStore.copy(currentNode, of: graph.metadataStore, to: node) }
    return .value(node)
  }

  open override func placeholder(
    _ target: Node.Target, _ args: [PyTree<Node>], _ kwargs: [Named<PyTree<Node>>]
  ) throws -> PyTree<Node> {
    try createNode(.placeholder, target, Array(args.prefix(1)), [])
  }

  open override func getAttr(
    _ target: Node.Target, _ args: [PyTree<Node>], _ kwargs: [Named<PyTree<Node>>]
  ) throws -> PyTree<Node> {
    try createNode(.getAttr, target, args, kwargs)
  }

  open override func callFunction(
    _ target: Node.Target, _ args: [PyTree<Node>], _ kwargs: [Named<PyTree<Node>>]
  ) throws -> PyTree<Node> {
    try createNode(.callFunction, target, args, kwargs)
  }

  open override func callMethod(
    _ target: Node.Target, _ args: [PyTree<Node>], _ kwargs: [Named<PyTree<Node>>]
  ) throws -> PyTree<Node> {
    try createNode(.callMethod, target, args, kwargs)
  }

  open override func callModule(
    _ target: Node.Target, _ args: [PyTree<Node>], _ kwargs: [Named<PyTree<Node>>]
  ) throws -> PyTree<Node> {
    try createNode(.callModule, target, args, kwargs)
  }

  open override func mapNodesToValues(_ argument: Node.Argument, for node: Node) throws -> PyTree<Node> {
    switch argument {
    case .submodule, .tensorConstant: .constant(argument)
    default: try super.mapNodesToValues(argument, for: node)
    }
  }

  open override func describe(_ value: Node) -> String { "%" + newGraph.name(of: value) }

  /// The argument for a structure of new nodes; named tuples and custom containers become tuples.
  private static func argument(_ tree: PyTree<Node>) throws(InterpreterError) -> Node.Argument {
    switch tree {
    case .value(let node): return .node(node)
    case .constant(let constant): return constant
    case .module(let reference): return .submodule(reference.path)
    case .tuple(let items), .custom(_, _, let items): return .tuple(try arguments(items))
    case .namedTuple(_, let fields): return .tuple(try arguments(fields.map(\.value)))
    case .list(let items): return .list(try arguments(items))
    case .dict(let entries):
      return .dict(zip(entries, try arguments(entries.map(\.value))).map { DictEntry($0.key, $1) })
    case .slice(let items):
      guard items.count == 3 else {
        throw InterpreterError(.malformed(expectation: "slices with a start, a stop and a step"))
      }
      let bounds = try arguments(items)
      return .slice(.init(bounds[0], bounds[1], bounds[2]))
    }
  }

  private static func arguments(_ trees: [PyTree<Node>]) throws(InterpreterError) -> [Node.Argument] {
    var arguments: [Node.Argument] = []
    for tree in trees { arguments.append(try argument(tree)) }
    return arguments
  }
}
