import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// The arguments shared by the variants of attention: the first five, and two flags at varying positions.
struct AttentionInputs {
  let query: FakeTensor
  let key: FakeTensor
  let value: FakeTensor
  let mask: FakeTensor?
  let dropout: Double
  let isCausal: Bool
  /// Whether several query heads share a head of keys and values (`enable_gqa`).
  let sharesHeads: Bool

  init(_ call: OperatorCall, isCausal: Int, sharesHeads: Int) throws {
    query = try call.tensor(0)
    key = try call.tensor(1)
    value = try call.tensor(2)
    mask = try call.optionalTensor(3)
    dropout = try call.double(4)
    self.isCausal = try call.bool(isCausal)
    self.sharesHeads = try call.bool(sharesHeads)
    try call.require(
      query.rank >= 2 && key.rank >= 2 && value.rank >= 2,
      "Expected query, key, and value to all be at least 2 dimensional, but got query.dim: \(query.rank), key.dim: "
        + "\(key.rank) and value.dim: \(value.rank) instead.")
  }
}

/// Whether the fused CPU kernel supports the inputs.
///
/// - Source: `use_flash_attention_cpp`, `aten/src/ATen/native/transformers/sdp_utils_cpp.cpp`; its conditions
///   are in `sdp_utils_cpp.h`.
func usesFlashAttention(_ call: OperatorCall, _ inputs: AttentionInputs) throws -> Bool {
  let (query, key, value) = (inputs.query, inputs.key, inputs.value)
  guard query.device.type == .cpu, inputs.dropout == 0,
    query.rank == 4, key.rank == 4, value.rank == 4
  else { return false }
  guard try equal(call, inputs, at: 0) else { return false }
  if inputs.sharesHeads {
    guard try call.isEqual(key.sizes[1], value.sizes[1]),
      try call.isEqual(call.shapes.mod(query.sizes[1], key.sizes[1]), 0)
    else { return false }
  } else {
    guard try equal(call, inputs, at: 1) else { return false }
  }
  guard try takesMask(call, inputs), try equal(call, inputs, at: 3),
    try !call.isEqual(query.sizes[2], 0), try !call.isEqual(key.sizes[2], 0)
  else { return false }
  for tensor in [query, key, value] {
    guard try call.isEqual(tensor.strides[3], 1) else { return false }
  }
  return query.dtype.isFloatingPoint
}

private func equal(_ call: OperatorCall, _ inputs: AttentionInputs, at dim: Int) throws -> Bool {
  let sameKey = try call.isEqual(inputs.query.sizes[dim], inputs.key.sizes[dim])
  guard sameKey else { return false }
  return try call.isEqual(inputs.query.sizes[dim], inputs.value.sizes[dim])
}

/// Whether the mask is `[L or 1, S or 1]`, or `[batch or 1, heads or 1, L or 1, S or 1]`.
private func takesMask(_ call: OperatorCall, _ inputs: AttentionInputs) throws -> Bool {
  guard let mask = inputs.mask else { return true }
  guard !mask.requiresGrad, mask.rank >= 2 else { return false }
  func fits(_ size: SymInt, _ other: SymInt) throws -> Bool {
    if try call.isEqual(size, other) { return true }
    return try call.isEqual(size, 1)
  }
  guard try fits(mask.sizes[mask.rank - 2], inputs.query.sizes[2]),
    try fits(mask.sizes[mask.rank - 1], inputs.key.sizes[2])
  else { return false }
  if mask.rank == 2 { return true }
  guard mask.rank == 4, try call.isEqual(mask.sizes[0], 1) || fits(mask.sizes[0], inputs.query.sizes[0])
  else { return false }
  return try call.isEqual(mask.sizes[1], 1) || fits(mask.sizes[1], inputs.query.sizes[1])
}

/// `softmax(query · keyᵀ + mask) · value`, and the softmax: broadcast batch dims, then `[L, features of
/// value]` and `[L, S]`.
///
/// - Source: `_scaled_dot_product_attention_math`, `aten/src/ATen/native/transformers/attention.cpp`.
func attentionByMatrixProducts(_ call: OperatorCall, _ inputs: AttentionInputs) throws -> [FakeTensor] {
  try call.require(
    !(inputs.dropout > 1), "dropout probability has to be between 0 and 1, but got \(inputs.dropout)")
  let (query, key, value) = (inputs.query, inputs.key, inputs.value)
  try call.require(
    query.dtype.isFloatingPoint || query.dtype.isComplex,
    "expected floating-point query, got \(query.dtype.name)")
  let (length, keys) = (query.sizes[query.rank - 2], key.sizes[key.rank - 2])
  try call.require(
    !inputs.isCausal || inputs.mask == nil, "Explicit attn_mask should not be set when is_causal=True")
  try call.check(
    call.shapes.eq(query.sizes[query.rank - 1], key.sizes[key.rank - 1]),
    "query and key must have the same number of features")
  try call.check(
    call.shapes.eq(keys, value.sizes[value.rank - 2]), "key and value must have the same length")
  var (keyBatch, valueBatch) = (Sizes(key.sizes.dropLast(2)), Sizes(value.sizes.dropLast(2)))
  if inputs.sharesHeads, query.rank >= 3, let last = keyBatch.indices.last, last < valueBatch.count {
    keyBatch[last] = query.sizes[query.rank - 3]
    valueBatch[valueBatch.count - 1] = query.sizes[query.rank - 3]
  }
  var batch = try call.broadcast(Sizes(query.sizes.dropLast(2)), keyBatch)
  if let mask = inputs.mask {
    var scores = batch
    scores.append(length)
    scores.append(keys)
    let sum = try call.broadcast(scores, mask.sizes)
    try call.require(sum.count == scores.count, "the mask has more dims than the scores")
    batch = Sizes(sum.dropLast(2))
  }
  var sizes = try call.broadcast(batch, valueBatch)
  sizes.append(length)
  sizes.append(value.sizes[value.rank - 1])
  batch.append(length)
  batch.append(keys)
  return [sizes, batch].map { call.mode.tensor($0, dtype: query.dtype, device: query.device) }
}

/// `_native_multi_head_attention(query, key, value, int embed_dim, int num_head, …, proj_weight, …,
/// need_weights, average_attn_weights, …) -> (output, weights)`: `[B, T, proj]`, and `[B, T, T]`, `[B, heads,
/// T, T]` or `[0]`.
///
/// - Source: `native_multi_head_attention_fake`, `torch/_meta_registrations.py`.
func nativeMultiHeadAttention(_ call: OperatorCall) throws -> [FakeValue] {
  let (query, projection) = (try call.tensor(0), try call.tensor(7))
  if try call.isEqual(call.shapes.numel(query), 0) {
    return [.tensor(try call.newEmpty(query, query.sizes)), .tensor(try call.newEmpty(query, [0]))]
  }
  try call.require(query.rank >= 2 && projection.rank >= 1, "query must have a batch and a sequence dim")
  let (batch, length) = (query.sizes[0], query.sizes[1])
  var weights: Sizes = [0]
  if try call.bool(10) {
    weights = try call.bool(11) ? [batch, length, length] : [batch, SymInt(call.int(4)), length, length]
  }
  return [
    .tensor(try call.newEmpty(query, [batch, length, projection.sizes[0]])),
    .tensor(try call.newEmpty(query, weights)),
  ]
}
