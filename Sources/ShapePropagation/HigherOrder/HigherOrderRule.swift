import FakeTensors
import SymbolicShapes

/// A call of an operator that takes subgraphs.
struct HigherOrderCall {
  let arguments: [FakeValue]
  /// Arguments given by name, such as those that `auto_functionalized` hands on.
  let keywords: [(key: String, value: FakeValue)]
  let mode: FakeTensorMode
  let table: OperatorTable
  /// Runs the subgraph of the module at a dotted path.
  let runSubgraph: (_ path: String, _ inputs: [FakeValue]) throws -> FakeValue

  /// Runs the subgraph that is the argument at `position`.
  func run(_ position: Int, _ inputs: [FakeValue]) throws -> FakeValue {
    guard position < arguments.count, case .submodule(let path) = arguments[position] else {
      throw PropagationError(.malformed("argument \(position) of a higher-order operator is no subgraph"))
    }
    return try runSubgraph(path, inputs)
  }

  /// The elements of the argument at `position`; none when it is absent.
  func operands(_ position: Int) -> [FakeValue] {
    position < arguments.count ? arguments[position].elements ?? [] : []
  }
}

/// What a higher-order operator makes of its arguments.
struct HigherOrderRule: Sendable {
  let name: String
  let apply: @Sendable (HigherOrderCall) throws -> FakeValue

  init(_ name: String, _ apply: @escaping @Sendable (HigherOrderCall) throws -> FakeValue) {
    self.name = name
    self.apply = apply
  }

  static func named(_ name: String) -> HigherOrderRule? { all.first { $0.name == name } }

  /// All of them. Rows are in alphabetical order.
  static let all: [HigherOrderRule] = [
    HigherOrderRule("auto_functionalized", autoFunctionalized),
    HigherOrderRule("auto_functionalized_v2", autoFunctionalizedV2),
    HigherOrderRule("cond", cond),
    HigherOrderRule("while_loop", whileLoop),
    .wrapper("wrap_with_autocast", settings: 4),
    .wrapper("wrap_with_set_grad_enabled", settings: 1),
  ]

  /// An operator that runs one subgraph under settings that change no shape: the subgraph stands after the
  /// settings, its operands after it.
  static func wrapper(_ name: String, settings: Int) -> HigherOrderRule {
    HigherOrderRule(name) { call in try call.run(settings, Array(call.arguments.dropFirst(settings + 1))) }
  }
}
