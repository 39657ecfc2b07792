import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// `with_effects(token, op, *args, **kwargs)`: a new token, then the operator's own results.
///
/// A tuple of results is spread; a list stays one result.
///
/// - Source: `with_effects_dense`, `torch/_higher_order_ops/effects.py`.
@Sendable
func withEffects(_ call: HigherOrderCall) throws -> FakeValue {
  let resolved = try call.resolvedOperator(1)
  let arguments = Array(call.arguments.dropFirst(2))
  let result = try resolved.apply(try resolved.call(arguments, call.keywordArguments, in: call.mode))
  let token = FakeValue.tensor(call.mode.tensor([0], dtype: .float32))
  if case .tuple(let items) = result { return .tuple([token] + items) }
  return .tuple([token, result])
}

/// `triton_kernel_wrapper_functional(…, kwargs, tensors_to_clone)`: the tensors that the kernel writes to are
/// returned as copies, by name.
///
/// The kernel itself is not analysed.
///
/// - Source: `triton_kernel_wrapper_functional_fake_tensor_mode`, `torch/_higher_order_ops/triton_kernel_wrap.py`.
@Sendable
func tritonKernel(_ call: HigherOrderCall) throws -> FakeValue {
  let given = call.keywordArguments
  let names = (given["tensors_to_clone"]?.elements ?? []).compactMap { name in
    if case .string(let text) = name { text } else { nil }
  }
  guard case .dictionary(let arguments)? = given["kwargs"] else { return .dictionary([]) }
  return .dictionary(
    arguments.filter { names.contains("\($0.key)") }.map {
      ($0.key, copyPreservingStrides($0.value, call.mode))
    })
}

/// `triton_kernel_wrapper_mutation(…, kwargs)`: writes to its tensors and returns nothing.
@Sendable
func tritonKernelMutation(_ call: HigherOrderCall) throws -> FakeValue {
  if case .dictionary(let arguments)? = call.keywordArguments["kwargs"] {
    for argument in arguments { argument.value.forEachTensor(call.mode.noteMutation) }
  }
  return .none
}

/// `inline_asm_elementwise(*inputs, asm_str, constraints, dtype, …)`: broadcasts its inputs; the dtype is given.
///
/// - Source: `_elementwise_output_like`, `torch/_higher_order_ops/inline_asm_elementwise.py`.
@Sendable
func inlineAssembly(_ call: HigherOrderCall) throws -> FakeValue {
  guard case .dtype(let dtype)? = call.keywordArguments["dtype"] else {
    throw PropagationError(.malformed("inline_asm_elementwise is missing its argument 'dtype'"))
  }
  let operands = try call.apply("aten.broadcast_tensors.default", .list(call.arguments)).elements ?? []
  let tensors = operands.compactMap(\.tensor)
  guard let first = tensors.first else {
    throw PropagationError(.malformed("inline_asm_elementwise takes at least one tensor"))
  }
  let strides = call.mode.shapes.geometry.elementwiseStrides(tensors, first.sizes)
  return .tensor(call.mode.tensor(first.sizes, strides: strides, dtype: dtype, device: first.device))
}
