import FX
import FakeTensors
import SymbolicShapes

/// The values that a module is called with.
struct ModuleInputs {
  /// The values of the first placeholders, in order.
  let positional: [FakeValue]
  /// The values of further placeholders, by name.
  let named: [(key: String, value: FakeValue)]

  init(_ positional: [FakeValue], named: [(key: String, value: FakeValue)] = []) {
    self.positional = positional
    self.named = named
  }

  /// The value of each placeholder of the plan's graph, in order, assigned as Python assigns arguments to parameters;
  /// `nil` for a placeholder without a value.
  ///
  /// - Throws: ``PropagationError`` if there are too many inputs, or if one is unknown or given twice.
  func assigned(to plan: PropagationPlan, _ shapes: ShapeEnv) throws(PropagationError) -> [FakeValue?] {
    if named.isEmpty, positional.count <= plan.inputCount, !plan.collectsInputs {
      var inputs: [FakeValue?] = []
      inputs.reserveCapacity(plan.inputCount)
      for value in positional { inputs.append(value) }
      for _ in positional.count..<plan.inputCount { inputs.append(nil) }
      return inputs
    }
    let graph = plan.module.graph
    let targets = graph.findNodes(.placeholder).map { graph.target(of: $0).text }
    do {
      var inputs = try RunInputs<FakeValue>(
        positional.map { .value($0) }, named.map { Named($0.key, .value($0.value)) }, of: graph
      ) { _ in false }
      return targets.map { inputs.take($0).map { FakeValue($0, shapes) } }
    } catch {
      switch error.kind {
      case .tooManyArguments(let expected, let received):
        throw PropagationError(.inputCount(expected: expected, received: received))
      case .repeatedArgument(let name), .unexpectedKeyword(let name):
        throw PropagationError(.unknownInput(name))
      default: throw PropagationError(.other(error))
      }
    }
  }
}
