import OperatorSchemas

/// Which calls do more than compute a value and so must be kept even if their result is unused.
///
/// - Source: `is_impure` in `torch/_library/utils.py` and `_side_effectful_functions` in `torch/fx/node.py`,
///   v2.13.
enum SideEffects {
  /// Whether a call of `target` writes to its inputs, draws random numbers, checks something, or is marked as having
  /// effects.
  ///
  /// An operator without a schema in the table counts as having effects. PyTorch has the operator itself and reads
  /// its schema.
  static func hasSideEffects(
    _ target: Node.Target, firstArgument: Node.Argument?, randomIsImpure: Bool
  ) -> Bool {
    let text = target.text
    if isKnown(text) { return true }
    if target.isHigherOrder {
      guard text.hasPrefix("torch.ops.higher_order.auto_functionalized") else { return false }
      guard case .operator(let wrapped) = firstArgument else { return false }
      return isKnown(wrapped.text)
    }
    guard target.isOperatorOverload, let name = OperatorName(text) else {
      return hasSideEffects(packet: text, firstArgument, randomIsImpure)
    }
    if randomIsImpure, randomOverloads.contains(name.description) { return true }
    return SchemaTable.schema(for: name)?.isMutable ?? true
  }

  /// A call of `torch.ops.aten.relu_` without an overload: what its default overload does, or all of its overloads.
  private static func hasSideEffects(
    packet text: String, _ firstArgument: Node.Argument?, _ randomIsImpure: Bool
  ) -> Bool {
    guard text.hasPrefix("torch.ops."), !text.hasPrefix("torch.ops.higher_order.") else { return false }
    let overloads = SchemaTable.overloads(of: text.dropFirst("torch.ops.".count))
    let main = overloads.first { $0.overload == "default" }.map { [$0] } ?? overloads
    return !main.isEmpty
      && main.allSatisfy {
        hasSideEffects(
          Node.Target("torch.ops.\($0)"), firstArgument: firstArgument, randomIsImpure: randomIsImpure)
      }
  }

  private static func isKnown(_ text: String) -> Bool {
    Assertion(target: text)?.isKeptUnused == true || functions.contains(text)
  }

  /// Functions and operators known by name to have effects, in addition to assertions.
  private static let functions: Set<String> = [
    "_operator.setitem",
    "torch._C._set_grad_enabled",
    "torch.bernoulli", "torch.multinomial", "torch.normal", "torch.poisson", "torch.rand", "torch.rand_like",
    "torch.randint", "torch.randint_like", "torch.randn", "torch.randn_like", "torch.randperm",
    "torch._functorch.predispatch._enter_dual_level",
    "torch._functorch.predispatch._exit_dual_level",
    "torch._functorch.predispatch._jvp_decrement_nesting",
    "torch._functorch.predispatch._jvp_increment_nesting",
    "torch._functorch.predispatch._vmap_decrement_nesting",
    "torch._functorch.predispatch._vmap_increment_nesting",
    "torch._functorch.predispatch.lazy_load_decompositions",
    "torch.amp.autocast_mode._enter_autocast",
    "torch.amp.autocast_mode._exit_autocast",
    "torch.ops._c10d_functional.batch_p2p_ops.default",
    "torch.ops._c10d_functional.irecv.default",
    "torch.ops._c10d_functional.isend.default",
    "torch.ops._c10d_functional.wait_tensor.default",
    "torch.ops.aten._linalg_check_errors.default",
    "torch.ops.aten._print.default",
    "torch.ops.higher_order.call_torchbind",
    "torch.ops.higher_order.invoke_leaf_function",
    "torch.ops.higher_order.print",
    "torch.ops.inductor.accumulate_grad_.default",
    "torch.ops.inductor.resize_storage_bytes_.default",
    "torch.ops.prims._sink_tokens.default",
    "torch.ops.profiler._record_function_enter.default",
    "torch.ops.profiler._record_function_enter_new.default",
    "torch.ops.profiler._record_function_exit._RecordFunction",
  ]

  /// The operators tagged `nondeterministic_seeded` in v2.13, without those that write to an argument.
  private static let randomOverloads = Set(
    """
    aten._cudnn_attention_backward.default aten._cudnn_attention_forward.default
    aten._cudnn_init_dropout_state.default aten._cudnn_rnn.default aten._efficient_attention_forward.default
    aten._flash_attention_forward.default aten._flash_attention_forward.quantized
    aten._fused_dropout.default aten._fused_sdp_choice.default aten._lstm_mps.default
    aten._nested_tensor_softmax_with_shape.default aten._sample_dirichlet.default
    aten._scaled_dot_product_attention_math.default aten._scaled_dot_product_attention_math_for_mps.default
    aten._scaled_dot_product_cudnn_attention.default
    aten._scaled_dot_product_cudnn_attention_backward.default
    aten._scaled_dot_product_efficient_attention.default
    aten._scaled_dot_product_efficient_attention_backward.default
    aten._scaled_dot_product_flash_attention.default aten._scaled_dot_product_flash_attention.quantized
    aten._scaled_dot_product_flash_attention_for_cpu.default
    aten._scaled_dot_product_fused_attention_overrideable.default aten._standard_gamma.default
    aten._triton_scaled_dot_attention.default aten.alpha_dropout.default aten.bernoulli.default
    aten.bernoulli.Tensor aten.bernoulli.p aten.binomial.default aten.cauchy.default aten.dropout.default
    aten.exponential.default aten.feature_alpha_dropout.default aten.feature_dropout.default
    aten.geometric.default aten.gru.data aten.gru.input aten.log_normal.default aten.lstm.data
    aten.lstm.input aten.miopen_rnn.default aten.multinomial.default aten.native_dropout.default
    aten.normal.Tensor_Tensor aten.normal.Tensor_float aten.normal.float_Tensor aten.normal.float_float
    aten.normal_functional.default aten.poisson.default aten.rand.default aten.rand.generator
    aten.rand_like.default aten.rand_like.generator aten.randint.default aten.randint.generator
    aten.randint.low aten.randint.low_generator aten.randint_like.default aten.randint_like.Tensor
    aten.randint_like.Tensor_generator aten.randint_like.generator aten.randint_like.low_dtype
    aten.randint_like.low_generator_dtype aten.randn.default aten.randn.generator aten.randn_like.default
    aten.randn_like.generator aten.random.default aten.random.from aten.random.to aten.randperm.default
    aten.randperm.generator aten.rnn_relu.data aten.rnn_relu.input aten.rnn_tanh.data aten.rnn_tanh.input
    aten.rrelu.default aten.rrelu_with_noise_functional.default aten.scaled_dot_product_attention.default
    aten.uniform.default prims.normal.default prims.uniform.default rngprims.philox_rand.default
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}
