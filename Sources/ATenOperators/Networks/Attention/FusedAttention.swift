import FakeTensors
import OperatorSchemas
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Attention by the fused kernels of GPUs.
///
/// Rows are in alphabetical order. `query` is `[B, H, L, E]` in the `_scaled_dot_product_…` forms; in the others it is
/// `[B, L, H, E]`, or `[total, H, E]` for varying lengths. The random seed and offset are those of CUDA.
///
/// Source: `torch/_meta_registrations.py`.
let fusedAttention: [OperatorRow] = [
  OperatorRow("_efficient_attention_forward") { .tuple(try efficientForward($0)) },
  OperatorRow("_flash_attention_forward") { .tuple(try flashForward($0)) },
  OperatorRow("_flash_attention_forward_no_dropout_inplace") { call in
    let attention = try flashForward(call, first: 1)
    call.mode.noteMutation(of: try call.tensor(0))
    return attention[1]
  },
  OperatorRow("_scaled_dot_product_cudnn_attention") { .tuple(try cuDNNAttention($0)) },
  OperatorRow("_scaled_dot_product_efficient_attention") { .tuple(try efficientAttention($0)) },
  OperatorRow("_scaled_dot_product_flash_attention") { .tuple(try flashAttention($0)) },
  OperatorRow("_scaled_dot_product_fused_attention_overrideable") { .tuple(try overrideableAttention($0)) },
]

extension OperatorCall {
  /// The sizes of `query`, which has `rank` dims.
  fileprivate func sizes(of query: FakeTensor, rank: Int) throws -> Sizes {
    try require(query.rank == rank, "query must have \(rank) dims, got \(query.rank)")
    return query.sizes
  }

  /// The query's sizes with the features of the value at position 2; the dims in memory have the query's order.
  ///
  /// Source: `alloc_with_matching_layout`.
  fileprivate func attended(_ query: FakeTensor, value: Int = 2) throws -> FakeValue {
    let value = try tensor(value)
    try require(value.rank > 0 && query.rank > 0, "query and value must have dims")
    var sizes = query.sizes
    sizes[query.rank - 1] = value.sizes[value.rank - 1]
    if try isEqual(query.sizes[query.rank - 1], sizes[query.rank - 1]) { return .tensor(emptyLike(query)) }
    let strides = shapes.geometry.strides(sizes, fromInnermost: try dimsInMemory(query))
    return .tensor(mode.tensor(sizes, strides: strides, dtype: query.dtype, device: query.device))
  }

  /// The dims from the innermost to the outermost; expanded ones count as outermost.
  private func dimsInMemory(_ tensor: FakeTensor) throws -> [Int] {
    var order: [Int] = []
    for dim in 0..<tensor.rank {
      var position = order.count
      while position > 0, try isInside(tensor.strides[dim], tensor.strides[order[position - 1]]) {
        position -= 1
      }
      order.insert(dim, at: position)
    }
    return order
  }

  private func isInside(_ stride: SymInt, _ other: SymInt) throws -> Bool {
    if try isEqual(stride, 0) { return false }
    return try isEqual(other, 0) ? true : evaluate(shapes.lt(stride, other))
  }

  /// A float32 tensor of softmax statistics for the backward pass.
  fileprivate func statistics(_ sizes: Sizes, _ query: FakeTensor) -> FakeValue {
    .tensor(newTensor(sizes, like: query, dtype: .float32))
  }

  /// No offsets of sequences, then the longest query and key.
  fileprivate func lengths(_ queries: SymInt, _ keys: SymInt) -> [FakeValue] {
    [.none, .none, .symInt(queries), .symInt(keys)]
  }

  /// Seed and offset, each a single number.
  fileprivate func seed(like query: FakeTensor) -> [FakeValue] {
    [.tensor(newTensor([], like: query, dtype: .int64)), .tensor(newTensor([], like: query, dtype: .int64))]
  }

  /// The generator state that CUDA's flash kernels return, and an unused tensor.
  fileprivate func generatorState(like query: FakeTensor) -> [FakeValue] {
    if query.device.type == .xpu { return seed(like: query) }
    return [
      .tensor(newTensor([2], like: query, dtype: .uint64)),
      .tensor(newTensor([], like: query, dtype: .uint64)),
    ]
  }

