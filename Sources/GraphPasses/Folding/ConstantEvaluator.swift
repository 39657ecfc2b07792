public import FX

/// Computes calls on known tensors, for folding.
///
/// A module identifies its tensors by number (``AttributeID``); the evaluator knows the tensors behind the numbers and
/// assigns new numbers to results.
public protocol ConstantEvaluator {
  /// Computes one call.
  ///
  /// - Parameters:
  ///   - target: the operator or function.
  ///   - args: the positional arguments: tensors, constants and structures of them.
  ///   - kwargs: the keyword arguments.
  /// - Returns: the result, or `nil` if the call cannot be computed here; it then stays in the graph.
  /// - Throws: an error if the call is invalid.
  mutating func evaluate(
    _ target: Node.Target, _ args: [PyTree<AttributeID>], _ kwargs: [Named<PyTree<AttributeID>>]
  ) throws -> PyTree<AttributeID>?
}

/// The values of the nodes that depend only on the module's tensors.
struct KnownValues<Evaluator: ConstantEvaluator> {
  private let module: GraphModule
  private(set) var evaluator: Evaluator
  private var values: NodeMap<PyTree<AttributeID>> = [:]

  init(_ module: GraphModule, _ evaluator: Evaluator) {
    self.module = module
    self.evaluator = evaluator
  }

  /// Computes a node whose inputs have been computed, or returns `nil` if its value is not known.
  ///
  /// With `skipsConstructors`, a call without tensors stays unknown.
  mutating func compute(_ node: Node, skipsConstructors: Bool) throws -> PyTree<AttributeID>? {
    let graph = module.graph
    switch graph.op(of: node) {
    case .placeholder, .output, .callModule, .callMethod: return nil
    case .getAttr:
      values[node] = module.attribute(at: graph.target(of: node).text).map { .value($0) }
      return values[node]
    case .callFunction: break
    }
    let inputs = graph.inputs(of: node)
    guard inputs.allSatisfy({ values[$0] != nil }), !(skipsConstructors && inputs.isEmpty),
      !graph.isRandom(node)
    else { return nil }
    let args = graph.args(of: node).map { tree($0) }
    let kwargs = graph.kwargs(of: node).map { Named($0.name, tree($0.value)) }
    values[node] = try evaluator.evaluate(graph.target(of: node), args, kwargs)
    return values[node]
  }

  /// An argument with nodes replaced by their known values.
  func tree(_ argument: Node.Argument) -> PyTree<AttributeID> {
    switch argument {
    case .node(let node): values[node] ?? .constant(.none)
    case .tuple(let items): .tuple(items.map { tree($0) })
    case .list(let items): .list(items.map { tree($0) })
    case .dict(let entries): .dict(entries.map { DictEntry($0.key, tree($0.value)) })
    default: .constant(argument)
    }
  }
}

extension Graph {
  /// Whether a call draws random numbers.
  func isRandom(_ node: Node) -> Bool { isImpure(node) && !isImpure(node, randomIsImpure: false) }
}
