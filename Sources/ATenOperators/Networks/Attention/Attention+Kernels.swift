import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// The arguments shared by the variants of attention: the first five, and two flags at varying positions.
struct AttentionInputs {
  private(set) var query: FakeTensor
  private(set) var key: FakeTensor
  private(set) var value: FakeTensor
  private(set) var mask: FakeTensor?
  let dropout: Double
  let isCausal: Bool
  /// Whether several query heads share a head of keys and values (`enable_gqa`).
  let sharesHeads: Bool

  /// The inputs as one batch, when all have three dims and the mask fits into it.
  func lifted(_ call: OperatorCall) throws -> AttentionInputs? {
    guard query.rank == 3, key.rank == 3, value.rank == 3 else { return nil }
    var lifted = self
    lifted.query = try call.views.unsqueeze(query, 0)
    lifted.key = try call.views.unsqueeze(key, 0)
    lifted.value = try call.views.unsqueeze(value, 0)
    if let mask, mask.rank == 1 || mask.rank == 3 { lifted.mask = try call.views.unsqueeze(mask, 0) }
    return lifted
  }

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

/// Whether the fused CPU kernel supports the inputs, which have four dims each.
///
/// - Guards: the kernel's conditions, in their order; those that are data-dependent are errors up to PyTorch 2.14,
///   and speak against the kernel since.
/// - Source: `use_flash_attention_cpp`, `aten/src/ATen/native/transformers/sdp_utils_cpp.cpp`; its conditions
///   are in `sdp_utils_cpp.h`.
func usesFlashAttention(_ call: OperatorCall, _ inputs: AttentionInputs) throws -> Bool {
  let (query, key, value) = (inputs.query, inputs.key, inputs.value)
  guard query.device.type == .cpu, inputs.dropout == 0,
    query.rank == 4, key.rank == 4, value.rank == 4
  else { return false }
  let kernel = AttentionKernel(call)
  guard try kernel.agree(inputs, at: 0), try kernel.takesHeads(inputs), try kernel.takesMask(inputs),
    try kernel.agree(inputs, at: 3), try kernel.isFilled(query.sizes[2]), try kernel.isFilled(key.sizes[2])
  else { return false }
  for tensor in [query, key, value] {
    guard try kernel.isEqual(tensor.strides[3], 1) else { return false }
  }
  return query.dtype.isFloatingPoint
}

/// The questions of the fused CPU kernel.
private struct AttentionKernel {
  let call: OperatorCall
  /// Whether a data-dependent condition counts as "no".
  let settlesForNo: Bool

  init(_ call: OperatorCall) {
    self.call = call
    settlesForNo = call.has(.attentionAsksNoLengths)
  }

  func isEqual(_ a: SymInt, _ b: SymInt) throws -> Bool {
    if a == b { return true }
    return settlesForNo ? call.shapes.guardOrFalse(call.shapes.eq(a, b)) : try call.isEqual(a, b)
  }

  /// Whether a size is not zero.
  func isFilled(_ size: SymInt) throws -> Bool {
    settlesForNo ? !call.shapes.guardOrTrue(call.shapes.eq(size, 0)) : try !call.isEqual(size, 0)
  }

  func agree(_ inputs: AttentionInputs, at dim: Int) throws -> Bool {
    try isEqual(inputs.query.sizes[dim], inputs.key.sizes[dim])
      && isEqual(inputs.query.sizes[dim], inputs.value.sizes[dim])
  }

  /// Whether there are as many heads of keys and values as of queries, or fewer that can be shared.
  func takesHeads(_ inputs: AttentionInputs) throws -> Bool {
    let (heads, keys, values) = (inputs.query.sizes[1], inputs.key.sizes[1], inputs.value.sizes[1])
    if inputs.sharesHeads {
      if !call.has(.attentionTakesThreeDims), try agree(inputs, at: 1) { return true }
      guard try isEqual(keys, values), try !settlesForNo || isFilled(keys) else { return false }
      return try isEqual(call.shapes.mod(heads, keys), 0)
    }
    if try agree(inputs, at: 1) { return true }
    return try call.has(.attentionTakesThreeDims) && isEqual(keys, 1) && isEqual(values, 1)
  }

  /// Whether the mask is `[L or 1, S or 1]`, or `[batch or 1, heads or 1, L or 1, S or 1]`.
  func takesMask(_ inputs: AttentionInputs) throws -> Bool {
    guard let mask = inputs.mask else { return true }
    guard !mask.requiresGrad else { return false }
    try call.require(
      mask.rank >= 2,
      "Dimension out of range (expected to be in range of [-1, 0], but got -2)")
    guard mask.rank >= 2, try fits(mask.sizes[mask.rank - 2], inputs.query.sizes[2]),
      try fits(mask.sizes[mask.rank - 1], inputs.key.sizes[2])
    else { return false }
    if mask.rank == 2 { return true }
    return try mask.rank == 4 && fits(mask.sizes[0], inputs.query.sizes[0])
      && fits(mask.sizes[1], inputs.query.sizes[1])
  }

  private func fits(_ size: SymInt, _ other: SymInt) throws -> Bool {
    try isEqual(size, other) || isEqual(size, 1)
  }
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
  if inputs.sharesHeads, call.has(.attentionAsksNoLengths), key.rank >= 3 {
    try call.check(call.shapes.gt(key.sizes[key.rank - 3], 0), "there are heads of keys to share")
  }
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
  if try call.isEqual(call.shapes.geometry.numel(query), 0) {
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
