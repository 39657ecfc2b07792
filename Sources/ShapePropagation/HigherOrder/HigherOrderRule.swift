import FX
import FakeTensors
import OperatorSchemas

/// Computes the result of a higher-order operator from its arguments.
struct HigherOrderRule: Sendable {
  let name: String
  /// The position of the argument that is the operator to apply, if there is one; its rule is needed.
  let operatorPosition: Int?
  let apply: @Sendable (HigherOrderCall) throws -> FakeValue

  init(
    _ name: String, applies operatorPosition: Int? = nil,
    _ apply: @escaping @Sendable (HigherOrderCall) throws -> FakeValue
  ) {
    self.name = name
    self.operatorPosition = operatorPosition
    self.apply = apply
  }

  /// The operator that `call` applies, if it has no rule.
  func operatorWithoutRule(in call: HigherOrderCall) -> String? {
    guard let operatorPosition, operatorPosition < call.arguments.count,
      case .opaque(let text) = call.arguments[operatorPosition],
      OperatorName(Node.Target(text)).flatMap(call.table.resolve) == nil
    else { return nil }
    return text
  }

  static func named(_ name: String) -> HigherOrderRule? { all.first { $0.name == name } }

  /// All higher-order rules.
  ///
  /// Rows are in alphabetical order.
  ///
  /// Operators that call compiled code (`call_torchbind`, `executorch_call_delegate`, `aoti_call_delegate`,
  /// `inductor_compiled_code`, `invoke_leaf_function`) have no row: only their recorded values can be known.
  static let all: [HigherOrderRule] = [
    HigherOrderRule("associative_scan", associativeScan),
    HigherOrderRule("auto_functionalized", applies: 0, autoFunctionalized),
    HigherOrderRule("auto_functionalized_v2", applies: 0, autoFunctionalizedV2),
    HigherOrderRule("cond", cond),
    .wrapper("dynamo_bypassing_wrapper", subgraph: 1),
    HigherOrderRule("flex_attention", flexAttention),
    HigherOrderRule("flex_attention_backward", flexAttentionBackward),
    .wrapper("flex_gemm", subgraph: 1, .nested),
    .wrapper("foreach_map", subgraph: 0),
    .wrapper("hints_wrapper", subgraph: 0, .nested),
    HigherOrderRule("inline_asm_elementwise", inlineAssembly),
    .wrapper("invoke_quant", subgraph: 0),
    .wrapper("invoke_quant_packed", subgraph: 0),
    .wrapper("invoke_subgraph", subgraph: 0, .afterName),
    .wrapper("local_map_hop", subgraph: 0),
    HigherOrderRule("map", mapOverRows),
    HigherOrderRule("map_impl", mapOverRows),
    HigherOrderRule("out_dtype", applies: 0, outDtype),
    HigherOrderRule("print") { _ in .none },
    HigherOrderRule("register_hook") { call in .tensor(try call.tensor(0)) },
    .wrapper("run_const_graph", subgraph: 0, .nested),
    HigherOrderRule("scan", scan),
    .wrapper("strict_mode", subgraph: 0, .nested),
    HigherOrderRule("switch", switchBranches),
    .wrapper("tag_activation_checkpoint", subgraph: 0),
    HigherOrderRule("triton_kernel_wrapper_functional", tritonKernel),
    HigherOrderRule("triton_kernel_wrapper_mutation", tritonKernelMutation),
    HigherOrderRule("while_loop", whileLoop),
    HigherOrderRule("while_loop_stack_output", whileLoopStackingOutputs),
    HigherOrderRule("with_effects", applies: 1, withEffects),
    .wrapper("wrap", subgraph: 0),
    .wrapper("wrap_activation_checkpoint", subgraph: 0),
    HigherOrderRule("wrap_with_autocast", wrapWithAutocast),
    HigherOrderRule("wrap_with_set_grad_enabled", wrapWithSetGradEnabled),
  ]

  /// How the arguments after the subgraph hold the operands of a wrapper.
  enum Operands: Sendable {
    /// Every argument is an operand.
    case following
    /// The next argument is the list of operands.
    case nested
    /// The next argument is a name, followed by the operands.
    case afterName
  }

  /// An operator that runs one subgraph under settings that change no shape.
  static func wrapper(_ name: String, subgraph: Int, _ operands: Operands = .following) -> HigherOrderRule {
    HigherOrderRule(name) { call in
      switch operands {
      case .following: try call.run(subgraph, Array(call.arguments.dropFirst(subgraph + 1)))
      case .nested: try call.run(subgraph, call.operands(subgraph + 1))
      case .afterName: try call.run(subgraph, Array(call.arguments.dropFirst(subgraph + 2)))
      }
    }
  }
}

/// `wrap_with_set_grad_enabled(enabled, subgraph, *operands)`: the subgraph, with or without gradients.
@Sendable
private func wrapWithSetGradEnabled(_ call: HigherOrderCall) throws -> FakeValue {
  let outside = call.mode.isGradEnabled
  defer { call.mode.isGradEnabled = outside }
  if case .bool(let isEnabled)? = call.arguments.first { call.mode.isGradEnabled = isEnabled }
  return try call.run(1, Array(call.arguments.dropFirst(2)))
}
