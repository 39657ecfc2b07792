import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// The torchvision operators of detectors and their derivatives.
///
/// Source: `torchvision/_meta_registrations.py`.
let visionOperators: [OperatorRow] = [
  OperatorRow("torchvision._deform_conv2d_backward") { call in
    .tuple(
      try (1...5).map {
        let tensor = try call.tensor($0)
        return .tensor(try call.newEmpty(tensor, tensor.sizes))
      })
  },
  OperatorRow("torchvision._ps_roi_align_backward") { .tensor(try poolingBackward($0, sizes: 7)) },
  OperatorRow("torchvision._ps_roi_pool_backward") { .tensor(try poolingBackward($0, sizes: 6)) },
  OperatorRow("torchvision._roi_align_backward") { .tensor(try poolingBackward($0, sizes: 5)) },
  OperatorRow("torchvision._roi_pool_backward") { .tensor(try poolingBackward($0, sizes: 6)) },
  OperatorRow("torchvision.deform_conv2d") { .tensor(try deformConv2d($0)) },
  OperatorRow("torchvision.nms") { .tensor(try nonMaximumSuppression($0)) },
  OperatorRow("torchvision.ps_roi_align") { .tuple(try positionSensitivePooling($0)) },
  OperatorRow("torchvision.ps_roi_pool") { .tuple(try positionSensitivePooling($0)) },
  OperatorRow("torchvision.qnms") { .tensor(try nonMaximumSuppression($0)) },
  OperatorRow("torchvision.qroi_align") { .tensor(try regionPooling($0, height: 7)) },
  OperatorRow("torchvision.roi_align") { .tensor(try regionPooling($0)) },
  OperatorRow("torchvision.roi_pool") { call in
    let pooled = try regionPooling(call)
    return .tuple([.tensor(pooled), .tensor(try call.newEmpty(pooled, pooled.sizes, dtype: .int32))])
  },
]

/// `nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor`: `[u]`, `u ≥ 2`.
///
/// - Throws: a refusal unless `dets` is `[n, 4]` and `scores` `[n]`.
private func nonMaximumSuppression(_ call: OperatorCall) throws -> FakeTensor {
  let (boxes, scores) = (try call.tensor(0), try call.tensor(1))
  try call.require(boxes.rank == 2, "boxes should be a 2d tensor, got \(boxes.rank)D")
  try call.check(call.shapes.eq(boxes.sizes[1], 4), "boxes should have 4 elements in dimension 1")
  try call.require(scores.rank == 1, "scores should be a 1d tensor, got \(scores.rank)")
  try call.check(
    call.shapes.eq(boxes.sizes[0], scores.sizes[0]),
    "boxes and scores should have same number of elements in dimension 0")
  return try call.newEmpty(boxes, [call.freshSize(atLeast: 2)], dtype: .int64)
}

/// `roi_align`, `qroi_align` and `roi_pool` `(Tensor input, Tensor rois, …, SymInt height, SymInt width, …)`:
/// `[n, c, h, w], [regions, 5] → [regions, c, height, width]`.
///
/// The width is the argument after `height`.
private func regionPooling(_ call: OperatorCall, height: Int = 3) throws -> FakeTensor {
  let (input, regions) = try regionInputs(call)
  // Bound: `height` is a position in a schema.
  return try call.newEmpty(
    input, [regions.sizes[0], input.sizes[1], call.symInt(height), call.symInt(height + 1)])
}

/// The derivative of a pooling of regions by its input: `[batch_size, channels, height, width]`, which are the four
/// arguments from `sizes` on.
///
/// - Throws: a refusal unless `grad` and `rois` have one dtype.
private func poolingBackward(_ call: OperatorCall, sizes: Int) throws -> FakeTensor {
  let (gradient, regions) = (try call.tensor(0), try call.tensor(1))
  try call.require(
    gradient.dtype == regions.dtype,
    "Expected tensor for grad to have the same type as tensor for rois; but type \(gradient.dtype.name) does not "
      + "equal \(regions.dtype.name)")
  // Bound: `sizes` is a position in a schema.
  return try call.newEmpty(gradient, Sizes(try (sizes..<sizes + 4).map { try call.symInt($0) }))
}

private func regionInputs(_ call: OperatorCall) throws -> (FakeTensor, FakeTensor) {
  let (input, regions) = (try call.tensor(0), try call.tensor(1))
  try call.require(regions.rank == 2, "rois must have shape as Tensor[K, 5]")
  try call.check(call.shapes.eq(regions.sizes[1], 5), "rois must have shape as Tensor[K, 5]")
  try call.require(
    input.dtype == regions.dtype,
    "Expected tensor for input to have the same type as tensor for rois; but type \(input.dtype.name) does not "
      + "equal \(regions.dtype.name)")
  try call.require(input.rank == 4, "input must have 4 dims, got \(input.rank)")
  return (input, regions)
}

/// `ps_roi_align` and `ps_roi_pool`: `[regions, c / (height · width), height, width]`, twice; the second is
/// int32.
///
/// - Throws: a refusal unless `height · width` divides the channels.
private func positionSensitivePooling(_ call: OperatorCall) throws -> [FakeValue] {
  let (input, regions) = try regionInputs(call)
  let (height, width) = (try call.symInt(3), try call.symInt(4))
  let cells = call.shapes.mul(height, width)
  try call.check(call.shapes.gt(cells, 0), "the pooled height and width must be positive")
  try call.check(
    call.shapes.eq(call.shapes.mod(input.sizes[1], cells), 0),
    "input channels must be a multiple of pooling height * pooling width")
  let sizes: Sizes = [regions.sizes[0], call.shapes.floorDiv(input.sizes[1], cells), height, width]
  return [.tensor(try call.newEmpty(input, sizes)), .tensor(try call.newEmpty(input, sizes, dtype: .int32))]
}

/// `deform_conv2d(Tensor input, Tensor weight, Tensor offset, …) -> Tensor`: `offset` gives the spatial
/// sizes.
private func deformConv2d(_ call: OperatorCall) throws -> FakeTensor {
  let (input, weight, offset) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  try call.require(
    input.rank == 4 && weight.rank == 4 && offset.rank >= 2,
    "deform_conv2d: input and weight must have 4 dims")
  return try call.newEmpty(
    input,
    [input.sizes[0], weight.sizes[0], offset.sizes[offset.rank - 2], offset.sizes[offset.rank - 1]])
}
