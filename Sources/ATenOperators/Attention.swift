import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Scaled dot product attention, whole and by kernel.
let attention: [OperatorRow] = [
  OperatorRow("_native_multi_head_attention") { .tuple(try nativeMultiHeadAttention($0)) },
  OperatorRow("_scaled_dot_product_flash_attention_for_cpu") { .tuple(try flashAttentionOnCPU($0)) },
  OperatorRow("_scaled_dot_product_flash_attention_for_cpu_backward") { call in
    .tuple(try (1...3).map { .tensor(headsInside(call, try call.tensor($0))) })
  },
  OperatorRow("_transformer_encoder_layer_fwd") { call in .tensor(call.emptyLike(try call.tensor(0))) },
  OperatorRow("scaled_dot_product_attention") { .tensor(try scaledDotProductAttention($0)) },
]

/// `_scaled_dot_product_flash_attention_for_cpu(query, key, value, …) -> (output, logsumexp)`: laid out as `query`, and
/// `[batch, heads, length]` with the heads innermost.
///
/// - Source: `meta__scaled_dot_product_flash_attention_for_cpu`, `torch/_meta_registrations.py`.
private func flashAttentionOnCPU(_ call: OperatorCall) throws -> [FakeValue] {
  let query = try call.tensor(0)
  try call.require(
    query.rank == 4, "scaled_dot_product_flash_attention: query must have 4 dims, got \(query.rank)")
  let (batch, heads, length) = (query.sizes[0], query.sizes[1], query.sizes[2])
  let dense = call.shapes.contiguousStrides([batch, length, heads])
  let logSumExp = call.mode.tensor(
    [batch, heads, length], strides: [dense[0], dense[2], dense[1]],
    dtype: query.dtype == .float64 ? .float64 : .float32, device: query.device)
  return [.tensor(call.emptyLike(query)), .tensor(logSumExp)]
}

/// A tensor of the sizes `[batch, heads, length, features]` of `base` that lies in memory as `[batch, length, heads,
/// features]`.
private func headsInside(_ call: OperatorCall, _ base: FakeTensor) -> FakeTensor {
  guard base.rank == 4 else { return call.mode.tensor(base.sizes, dtype: base.dtype, device: base.device) }
  return call.mode.tensor(
    base.sizes, strides: call.shapes.strides(base.sizes, fromInnermost: [3, 1, 2, 0]), dtype: base.dtype,
    device: base.device)
}

/// `scaled_dot_product_attention(query, key, value, attn_mask, dropout_p, is_causal, *, scale, enable_gqa) -> Tensor`.
///
/// Where the fused CPU kernel applies, the result is laid out as `query`; else it is that of two matrix products.
///
/// - Guards: those of the kernel's conditions, in their order.
/// - Source: `scaled_dot_product_attention`, `aten/src/ATen/native/transformers/attention.cpp`.
private func scaledDotProductAttention(_ call: OperatorCall) throws -> FakeTensor {
  let (query, key, value) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  let mask = try call.optionalTensor(3)
  try call.require(
    query.dtype == key.dtype && key.dtype == value.dtype,
    "Expected query, key, and value to have the same dtype, but got query.dtype: \(query.dtype.name) key.dtype: "
      + "\(key.dtype.name) and value.dtype: \(value.dtype.name) instead.")
  _ = try call.commonDevice([query, key, value])
  try call.require(
    query.rank >= 2 && key.rank >= 2 && value.rank >= 2,
    "Expected query, key, and value to all be at least 2 dimensional, but got query.dim: \(query.rank), key.dim: "
      + "\(key.rank) and value.dim: \(value.rank) instead.")
  if let mask {
    try call.require(
      mask.dtype.isBool || mask.dtype == .float32 || mask.dtype == query.dtype,
      "Expected attn_mask dtype to be bool or float or to match query dtype, but got \(mask.dtype.name)")
  }
  let inputs = AttentionInputs(query: query, key: key, value: value, mask: mask)
  if try usesFlashAttention(call, inputs) {
    try call.require(
      !call.bool(5) || mask == nil, "Explicit attn_mask should not be set when is_causal=True")
    return call.emptyLike(query)
  }
  return try attentionByMatrixProducts(call, inputs)
}
