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

  /// The value of each placeholder of `graph`, in order, assigned as Python assigns arguments to parameters; `nil` for
  /// a placeholder without a value.
  ///
  /// - Throws: ``PropagationError`` if there are too many inputs, or if one is unknown or given twice.
  func assigned(to graph: Graph, _ shapes: ShapeEnv) throws(PropagationError) -> [FakeValue?] {
    let targets = graph.findNodes(.placeholder).map { graph.target(of: $0).text }
    if named.isEmpty, positional.count <= targets.count, !targets.contains(where: { $0.hasPrefix("*") }) {
      // Converting the whole array would cast each element at run time.
      return targets.indices.map { $0 < positional.count ? positional[$0] : nil }
    }
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
