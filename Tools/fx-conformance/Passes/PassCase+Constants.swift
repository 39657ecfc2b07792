import FX
import GraphPasses

/// Folding.
extension PassCase {
  mutating func foldConstants() throws -> OrderedJSON {
    let before = module.graph.nodes.count
    try module.foldConstants(&tensors)
    return ["nodes_before": .int(before), "nodes_after": .int(module.graph.nodes.count)]
  }

  mutating func splitConstants() throws -> OrderedJSON {
    let skipped = Set((parameters["skip"]?.items ?? []).compactMap(\.text))
    let graph = module.graph
    let folded = try module.splitConstantSubgraphs { node in
      skipped.contains(graph.name(of: node)) || skipped.contains(graph.target(of: node).text)
    }
    module = folded.module
    guard let constants = folded.constants, let attribute = folded.attribute else { return ["folded": false] }
    let values = try values(of: constants)
    module.setSubmodule(constants, at: "const_subgraph_module")
    return [
      "folded": true, "const_graph": GraphAnswer.module(constants), "folded_attribute": .string(attribute),
      "folded_values": .array(values),
    ]
  }

  /// Runs a graph without inputs.
  private mutating func values(of constants: GraphModule) throws -> [OrderedJSON] {
    let graph = constants.graph
    var known: NodeMap<PyTree<AttributeID>> = [:]
    func tree(_ argument: Node.Argument) throws -> PyTree<AttributeID> {
      switch argument {
      case .node(let node):
        guard let value = known[node] else { throw CaseError("'\(graph.name(of: node))' is not known") }
        return value
      case .tuple(let items): return .tuple(try items.map(tree))
      case .list(let items): return .list(try items.map(tree))
      default: return .constant(argument)
      }
    }
    for node in graph.nodes {
      switch graph.op(of: node) {
      case .getAttr:
        known[node] = constants.attribute(at: graph.target(of: node).text).map { .value($0) }
      case .output:
        return try tree(graph.argument(0, of: node) ?? .none).flattened().leaves.compactMap { leaf in
          guard case .value(let id) = leaf else { return nil }
          return tensors[id]?.json
        }
      default:
        let args = try graph.args(of: node).map(tree)
        let kwargs = try graph.kwargs(of: node).map { Named($0.name, try tree($0.value)) }
        known[node] = try tensors.evaluate(graph.target(of: node), args, kwargs)
      }
    }
    return []
  }
}