  /// `ceil(size / block)` as Python computes it, by true division.
  fileprivate func blocks(_ size: SymInt, of block: SymInt) throws -> SymInt {
    let quotient = try numbers.trueQuotient(.int(size), .int(block))
    return numbers.rounded(numbers.toFloat(quotient), .ceilToInt) { $0.rounded(.up) }
  }

  /// The probabilities that a flash kernel returns for debugging: `[B, H, L, rounded keys]`, otherwise `[0]`.
  fileprivate func debugMask(
    _ query: FakeTensor, isAsked: Bool, batch: SymInt, heads: SymInt, queries: SymInt, keys: SymInt
  ) throws -> FakeValue {
    guard isAsked else { return .tensor(newTensor([0], like: query)) }
    let isWide = try evaluate(shapes.gt(query.sizes[query.rank - 1], 64))
    var columns = try blocks(queries, of: isWide ? 128 : 256)
    if try evaluate(shapes.le(keys, 128)) {
      columns = 128
    } else if try evaluate(shapes.le(keys, 256)) {
      columns = 256
    }
    return .tensor(newTensor([batch, heads, queries, columns], like: query))
  }

  /// The query in the dtype that the kernel computes in: 8-bit floats become bfloat16.
  fileprivate func computedQuery(_ position: Int) throws -> FakeTensor {
    let query = try tensor(position)
    guard schema.name.overload == "quantized", query.dtype == .float8e4m3fn else { return query }
    return emptyLike(query, dtype: .bfloat16)
  }
}

/// `_scaled_dot_product_flash_attention(query, key, value, float dropout_p, bool is_causal, bool return_debug_mask, …)
/// -> (output, logsumexp, None, None, max_q, max_k, rng_state, unused, debug_attn_mask)`.
///
/// `logsumexp` is `[B, H, L]`. The form `quantized` has three scales after `value`.
private func flashAttention(_ call: OperatorCall) throws -> [FakeValue] {
  let (query, key) = (try call.computedQuery(0), try call.tensor(1))
  let sizes = try call.sizes(of: query, rank: 4)
  try call.require(key.rank == 4, "key must have 4 dims, got \(key.rank)")
  let (queries, keys) = (sizes[2], key.sizes[2])
  let isAsked = try call.bool(call.schema.name.overload == "quantized" ? 8 : 5)
  let mask = try call.debugMask(
    query, isAsked: isAsked, batch: sizes[0], heads: sizes[1], queries: queries, keys: keys)
  let statistics = call.statistics([sizes[0], sizes[1], queries], query)
  return [try call.attended(query), statistics] + call.lengths(queries, keys)
    + call.generatorState(like: query) + [mask]
}

/// `_flash_attention_forward(query, key, value, cum_seq_q, cum_seq_k, max_q, max_k, dropout_p, is_causal,
/// return_debug_mask, …) -> (output, softmax_logsumexp, rng_state, unused, debug_attn_mask)`.
///
/// `softmax_logsumexp` is `[B, H, L]`, or `[H, total]` for varying lengths. `query` is the argument `first`.
private func flashForward(_ call: OperatorCall, first: Int = 0) throws -> [FakeValue] {
  let (query, key) = (try call.computedQuery(first), try call.tensor(first + 1))
  let (starts, keyStarts) = (try call.optionalTensor(first + 3), try call.optionalTensor(first + 4))
  try call.require(query.rank >= 3 && key.rank >= 2, "query must have 3 or 4 dims, got \(query.rank)")
  let heads = query.sizes[query.rank - 2]
  let batch = starts.map { call.shapes.sub(call.shapes.geometry.numel($0), 1) } ?? query.sizes[0]
  let queries = starts == nil ? query.sizes[1] : try call.symInt(first + 5)
  let keys = keyStarts == nil ? key.sizes[1] : try call.symInt(first + 6)
  let statistics: Sizes = starts == nil ? [batch, heads, queries] : [heads, query.sizes[0]]
  let mask = try call.debugMask(
    query, isAsked: try call.bool(first + 9), batch: batch, heads: heads, queries: queries, keys: keys)
  return [try call.attended(query, value: first + 2), call.statistics(statistics, query)]
    + call.generatorState(like: query) + [mask]
}

