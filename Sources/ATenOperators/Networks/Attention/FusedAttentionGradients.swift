import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Gradients of the fused attention kernels of GPUs: `(grad_out, query, key, value, …)`.
///
/// Rows are in alphabetical order.
///
/// Source: `torch/_meta_registrations.py`.
let fusedAttentionGradients: [OperatorRow] = [
  OperatorRow("_efficient_attention_backward") { .tuple(try efficientBackward($0)) },
  .gradientsLikeInputs("_flash_attention_backward"),
  .gradientsLikeInputs("_scaled_dot_product_cudnn_attention_backward"),
  OperatorRow("_scaled_dot_product_efficient_attention_backward") { .tuple(try headsInsideGradients($0)) },
  .gradientsLikeInputs("_scaled_dot_product_flash_attention_backward"),
  OperatorRow("_scaled_dot_product_fused_attention_overrideable_backward") { call in
    let bias = try call.optionalTensor(4)
    return .tuple(try call.gradientsLikeInputs() + [bias.map { .tensor(call.emptyLike($0)) } ?? .none])
  },
]

extension OperatorRow {
  fileprivate static func gradientsLikeInputs(_ name: String) -> OperatorRow {
    OperatorRow(name) { .tuple(try $0.gradientsLikeInputs()) }
  }
}

extension OperatorCall {
  /// Tensors in the layouts of query, key and value.
  fileprivate func gradientsLikeInputs() throws -> [FakeValue] {
    try (1...3).map { .tensor(emptyLike(try tensor($0))) }
  }

  /// The gradient of a bias: rows are allocated as multiples of 16, then sliced.
  ///
  /// - Guards: whether 16 divides the last size.
  fileprivate func biasGradient(_ bias: FakeTensor) throws -> FakeTensor {
    let last = try size(bias, -1)
    var aligned = bias.sizes
    let rest = shapes.mod(last, 16)
    if try !isEqual(rest, 0) { aligned[bias.rank - 1] = shapes.sub(shapes.add(last, 16), rest) }
    return mode.tensor(
      bias.sizes, strides: shapes.geometry.contiguousStrides(aligned), dtype: bias.dtype, device: bias.device)
  }
}

/// `_scaled_dot_product_efficient_attention_backward(grad_out_, query, key, value, attn_bias, …, bool[4]
/// grad_input_mask, …)`: `[B, H, L, E]`, in memory `[B, L, H, E]`; the bias's gradient if requested.
private func headsInsideGradients(_ call: OperatorCall) throws -> [FakeValue] {
  let mask = try call.mask(10, count: 4)
  let (query, key, value) = (try call.tensor(1), try call.tensor(2), try call.tensor(3))
  try call.require(
    query.rank == 4 && key.rank == 4 && value.rank == 4, "query, key and value must have 4 dims")
  let sizes: [Sizes] = [
    query.sizes, [query.sizes[0], key.sizes[1], key.sizes[2], query.sizes[3]],
    [query.sizes[0], value.sizes[1], key.sizes[2], value.sizes[3]],
  ]
  let gradients: [FakeValue] = zip([query, key, value], sizes).map { input, sizes in
    let strides = call.shapes.geometry.strides(sizes, fromInnermost: [3, 1, 2, 0])
    return .tensor(call.mode.tensor(sizes, strides: strides, dtype: input.dtype, device: input.device))
  }
  guard let bias = try call.optionalTensor(4), mask[3] else { return gradients + [.none] }
  return gradients + [.tensor(try call.biasGradient(bias))]
}

/// `_efficient_attention_backward(grad_out_, query, key, value, bias, …, bool shared_storage_dqdkdv)`: like the inputs,
/// or three views of `[B, L, 3, H, E]`; without a bias, its gradient is one number.
private func efficientBackward(_ call: OperatorCall) throws -> [FakeValue] {
  let query = try call.tensor(1)
  let inputs = [query, try call.tensor(2), try call.tensor(3)]
  var gradients = try call.gradientsLikeInputs()
  if try call.bool(19) {
    try call.require(inputs.allSatisfy { $0.rank == 4 }, "query, key and value must have 4 dims")
    for (dim, what) in [(1, "seqlen"), (3, "embedding dim"), (2, "num heads")] {
      for other in inputs.dropFirst() {
        try call.check(
          call.shapes.eq(query.sizes[dim], other.sizes[dim]), "\(what) must match for `shared_storage_dqdkdv`"
        )
      }
    }
    var sizes = query.sizes
    sizes.insert(3, at: 2)
    let chunk = call.newTensor(sizes, like: query)
    gradients = try (0..<3).map { try call.aten("select.int", .tensor(chunk), .int(2), .int($0)) }
  }
  guard let bias = try call.optionalTensor(4) else {
    return gradients + [.tensor(call.newTensor([], like: query, dtype: .float32))]
  }
  return gradients + [.tensor(try call.biasGradient(bias))]
}
