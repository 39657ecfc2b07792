public import FX

extension Minimizer {
  /// Runs a module in one way or another.
  public typealias Run<Value> = (_ module: GraphModule, _ inputs: [PyTree<Value>]) throws -> PyTree<Value>

  /// The calls for which one way of running gives other results than another.
  ///
  /// Each part is run on the values that the reference computes, so that an early error does not hide a later one. A
  /// candidate that throws has failed.
  ///
  /// - Parameters:
  ///   - module: the module; its graph is run as it is, without its signature.
  ///   - inputs: the values of its inputs, in order.
  ///   - reference: runs a module as it should be run.
  ///   - candidate: runs a module in the way that is tested.
  ///   - isClose: whether two results count as equal.
  /// - Returns: the culprits, nodes of the module's graph.
  /// - Throws: what the reference throws, and ``GraphPassError`` if it does not return one value for each call.
  public func culprits<Value>(
    of module: GraphModule, inputs: [PyTree<Value>], reference: Run<Value>, candidate: Run<Value>,
    isClose: (_ expected: PyTree<Value>, _ actual: PyTree<Value>) -> Bool
  ) throws -> [Node] {
    let graph = module.graph
    let calls = graph.nodes.filter { ![.placeholder, .getAttr, .output].contains(graph.op(of: $0)) }
    var values: NodeMap<PyTree<Value>> = [:]
    for (node, value) in zip(graph.findNodes(.placeholder), inputs) { values[node] = value }
    func run(_ part: GraphPart, _ run: Run<Value>) throws -> [PyTree<Value>] {
      let given = try part.inputs.map { input in
        guard let value = values[input] else {
          throw GraphPassError(.unsupported("there is no value for the input '\(graph.name(of: input))'"))
        }
        return value
      }
      let results = try run(part.module, given).elements ?? []
      guard results.count == part.outputs.count else {
        throw GraphPassError(
          .unsupported("a run gave \(results.count) values for \(part.outputs.count) calls"))
      }
      return results
    }
    for (node, value) in zip(calls, try run(module.part(calls, returning: calls), reference)) {
      values[node] = value
    }
    return try culprits(among: calls) { nodes in
      let part = try module.part(nodes)
      guard let results = try? run(part, candidate) else { return true }
      return zip(part.outputs, results).contains { node, result in
        values[node].map { !isClose($0, result) } ?? true
      }
    }
  }
}
