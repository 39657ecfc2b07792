import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Scaled dot product attention, as one operator and per kernel.
let attention: [OperatorRow] = [
  OperatorRow("_native_multi_head_attention") { .tuple(try nativeMultiHeadAttention($0)) },
  OperatorRow("_scaled_dot_product_attention_math") { call in
    let inputs = try AttentionInputs(call, isCausal: 5, sharesHeads: 8)
    return .tuple(try attentionByMatrixProducts(call, inputs).map { .tensor($0) })
  },
  OperatorRow("_scaled_dot_product_flash_attention_for_cpu") { .tuple(try flashAttentionOnCPU($0)) },
  OperatorRow("_scaled_dot_product_flash_attention_for_cpu_backward") { call in
    .tuple(try (1...3).map { .tensor(headsInside(call, try call.tensor($0))) })
  },
  OperatorRow("_transformer_encoder_layer_fwd") { call in
    let source = try call.tensor(0)
    let isEmpty = try call.isEqual(call.shapes.geometry.numel(source), 0)
    return .tensor(isEmpty ? try call.clone(source) : call.emptyLike(source))
  },
  OperatorRow("scaled_dot_product_attention") { .tensor(try scaledDotProductAttention($0)) },
]

/// `_scaled_dot_product_flash_attention_for_cpu(query, key, value, …) -> (output, logsumexp)`: the layout of
/// `query`, and `[batch, heads, length]` with the heads innermost in memory.
///
/// - Source: `meta__scaled_dot_product_flash_attention_for_cpu`, `torch/_meta_registrations.py`.
private func flashAttentionOnCPU(_ call: OperatorCall) throws -> [FakeValue] {
  let query = try call.tensor(0)
  try call.require(
    query.rank >= 3, "scaled_dot_product_flash_attention: query must have 4 dims, got \(query.rank)")
  let (batch, heads, length) = (query.sizes[0], query.sizes[1], query.sizes[2])
  let dense = call.shapes.geometry.contiguousStrides([batch, length, heads])
  let logSumExp = call.mode.tensor(
    [batch, heads, length], strides: [dense[0], dense[2], dense[1]],
    dtype: query.dtype == .float64 ? .float64 : .float32, device: query.device)
  return [.tensor(call.emptyLike(query)), .tensor(logSumExp)]
}

/// A tensor with the sizes `[batch, heads, length, features]` of `base`, stored as `[batch, length, heads,
/// features]`.
private func headsInside(_ call: OperatorCall, _ base: FakeTensor) -> FakeTensor {
  guard base.rank == 4 else { return call.mode.tensor(base.sizes, dtype: base.dtype, device: base.device) }
  return call.mode.tensor(
    base.sizes, strides: call.shapes.geometry.strides(base.sizes, fromInnermost: [3, 1, 2, 0]),
    dtype: base.dtype,
    device: base.device)
}

/// `scaled_dot_product_attention(query, key, value, attn_mask, dropout_p, is_causal, *, scale, enable_gqa) ->
/// Tensor`.
///
/// The result has the layout of `query` if the fused CPU kernel applies, otherwise that of two matrix products.
///
/// - Guards: the kernel's conditions, in their order.
/// - Source: `scaled_dot_product_attention`, `aten/src/ATen/native/transformers/attention.cpp`.
private func scaledDotProductAttention(_ call: OperatorCall) throws -> FakeTensor {
  let inputs = try AttentionInputs(call, isCausal: 5, sharesHeads: 7)
  let (query, key, value, mask) = (inputs.query, inputs.key, inputs.value, inputs.mask)
  try call.require(
    query.dtype == key.dtype && key.dtype == value.dtype,
    "Expected query, key, and value to have the same dtype, but got query.dtype: \(query.dtype.name) key.dtype: "
      + "\(key.dtype.name) and value.dtype: \(value.dtype.name) instead.")
  _ = try call.commonDevice([query, key, value])
  if let mask {
    try call.require(
      mask.dtype.isBool || mask.dtype == .float32 || mask.dtype == query.dtype,
      "Expected attn_mask dtype to be bool or float or to match query dtype, but got \(mask.dtype.name)")
  }
  let asked = call.has(.attentionTakesThreeDims) ? try inputs.lifted(call) ?? inputs : inputs
  if try usesFlashAttention(call, asked) { return call.emptyLike(query) }
  return try attentionByMatrixProducts(call, inputs)[0]
}
