import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Distances and angles between vectors, and losses built on them.
///
/// Rows are in alphabetical order.
let distanceLosses: [OperatorRow] = [
  OperatorRow("cosine_embedding_loss", cosineEmbeddingLoss),
  OperatorRow("cosine_similarity", cosineSimilarity),
  OperatorRow("pairwise_distance", pairwiseDistance),
  OperatorRow("triplet_margin_loss", tripletMarginLoss),
]

/// `cosine_embedding_loss(input1, input2, target, margin, reduction)`: one target per vector.
///
/// Source: `cosine_embedding_loss`, `aten/src/ATen/native/Loss.cpp`.
@Sendable
private func cosineEmbeddingLoss(_ call: OperatorCall) throws -> FakeValue {
  let (first, second, target) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  try call.require(target.rank <= 1, "0D or 1D target tensor expected, multi-target not supported")
  let isFitting = first.rank == target.rank + 1 && second.rank == target.rank + 1
  // Formatting PyTorch's message specializes the sizes.
  if !isFitting {
    for size in first.sizes.appending(contentsOf: second.sizes) { _ = try call.evaluateInt(size) }
  }
  try call.require(
    isFitting,
    "\(target.rank)D target tensor expects \(target.rank + 1)D input tensors, but found inputs with sizes "
      + "\(call.shapes.shortText(of: first.sizes)) and \(call.shapes.shortText(of: second.sizes)).")
  let sum = { (tensor: FakeTensor) in
    let dims = try call.wrapped([target.rank], rank: tensor.rank)
    return call.reducing.reduced(tensor, dims, keepdim: false, dtype: tensor.dtype.widenedInteger)
  }
  let product = try sum(try call.elementwise(first, second))
  let magnitudes = try call.elementwise(try sum(first), try sum(second), kind: .intToFloat)
  let cosine = try call.elementwise(product, magnitudes, kind: .intToFloat)
  let part = try call.pointwise([target, cosine], dtype: cosine.dtype)
  return .tensor(try call.reducedLoss(part, try call.lossReduction(4)))
}

/// `cosine_similarity(x1, x2, int dim, float eps)`: the broadcast sizes without `dim`.
///
/// - Guards: the equality of the two shapes, dim by dim, if the ranks are equal.
/// - Source: `cosine_similarity`, `aten/src/ATen/native/Distance.cpp`.
@Sendable
private func cosineSimilarity(_ call: OperatorCall) throws -> FakeValue {
  let (first, second) = (try call.tensor(0), try call.tensor(1))
  let common = call.commonType([first, second])
  // Integers are converted to the common dtype; floats are promoted as tensors of equal rank.
  let operands = [first, second].map { $0.dtype.isFloatingPoint ? $0.dtype : common }
  let dtype = ScalarType.promote(operands[0], operands[1]) ?? common
  try call.require(
    dtype.isFloatingPoint, "expected common dtype to be floating point, yet common dtype is \(dtype.name)")
  let sizes = try call.sameSizes(first, second) ? first.sizes : call.broadcast(first.sizes, second.sizes)
  let dim = try call.wrapped(try call.int(2), rank: sizes.count)
  let expanded = call.mode.tensor(sizes, dtype: dtype, device: try call.commonDevice([first, second]))
  // Each is divided by its norm.
  if call.shapes.isOpenWhetherOne(sizes) {
    _ = try call.atenTensor(
      "linalg_vector_norm.default", .tensor(expanded), .float(2), .ints([dim]), .bool(true))
    call.ask(.onesAndLayout, of: expanded)
  }
  return .tensor(call.reducing.reduced(expanded, [dim], keepdim: false, dtype: dtype))
}

extension OperatorCall {
  /// Whether two shapes are equal, decided dim by dim up to the first difference.
  ///
  /// Source: `SymIntArrayRef::equals`, `c10/util/ArrayRef.h`.
  func sameSizes(_ a: FakeTensor, _ b: FakeTensor) throws -> Bool {
    guard a.rank == b.rank else { return false }
    for dim in 0..<a.rank where try !isEqual(a.sizes[dim], b.sizes[dim]) { return false }
    return true
  }

  /// The norm of `first − second + ε` along the last dim.
  fileprivate func distance(
    _ first: FakeTensor, _ second: FakeTensor, order: Double, keepdim: Bool
  ) throws -> FakeTensor {
    let difference = try elementwise(first, second, kind: .intToFloat)
    return try reducing.vectorNorm(
      difference, NormArguments(order: order, dims: [difference.rank - 1], keepdim: keepdim))
  }
}

/// `pairwise_distance(x1, x2, float p, float eps, bool keepdim)`.
///
/// Source: `pairwise_distance`, `aten/src/ATen/native/Distance.cpp`.
@Sendable
private func pairwiseDistance(_ call: OperatorCall) throws -> FakeValue {
  .tensor(
    try call.distance(
      try call.tensor(0), try call.tensor(1), order: try call.double(2), keepdim: try call.bool(4)))
}

/// `triplet_margin_loss(anchor, positive, negative, margin, p, eps, bool swap, int reduction)`.
///
/// Source: `triplet_margin_loss`, `aten/src/ATen/native/Loss.cpp`.
@Sendable
private func tripletMarginLoss(_ call: OperatorCall) throws -> FakeValue {
  let (anchor, positive, negative) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  try call.require(
    anchor.rank == positive.rank && positive.rank == negative.rank,
    "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: "
      + "anchor \(anchor.rank)D, positive \(positive.rank)D, and negative \(negative.rank)D inputs")
  let order = try call.double(4)
  let near = try call.distance(anchor, positive, order: order, keepdim: false)
  var far = try call.distance(anchor, negative, order: order, keepdim: false)
  if try call.bool(6) {
    far = try call.elementwise(far, try call.distance(positive, negative, order: order, keepdim: false))
  }
  return .tensor(try call.reducedLoss(try call.elementwise(near, far), try call.lossReduction(7)))
}
