import FX
import FakeTensors
import OperatorSchemas

/// The memory that calls of a graph may write to.
struct WrittenMemory {
  private var written: Set<Storage> = []
  /// The memory of tensors whose sizes or strides a call changes, such as `t_` does.
  private var reshaped: Set<Storage> = []

  /// Looks at every call; one whose schema nobody knows, or with a graph that writes, may write to all its tensors.
  init(_ module: GraphModule, values: NodeMap<FakeValue>) {
    let graph = module.graph
    func storages(_ argument: Node.Argument) -> Set<Storage> {
      var found: Set<Storage> = []
      argument.forEachNode { node in
        if let tensor = values[node]?.tensor { found.insert(tensor.storage) }
        for item in values[node]?.elements ?? [] { item.tensor.map { _ = found.insert($0.storage) } }
      }
      return found
    }
    for node in graph.nodes {
      let target = graph.target(of: node)
      switch graph.op(of: node) {
      case .placeholder, .getAttr, .output: continue
      case .callMethod, .callModule: break
      case .callFunction where target.isOperatorOverload:
        guard let schema = SchemaTable.schema(named: target.text) else { break }
        guard schema.isMutable else { continue }
        for (position, argument) in schema.arguments.enumerated() where argument.isMutated {
          let given = graph.argument(position, of: node) ?? graph.kwargs(of: node)[argument.name]
          guard let given else { continue }
          written.formUnion(storages(given))
          if FunctionalVariant.changesMetadata(schema.name) { reshaped.formUnion(storages(given)) }
        }
        continue
      case .callFunction:
        if target.isHigherOrder, !Self.callsWriter(node, in: module) { continue }
        if !target.isHigherOrder, target != "_operator.setitem" { continue }
      }
      for input in graph.inputs(of: node) { written.formUnion(storages(.node(input))) }
    }
  }

  private static func callsWriter(_ node: Node, in module: GraphModule) -> Bool {
    module.graph.inputs(of: node).contains { input in
      guard module.graph.op(of: input) == .getAttr,
        let inner = module.submodule(at: module.graph.target(of: input).text)
      else { return false }
      return !WrittenMemory.isFunctional(inner)
    }
  }

  private static func isFunctional(_ module: GraphModule) -> Bool {
    module.namedModules.allSatisfy { entry in
      entry.value.graph.nodes.allSatisfy { node in
        let target = entry.value.graph.target(of: node)
        guard entry.value.graph.op(of: node) == .callFunction, target.isOperatorOverload else { return true }
        return SchemaTable.schema(named: target.text)?.isMutable == false
      }
    }
  }

  /// Whether the memory of either tensor may be written to.
  func touches(_ tensors: FakeTensor...) -> Bool { tensors.contains { written.contains($0.storage) } }

  /// Whether sizes or strides of a tensor with this memory may change.
  func reshapes(_ tensor: FakeTensor) -> Bool { reshaped.contains(tensor.storage) }
}
