import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Sums, means or maxima over bags of rows.
let embeddingBags: [OperatorRow] = [
  OperatorRow("_embedding_bag") { .tuple(try embeddingBag($0, forwardOnly: false)) }.onOneDevice(),
  OperatorRow("_embedding_bag_backward") { call in
    let isSparse = try call.bool(9)
    try call.require(!isSparse, "sparse gradients have no shape rule")
    return .tensor(try embeddingBagDenseBackward(call, numWeights: 6))
  },
  OperatorRow("_embedding_bag_dense_backward") { call in
    .tensor(try embeddingBagDenseBackward(call, numWeights: 5))
  },
  OperatorRow("_embedding_bag_forward_only") { .tuple(try embeddingBag($0, forwardOnly: true)) }
    .onOneDevice(),
  OperatorRow("_embedding_bag_per_sample_weights_backward") { .tensor(try perSampleWeightsBackward($0)) },
  OperatorRow("embedding_bag") { call in
    .tuple(try embeddingBag(call, forwardOnly: !call.tensor(0).requiresGrad))
  }.onOneDevice(),
]

/// How the rows of a bag are combined.
///
/// Source: `EmbeddingBagMode`, `aten/src/ATen/native/EmbeddingBag.h`.
private enum BagMode { static let sum = 0, mean = 1, max = 2 }

/// `_embedding_bag(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq, int mode, bool
/// sparse, Tensor? per_sample_weights, bool include_last_offset, int? padding_idx) -> (output, offset2bag,
/// bag_size, max_indices)`.
///
/// `output` is `[bags, features]`. `offset2bag` is `[0]` if rows are summed by the fast path, otherwise `[indices]`.
/// `bag_size` is `[bags]`, or `[offsets]` if no backward follows. `max_indices` is `[bags, features]` for maxima.
/// Devices other than the CPU have no fast path: `offset2bag` is `[indices]`, `bag_size` `[offsets]`, and `max_indices`
/// `[0]` except for maxima.
///
/// - Source: `meta_embedding_bag`, `meta_embedding_bag_forward_only`, `torch/_meta_registrations.py`.
private func embeddingBag(_ call: OperatorCall, forwardOnly: Bool) throws -> [FakeValue] {
  let (weight, indices, offsets) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  let (mode, weights) = (try call.int(4), try call.optionalTensor(6))
  let includesLast = try call.bool(7)
  for (name, tensor) in [("indices", indices), ("offsets", offsets)] {
    try call.require(
      tensor.dtype == .int64 || tensor.dtype == .int32,
      "expected \(name) to be long or int, got \(tensor.dtype.name)")
  }
  try call.require(
    weight.dtype.isFloatingPoint, "expected weight to be floating point type, got \(weight.dtype.name)")
  try call.require(
    weight.rank == 2 && offsets.rank >= 1 && indices.rank >= 1, "embedding_bag: a dim is missing")
  try call.require((0...2).contains(mode), "embedding_bag: mode must be 0 (sum), 1 (mean) or 2 (max)")
  var bags = offsets.sizes[0]
  if includesLast {
    try call.check(call.shapes.ge(bags, 1), "include_last_offset: numBags should be at least 1")
    bags = call.shapes.sub(bags, 1)
  }
  if let weights {
    try call.require(mode == BagMode.sum, "embedding_bag: per_sample_weights only supported with mode='sum'")
    try call.require(weights.rank == 1, "expected per_sample_weights to be 1D tensor, got \(weights.rank)D")
    try call.check(
      call.shapes.eq(call.shapes.geometry.numel(weights), call.shapes.geometry.numel(indices)),
      "expected per_sample_weights.numel() to be the same as indices.numel()")
  }
  let output = try call.newEmpty(weight, [bags, weight.sizes[1]])
  guard offsets.device.type == .cpu else {
    return [
      .tensor(output), .tensor(try call.newEmpty(indices, [indices.sizes[0]])),
      .tensor(try call.newEmpty(indices, offsets.sizes)),
      .tensor(try call.newEmpty(indices, mode == BagMode.max ? [bags, weight.sizes[1]] : [0])),
    ]
  }
  let isFast = try isFastPath(call, weight, weights, padding: paddingRow(call, weight))
  let isSum = mode == BagMode.sum && isFast
  let sizeOfBags: Sizes = forwardOnly ? offsets.sizes : [bags]
  return [
    .tensor(output),
    .tensor(try call.newEmpty(offsets, isSum ? [0] : [indices.sizes[0]])),
    .tensor(try call.newEmpty(offsets, sizeOfBags)),
    .tensor(try call.newEmpty(offsets, mode == BagMode.max ? [bags, weight.sizes[1]] : [bags])),
  ]
}

/// The row to ignore; -1 for none.
///
/// An explicit -1 in `embedding_bag.padding_idx`, where the argument is optional, means the last row.
private func paddingRow(_ call: OperatorCall, _ weight: FakeTensor) throws -> Int {
  guard call.schema.name.overload == "padding_idx" else { return try call.optionalInt(8) ?? -1 }
  guard let row = try call.optionalInt(8) else { return -1 }
  let rows = weight.sizes[0]
  try call.check(
    call.shapes.and(call.shapes.ge(SymInt(row), call.shapes.neg(rows)), call.shapes.lt(SymInt(row), rows)),
    "padding_idx must be within the number of embeddings")
  return max(row, 0)
}

/// Whether rows are summed directly from the table: float32 or float16, dense features, no padding row.
private func isFastPath(
  _ call: OperatorCall, _ weight: FakeTensor, _ scale: FakeTensor?, padding: Int
) throws -> Bool {
  guard weight.dtype == .float32 || weight.dtype == .float16, try call.isEqual(weight.strides[1], 1),
    padding < 0
  else { return false }
  guard let scale else { return true }
  return try call.isEqual(scale.strides[0], 1)
}

/// `_embedding_bag_dense_backward(Tensor grad, …, SymInt num_weights, …) -> Tensor`: `[num_weights,
/// features]`.
private func embeddingBagDenseBackward(_ call: OperatorCall, numWeights: Int) throws -> FakeTensor {
  let grad = try call.tensor(0)
  try call.require(
    [.float16, .bfloat16, .float32, .float64].contains(grad.dtype),
    "Unsupported input type encountered: \(grad.dtype.name)")
  try call.require(grad.rank >= 2, "grad must have two dims, got \(grad.rank)")
  return try call.newEmpty(grad, [call.symInt(numWeights), grad.sizes[1]])
}

/// `_embedding_bag_per_sample_weights_backward(Tensor grad, Tensor weight, Tensor indices, …, int mode, …) ->
/// Tensor`: `[indices]`.
private func perSampleWeightsBackward(_ call: OperatorCall) throws -> FakeTensor {
  let (grad, weight, indices) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  let mode = try call.int(5)
  try call.require(
    mode == BagMode.sum, "embedding_bag_backward: per_sample_weights only supported for mode='sum'")
  try call.require(
    grad.rank == 2 && indices.rank == 1 && weight.rank == 2, "embedding_bag_backward: wrong ranks")
  try call.check(call.shapes.eq(weight.sizes[1], grad.sizes[1]), "weight.size(1) == grad.size(1)")
  return try call.newEmpty(grad, [indices.sizes[0]])
}