/// `_scaled_dot_product_cudnn_attention(query, key, value, attn_bias, bool compute_log_sumexp, …) -> (output,
/// logsumexp, None, None, max_q, max_k, philox_seed, philox_offset, None)`: `logsumexp` is `[B, H, L, 1]`.
private func cuDNNAttention(_ call: OperatorCall) throws -> [FakeValue] {
  let (query, key) = (try call.tensor(0), try call.tensor(1))
  let sizes = try call.sizes(of: query, rank: 4)
  try call.require(key.rank == 4, "key must have 4 dims, got \(key.rank)")
  let statistics = call.statistics([sizes[0], sizes[1], sizes[2], 1], query)
  return [try call.attended(query), statistics] + call.lengths(sizes[2], key.sizes[2])
    + call.seed(like: query) + [FakeValue.none]
}

/// `_scaled_dot_product_efficient_attention(query, key, value, attn_bias, bool compute_log_sumexp, …) -> (output,
/// log_sumexp, philox_seed, philox_offset)`: the output lies in memory as `[B, L, H, E]`; `log_sumexp` is `[B, H,
/// L rounded up to 32]`, or `[B, H, 0]`.
private func efficientAttention(_ call: OperatorCall) throws -> [FakeValue] {
  let (query, value) = (try call.tensor(0), try call.tensor(2))
  var sizes = try call.sizes(of: query, rank: 4)
  try call.require(value.rank == 4, "value must have 4 dims, got \(value.rank)")
  let length = try call.bool(4) ? call.shapes.mul(try call.blocks(sizes[2], of: 32), 32) : 0
  let statistics = call.statistics([sizes[0], sizes[1], length], query)
  sizes[3] = value.sizes[3]
  let output = call.mode.tensor(
    sizes, strides: call.shapes.geometry.strides(sizes, fromInnermost: [3, 1, 2, 0]), dtype: query.dtype,
    device: query.device)
  return [.tensor(output), statistics] + call.seed(like: query)
}

/// `_efficient_attention_forward(query, key, value, bias, cu_seqlens_q, cu_seqlens_k, max_seqlen_q, max_seqlen_k,
/// float dropout_p, int custom_mask_type, bool compute_log_sumexp, …) -> (output, logsumexp, philox_seed,
/// philox_offset, max_seqlen_batch_q, max_seqlen_batch_k)`.
private func efficientForward(_ call: OperatorCall) throws -> [FakeValue] {
  let (query, key, value) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  let sizes = try call.sizes(of: query, rank: 4)
  try call.require(key.rank == 4 && value.rank == 4, "key and value must have 4 dims")
  var (batch, queries) = (sizes[0], sizes[1])
  if let starts = try call.optionalTensor(4) {
    batch = call.shapes.sub(try call.size(starts, 0), 1)
    guard let longest = try call.optionalSymInt(6) else {
      throw call.refusal("max_seqlen_q must not be None when cu_seqlens_q is provided")
    }
    queries = longest
  }
  let keys = try call.optionalSymInt(7) ?? key.sizes[1]
  let length = try call.bool(10) ? call.shapes.mul(try call.blocks(queries, of: 32), 32) : 0
  let output = call.newTensor([sizes[0], sizes[1], sizes[2], value.sizes[3]], like: query)
  return [.tensor(output), call.statistics([batch, sizes[2], length], query)] + call.seed(like: query)
    + [.symInt(queries), .symInt(keys)]
}

/// `_scaled_dot_product_fused_attention_overrideable(query, key, value, attn_bias, …) -> (output, logsumexp, None,
/// None, max_q, max_k, philox_seed, philox_offset, None)`: `query` is `[B, H, L, E]` or `[H, L, E]`.
private func overrideableAttention(_ call: OperatorCall) throws -> [FakeValue] {
  let (query, key, value) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  try call.require(query.rank == 3 || query.rank == 4, "query must be 3D or 4D")
  let (keys, queries) = (try call.size(key, -2), query.sizes[query.rank - 2])
  try call.check(
    call.shapes.eq(keys, try call.size(value, -2)), "key sequence length must match value sequence length")
  if let bias = try call.optionalTensor(3) {
    let columns = try call.size(bias, -1)
    if try !call.isEqual(columns, 1) {
      try call.check(call.shapes.eq(columns, keys), "attn_bias last dimension must match the keys or be 1")
    }
  }
  let statistics: Sizes = [query.rank == 4 ? query.sizes[0] : 1, query.sizes[query.rank - 3], queries]
  return [try call.attended(query), call.statistics(statistics, query)] + call.lengths(queries, keys)
    + call.seed(like: query) + [FakeValue.none]
}
