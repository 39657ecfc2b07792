import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Operators that move elements between channel and spatial dims.
///
/// Rows are in alphabetical order.
let pixelShuffles: [OperatorRow] = [
  OperatorRow("channel_shuffle", channelShuffle),
  OperatorRow("native_channel_shuffle", channelShuffle),
  OperatorRow("pixel_shuffle", pixelShuffle),
  OperatorRow("pixel_unshuffle", pixelUnshuffle),
]

/// `channel_shuffle(Tensor self, SymInt groups) -> Tensor`: contiguous.
///
/// - Throws: a refusal for fewer than three dims, or groups that do not divide the channels.
/// - Source: `channel_shuffle`, `torch/_refs/nn/functional`.
@Sendable
private func channelShuffle(_ call: OperatorCall) throws -> FakeValue {
  let (tensor, groups) = (try call.tensor(0), try call.symInt(1))
  let shapes = call.shapes
  try call.require(
    tensor.rank > 2, "channel_shuffle expects input with > 2 dims, but got input with \(tensor.rank) dims")
  try call.check(
    shapes.gt(groups, 0),
    "Number of groups to divide channels in must be positive. Value of groups: \(shapes.text(of: groups))")
  try call.check(
    shapes.eq(shapes.mod(tensor.sizes[1], groups), 0),
    "Number of channels must be divisible by groups. Got \(shapes.text(of: tensor.sizes[1])) channels and "
      + "\(shapes.text(of: groups)) groups.")
  if try call.isEqual(shapes.geometry.numel(tensor), 0) {
    return .tensor(try call.views.view(tensor, tensor.sizes))
  }
  if tensor.device.type == .cuda, try call.isEqual(groups, 1) || call.isEqual(groups, tensor.sizes[1]) {
    return .tensor(try call.views.view(tensor, tensor.sizes))
  }
  let perGroup = shapes.floorDiv(tensor.sizes[1], groups)
  let channels = shapes.mul(groups, perGroup)
  if shapes.isUnbacked(tensor.sizes[1]) {
    try call.check(shapes.eq(tensor.sizes[1], channels), "the groups have all channels")
  }
  guard !shapes.isUnbacked(tensor.sizes[1]), shapes.guardOrFalse(shapes.eq(channels, tensor.sizes[1])) else {
    return .tensor(call.newTensor(tensor.sizes, like: tensor))
  }
  // A copy of [N, C / groups, groups, …] with dims 1 and 2 merged.
  var (sizes, copied) = (tensor.sizes, tensor.sizes)
  sizes[1] = channels
  copied[1] = groups
  copied.insert(perGroup, at: 1)
  var strides = shapes.geometry.contiguousStrides(copied)
  strides.remove(at: 1)
  return .tensor(call.mode.tensor(sizes, strides: strides, dtype: tensor.dtype, device: tensor.device))
}

/// `pixel_shuffle(Tensor self, int upscale_factor) -> Tensor`: `[*, C·r², H, W] → [*, C, H·r, W·r]`, in the memory
/// format of the input on CPU.
///
/// - Source: `meta_pixel_shuffle`, `torch/_meta_registrations.py`.
@Sendable
private func pixelShuffle(_ call: OperatorCall) throws -> FakeValue {
  let (tensor, number) = (try call.tensor(0), try call.int(1))
  let shapes = call.shapes
  try call.require(
    tensor.rank > 2, "Invalid input shape for pixel_shuffle: \(shapes.shortText(of: tensor.sizes))")
  try call.require(number > 0, "pixel_shuffle expects a positive upscale_factor")
  let factor = SymInt(number)
  var sizes = tensor.sizes
  let (channels, area) = (tensor.rank - 3, shapes.mul(factor, factor))
  try call.check(
    shapes.eq(shapes.mod(sizes[channels], area), 0),
    "Invalid input shape for pixel_shuffle: \(shapes.shortText(of: sizes)) with upscale_factor = "
      + shapes.text(of: factor))
  sizes[channels] = shapes.floorDiv(sizes[channels], area)
  for dim in [channels + 1, channels + 2] { sizes[dim] = shapes.mul(sizes[dim], factor) }
  // The contiguous result is converted to the format, which asks whether there are channels.
  call.askWhetherEmpty([sizes[channels]])
  let format = tensor.device.type == .cpu ? shapes.geometry.suggestedMemoryFormat(tensor) : .contiguous
  return .tensor(
    call.mode.tensor(
      sizes, strides: try call.strides(sizes, format), dtype: tensor.dtype, device: tensor.device))
}

/// `pixel_unshuffle(Tensor self, int downscale_factor) -> Tensor`: `[*, C, H·r, W·r] → [*, C·r², H, W]`.
///
/// - Source: `pixel_unshuffle`, `torch/_refs/nn/functional`.
@Sendable
private func pixelUnshuffle(_ call: OperatorCall) throws -> FakeValue {
  let (tensor, number) = (try call.tensor(0), try call.int(1))
  let shapes = call.shapes
  try call.require(
    tensor.rank >= 3, "pixel_unshuffle expects input to have at least 3 dimensions, but got \(tensor.rank)")
  try call.require(number > 0, "pixel_unshuffle expects a positive downscale_factor")
  let factor = SymInt(number)
  var sizes = tensor.sizes
  let channels = tensor.rank - 3
  for dim in [channels + 1, channels + 2] { sizes[dim] = shapes.floorDiv(sizes[dim], factor) }
  let split = Sizes(
    Array(sizes[...channels]) + [sizes[channels + 1], factor, sizes[channels + 2], factor])
  let pieces = try call.views.view(tensor, split)
  sizes = Sizes(Array(pieces.sizes[...channels]) + [pieces.sizes[channels + 1], pieces.sizes[channels + 3]])
  sizes[channels] = shapes.product([
    pieces.sizes[channels], pieces.sizes[channels + 2], pieces.sizes[channels + 4],
  ])
  let format = shapes.geometry.suggestedMemoryFormat(tensor)
  return .tensor(
    call.mode.tensor(
      sizes, strides: try call.strides(sizes, format), dtype: tensor.dtype, device: tensor.device))
}
