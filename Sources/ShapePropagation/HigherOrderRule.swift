import FX
import FakeTensors

/// A call of an operator that takes subgraphs.
struct HigherOrderCall {
  let arguments: [FakeValue]
  let program: PropagationContext
  let options: PropagationOptions
  let node: Node
  let path: String

  var mode: FakeTensorMode { program.mode }

  /// Runs the subgraph that is the argument at `position`.
  func run(_ position: Int, _ inputs: [FakeValue]) throws -> FakeValue {
    guard position < arguments.count, case .submodule(let path) = arguments[position] else {
      throw PropagationError(.malformed("argument \(position) of a higher-order operator is no subgraph"))
    }
    return try program.run(path, inputs, options)
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

  static func named(_ name: String) -> HigherOrderRule? { all.first { $0.name == name } }

  /// All of them. Rows are in alphabetical order.
  static let all: [HigherOrderRule] = [
    HigherOrderRule(name: "auto_functionalized", apply: autoFunctionalized),
    HigherOrderRule(name: "auto_functionalized_v2", apply: autoFunctionalizedV2),
    HigherOrderRule(name: "cond", apply: cond),
    HigherOrderRule(name: "while_loop", apply: whileLoop),
    HigherOrderRule(name: "wrap_with_autocast", apply: { call in try wrapped(call, skipping: 4) }),
    HigherOrderRule(name: "wrap_with_set_grad_enabled", apply: { call in try wrapped(call, skipping: 1) }),
  ]
}

/// Operators that run one subgraph under a setting that changes no shape: the subgraph stands after the
/// settings, its operands after it.
@Sendable
private func wrapped(_ call: HigherOrderCall, skipping settings: Int) throws -> FakeValue {
  try call.run(settings, Array(call.arguments.dropFirst(settings + 1)))
}
