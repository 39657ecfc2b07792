import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// `flex_attention(query, key, value, score_mod, block_mask, scale, kernel_options, …)`.
///
/// - Shapes: `query [b, h, q, d]`, `value [b, h′, k, e]` → `[b, h, q, e]` with the query's layout; log-sum-exp and
///   largest scores `[b, h, q]`, float32.
/// - Source: `flex_attention_fake_impl`, `torch/_higher_order_ops/flex_attention.py`.
@Sendable
func flexAttention(_ call: HigherOrderCall) throws -> FakeValue {
  let (query, value) = (try matrices(0, call), try matrices(2, call))
  let rows: Sizes = [query.sizes[0], query.sizes[1], query.sizes[2]]
  var sizes = query.sizes
  sizes[3] = value.sizes[3]
  return .tuple([
    .tensor(laidOut(sizes, like: query, call.mode)),
    .tensor(call.mode.tensor(rows, dtype: .float32, device: query.device)),
    .tensor(call.mode.tensor(rows, dtype: .float32, device: query.device)),
  ])
}

/// `flex_attention_backward(query, key, value, out, logsumexp, grad_out, grad_logsumexp, fw_graph, joint_graph,
/// block_mask, scale, kernel_options, score_mod_other_buffers, mask_mod_other_buffers)`: gradients of query, key and
/// value, with their layouts, and of the buffers that the score reads.
///
/// - Guards: whether the batch of the query is larger than 1 and that of the value 1.
/// - Source: `flex_attention_backward_fake_tensor_mode`, `torch/_higher_order_ops/flex_attention.py`.
@Sendable
func flexAttentionBackward(_ call: HigherOrderCall) throws -> FakeValue {
  let (query, key, value) = (try matrices(0, call), try matrices(1, call), try matrices(2, call))
  let shapes = call.mode.shapes
  let isBroadcast =
    try shapes.evaluate(shapes.gt(query.sizes[0], 1)) && shapes.evaluate(shapes.eq(value.sizes[0], 1))
  func gradient(of tensor: FakeTensor, width: SymInt) throws -> FakeValue {
    let sizes: Sizes = [query.sizes[0], value.sizes[1], value.sizes[2], width]
    let full = FakeValue.tensor(laidOut(sizes, like: tensor, call.mode))
    guard isBroadcast else { return full }
    return try call.apply("aten.sum.dim_IntList", full, .sizes([0]), .bool(true))
  }
  let buffers: [FakeValue] = call.operands(12).map { buffer in
    guard case .tensor(let tensor) = buffer else { return .none }
    return .tensor(call.mode.tensor(tensor.sizes, dtype: tensor.dtype, device: tensor.device))
  }
  return .tuple([
    .tensor(laidOut(query.sizes, like: query, call.mode)),
    try gradient(of: key, width: query.sizes[3]),
    try gradient(of: value, width: value.sizes[3]),
    .tuple(buffers),
  ])
}

private func matrices(_ position: Int, _ call: HigherOrderCall) throws -> FakeTensor {
  let tensor = try call.tensor(position)
  guard tensor.rank == 4 else {
    throw PropagationError(.malformed("flex_attention takes tensors of rank 4, not \(tensor.rank)"))
  }
  return tensor
}

/// A dense tensor whose dims are ordered as those of `model`, but with the last dim innermost.
private func laidOut(_ sizes: Sizes, like model: FakeTensor, _ mode: FakeTensorMode) -> FakeTensor {
  var order = strideOrder(model, mode.shapes, laterInsideOnTies: false)
  var strides = denseStrides(sizes, order, mode.shapes)
  if strides[sizes.count - 1] != 1 {
    order.removeAll { $0 == sizes.count - 1 }
    strides = denseStrides(sizes, [sizes.count - 1] + order, mode.shapes)
  }
  return mode.tensor(sizes, strides: strides, dtype: model.dtype, device: model.device)
}

private func denseStrides(_ sizes: Sizes, _ order: [Int], _ shapes: ShapeEnv) -> Sizes {
  var strides = Sizes(repeating: 1, count: sizes.count)
  var stride: SymInt = 1
  for dim in order {
    strides[dim] = stride
    stride = shapes.mul(stride, sizes[dim])
  }
  return strides
}
