import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// A call of an operator that takes subgraphs, or another operator.
struct HigherOrderCall {
  let arguments: [FakeValue]
  /// Keyword arguments, such as those that `auto_functionalized` passes on.
  let keywords: [(key: String, value: FakeValue)]
  let mode: FakeTensorMode
  let table: OperatorTable
  /// The autocast region around the call; subgraphs run in it too.
  var autocast: Autocast?
  /// Whether the run continues past failures.
  var keepsGoing = false
  /// Runs the subgraph of the module at a dotted path.
  let runSubgraph: (_ path: String, _ inputs: [FakeValue], _ autocast: Autocast?) throws -> FakeValue

  /// Runs the subgraph that is the argument at `position`.
  func run(_ position: Int, _ inputs: [FakeValue]) throws -> FakeValue {
    guard position < arguments.count, case .submodule = arguments[position] else {
      throw PropagationError(.malformed("argument \(position) of a higher-order operator is not a subgraph"))
    }
    return try run(arguments[position], inputs)
  }

  private func run(_ subgraph: FakeValue, _ inputs: [FakeValue]) throws -> FakeValue {
    guard case .submodule(let path) = subgraph else {
      throw PropagationError(.malformed("a branch of a higher-order operator is not a subgraph"))
    }
    return try runSubgraph(path, inputs, autocast)
  }

  /// Runs the subgraph at `position` in a scope of its own: the symbols that it makes are bound inside it.
  func runInScope(_ position: Int, _ inputs: [FakeValue]) throws -> FakeValue {
    try inScope { try run(position, inputs) }
  }

  /// - Source: `ShapeEnv.ignore_fresh_unbacked_symbols`.
  private func inScope(_ run: () throws -> FakeValue) throws -> FakeValue {
    let waiting = Set(mode.shapes.pendingFresh)
    let result = try run()
    mode.shapes.ignoreFresh(mode.shapes.pendingFresh.filter { !waiting.contains($0) })
    return result
  }

  /// Runs each of several subgraphs in its own scope; a run that continues past failures runs all of them
  /// before the first error is thrown.
  func runInScopes(_ subgraphs: [FakeValue], _ inputs: [FakeValue]) throws -> [FakeValue] {
    let results = subgraphs.lazy.map { subgraph in Result { try inScope { try run(subgraph, inputs) } } }
    return keepsGoing ? try Array(results).map { try $0.get() } : try results.map { try $0.get() }
  }

  /// The elements of the argument at `position`; none if it is absent.
  func operands(_ position: Int) -> [FakeValue] {
    position < arguments.count ? arguments[position].elements ?? [] : []
  }

  func tensor(_ position: Int) throws -> FakeTensor {
    guard position < arguments.count, let tensor = arguments[position].tensor else {
      throw PropagationError(.malformed("argument \(position) of a higher-order operator is not a tensor"))
    }
    return tensor
  }

  /// The keyword arguments, for look-up.
  var keywordArguments: [String: FakeValue] {
    Dictionary(keywords.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
  }

  /// The operator that is the argument at `position`, with its rule.
  func resolvedOperator(_ position: Int) throws -> ResolvedOperator {
    guard position < arguments.count, case .opaque(let text) = arguments[position],
      let name = OperatorName(text)
    else {
      throw PropagationError(.malformed("argument \(position) of a higher-order operator is not an operator"))
    }
    guard let resolved = table.resolve(name) else { throw OperatorError(.noRule, operator: name.description) }
    return resolved
  }

  /// The result of another operator, such as `aten.clone.default`, on `arguments`.
  func apply(
    _ name: String, _ arguments: FakeValue..., keywords: [String: FakeValue] = [:]
  ) throws -> FakeValue {
    guard let name = OperatorName(name), let resolved = table.resolve(name) else {
      throw OperatorError(.noRule, operator: name)
    }
    return try resolved.apply(try resolved.call(arguments, keywords, in: mode))
  }
}
