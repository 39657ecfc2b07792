import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Normalization over groups of channels, and weight normalization.
///
/// Rows are in alphabetical order.
let groupNormalizations: [OperatorRow] = [
  OperatorRow("_weight_norm", weightNorm),
  OperatorRow("_weight_norm_interface", weightNormInterface),
  OperatorRow("_weight_norm_interface_backward", weightNormInterfaceBackward),
  OperatorRow("group_norm", groupNorm),
  OperatorRow("native_group_norm", nativeGroupNorm),
  OperatorRow("native_group_norm_backward", nativeGroupNormBackward),
]

extension OperatorCall {
  /// Output, mean and inverse deviation over `[N, groups, C / groups · HxW]`.
  ///
  /// With a weight on the CPU, the output has the layout of the input, otherwise that of the grouped input.
  ///
  /// Source: `native_group_norm`, `torch/_refs`.
  fileprivate func normalizedGroups(
    _ input: FakeTensor, _ weight: FakeTensor?, _ bias: FakeTensor?, batch: SymInt, channels: SymInt,
    inner: SymInt, groups: Int
  ) throws -> [FakeTensor] {
    try require(input.rank >= 2, "Expected at least 2 dimensions for input tensor but received \(input.rank)")
    try require(groups > 0, "Expected num groups to be greater than 0, got \(groups)")
    let count = SymInt(groups)
    try check(
      shapes.eq(shapes.mod(channels, count), 0),
      "Expected number of channels in input to be divisible by num_groups, but got input of shape "
        + "\(shapes.shortText(of: input.sizes)) and num_groups = \(groups)")
    try requireFloatMean(input.dtype)
    let perGroup = shapes.floorDiv(channels, count)
    let input =
      input.dtype.computationType == input.dtype ? input : try pointwise([input], dtype: input.dtype)
    let grouped = try reshaped(input, to: [batch, count, perGroup, inner])
    let dims = [2, 3]
    let statistic = { self.reducing.reduced(grouped, dims, keepdim: false, dtype: input.dtype) }
    let output: FakeTensor
    if input.device.type == .cpu, let weight {
      let slopes = try reshaped(weight, to: [1, count, perGroup, 1])
      if shapes.isOpenWhetherOne([perGroup]) {
        _ = try combined([newTensor([batch, count, 1, 1], like: input), slopes], dtype: input.dtype)
      }
      if let bias { _ = try reshaped(bias, to: [1, count, perGroup, 1]) }
      var sizes: Sizes = [batch, channels]
      for _ in 2..<max(2, input.rank) { sizes.append(1) }
      output = try combined([input, newTensor(sizes, like: input)], dtype: input.dtype)
    } else {
      let statistics = reducing.reduced(grouped, dims, keepdim: true, dtype: input.dtype)
      let normalized = try combined([grouped, statistics], dtype: input.dtype)
      var result = try views.view(normalized, input.sizes)
      for parameter in [weight, bias] {
        guard let parameter else { continue }
        result = try combined([result, overSpatialDims(parameter, rank: input.rank)], dtype: input.dtype)
      }
      output = result
    }
    return [has(.groupNormKeepsFormat) ? inFormat(of: input, output) : output, statistic(), statistic()]
  }

  /// `output` in the memory format of `input`.
  private func inFormat(of input: FakeTensor, _ output: FakeTensor) -> FakeTensor {
    let strides = shapes.geometry.strides(output.sizes, shapes.geometry.suggestedMemoryFormat(input))
    return mode.tensor(output.sizes, strides: strides, dtype: output.dtype, device: output.device)
  }

  /// `[C]` as `[1, C, 1, …]`.
  private func overSpatialDims(_ parameter: FakeTensor, rank: Int) -> FakeTensor {
    var sizes: Sizes = [1]
    for size in parameter.sizes { sizes.append(size) }
    for _ in 2..<max(2, rank) { sizes.append(1) }
    return newTensor(sizes, like: parameter)
  }

  private func requireFloatMean(_ dtype: ScalarType) throws {
    try require(
      dtype.isFloatingPoint || dtype.isComplex,
      "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
        + "Got: \(dtype.name)")
  }
}

/// `native_group_norm(input, weight, bias, SymInt N, SymInt C, SymInt HxW, int group, float eps)
/// -> (Tensor, Tensor, Tensor)`: mean and inverse deviation are `[N, group]`.
@Sendable
private func nativeGroupNorm(_ call: OperatorCall) throws -> FakeValue {
  let results = try call.normalizedGroups(
    try call.tensor(0), try call.optionalTensor(1), try call.optionalTensor(2), batch: try call.symInt(3),
    channels: try call.symInt(4), inner: try call.symInt(5), groups: try call.int(6))
  return .tuple(results.map { .tensor($0) })
}

/// `group_norm(Tensor input, int num_groups, Tensor? weight, Tensor? bias, …) -> Tensor`.
///
/// - Guards: groups divide the channels; weight and bias have one element per channel.
/// - Source: `group_norm`, `aten/src/ATen/native/group_norm.cpp`.
@Sendable
private func groupNorm(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let groups = try call.int(1)
  let weight = try call.optionalTensor(2)
  let bias = try call.optionalTensor(3)
  let shapes = call.shapes
  try call.require(
    input.rank >= 2, "Expected at least 2 dimensions for input tensor but received \(input.rank)")
  try call.require(groups > 0, "Expected num groups to be greater than 0, got \(groups)")
  let channels = input.sizes[1]
  try call.require(
    try call.evaluate(shapes.eq(shapes.mod(channels, SymInt(groups)), 0)),
    "Expected number of channels in input to be divisible by num_groups, but got input of shape "
      + "\(shapes.shortText(of: input.sizes)) and num_groups=\(groups)")
  for (name, parameter) in [("weight", weight), ("bias", bias)] {
    guard let parameter else { continue }
    try call.require(
      try parameter.rank == 1 && call.isEqual(parameter.sizes[0], channels),
      "Expected \(name) to be a vector of size equal to the number of channels in input, but got \(name) of "
        + "shape \(shapes.shortText(of: parameter.sizes)) and input of shape \(shapes.shortText(of: input.sizes))"
    )
  }
  let keepsFormat = input.device.type == .cpu || call.has(.groupNormKeepsFormat)
  let format = keepsFormat ? try call.decidedMemoryFormat(input) : .contiguous
  let dense =
    shapes.geometry.isContiguous(input, format)
    ? input
    : call.mode.tensor(
      input.sizes, strides: shapes.geometry.strides(input.sizes, format), dtype: input.dtype,
      device: input.device)
  let results = try call.normalizedGroups(
    dense, weight, bias, batch: input.sizes[0], channels: channels,
    inner: shapes.product(input.sizes.dropFirst(2)), groups: groups)
  return .tensor(results[0])
}

extension OperatorCall {
  /// The memory format that the strides suggest; undecidable comparisons are errors.
  ///
  /// Source: `TensorImpl::suggest_memory_format`, `is_channels_last_strides_2d_s4` (`c10/core`).
  fileprivate func decidedMemoryFormat(_ tensor: FakeTensor) throws -> MemoryFormat {
    guard tensor.rank == 4 || tensor.rank == 5 else { return .contiguous }
    var least: SymInt = 0
    for dim in [1] + (2..<tensor.rank).reversed() + [0] {
      let (size, stride) = (tensor.sizes[dim], tensor.strides[dim])
      if try dim == 1 && isEqual(stride, 0) { return .contiguous }
      if try isEqual(size, 0) { return .contiguous }
      if try evaluate(shapes.lt(stride, least)) { return .contiguous }
      if try dim == 0 && isEqual(least, tensor.strides[1]) { return .contiguous }
      least = try evaluate(shapes.gt(size, 1)) ? shapes.mul(stride, size) : stride
    }
    return tensor.rank == 4 ? .channelsLast : .channelsLast3d
  }
}

/// `native_group_norm_backward(grad_out, input, mean, rstd, weight, N, C, HxW, group, bool[3] output_mask)
/// -> (Tensor, Tensor, Tensor)`: gradients of input `[like input]`, weight and bias `[C]`, where requested.
///
/// Source: `native_group_norm_backward`, `torch/_decomp/decompositions.py`.
@Sendable
private func nativeGroupNormBackward(_ call: OperatorCall) throws -> FakeValue {
  let gradient = try call.tensor(0)
  let input = try call.tensor(1)
  let statistics = [try call.tensor(2), try call.tensor(3)]
  let weight = try call.optionalTensor(4)
  let (batch, channels, inner) = (try call.symInt(5), try call.symInt(6), try call.symInt(7))
  let groups = SymInt(try call.int(8))
  let mask = try call.mask(9, count: 3)
  let shapes = call.shapes
  try call.require(groups != 0, "Expected num groups to be greater than 0")
  try call.require(gradient.rank == input.rank, "grad_out and input must have the same shape")
  for dim in 0..<input.rank {
    try call.check(
      shapes.eq(gradient.sizes[dim], input.sizes[dim]), "grad_out and input must have the same shape")
  }
  try call.check(
    shapes.eq(shapes.geometry.numel(input), shapes.mul(shapes.mul(batch, channels), inner)),
    "Expect input to have \(shapes.text(of: shapes.mul(shapes.mul(batch, channels), inner))) elements")
  for statistic in statistics {
    try call.require(
      try statistic.rank == 2 && call.isEqual(statistic.sizes[0], batch)
        && call.isEqual(statistic.sizes[1], groups),
      "Expect mean and rstd to have shape (\(shapes.text(of: batch)), \(shapes.text(of: groups)))")
  }
  if let weight {
    try call.check(
      shapes.eq(shapes.geometry.numel(weight), channels),
      "Expect gamma to have \(shapes.text(of: channels)) elements")
  }
  try call.check(
    shapes.eq(shapes.mod(channels, groups), 0), "Expect number of channels to be evenly-divisible by groups")
  var promotion = TypePromotion(call.shapes.profile)
  for tensor in [gradient, input] + statistics + (weight.map { [$0] } ?? []) { promotion.add(tensor) }
  let dtype = promotion.result
  let format = call.has(.groupNormKeepsFormat) ? shapes.geometry.suggestedMemoryFormat(input) : .contiguous
  let inputGradient = call.mode.tensor(
    input.sizes, strides: shapes.geometry.strides(input.sizes, format), dtype: dtype, device: input.device)
  return .tuple([
    mask[0] ? .tensor(inputGradient) : .none,
    mask[1] ? .tensor(call.newTensor([channels], like: input, dtype: dtype)) : .none,
    mask[2] ? .tensor(call.newTensor([channels], like: input, dtype: dtype)) : .none,
  ])
}

/// `_weight_norm(Tensor v, Tensor g, int dim) -> Tensor`: `v · g / ‖v‖`, in the layout of a contiguous `v`.
///
/// Source: `_weight_norm`, `aten/src/ATen/native/WeightNorm.cpp`.
@Sendable
private func weightNorm(_ call: OperatorCall) throws -> FakeValue {
  let (direction, length) = (call.contiguous(try call.tensor(0)), call.contiguous(try call.tensor(1)))
  let dim = try call.int(2)
  let isHalf = [direction, length].contains { $0.dtype == .float16 }
  if direction.rank == 1 || (!isHalf && (dim == 0 || dim == direction.rank - 1)) {
    return .tensor(try weightNormResults(call, direction, length, dim).weight)
  }
  let scale = try call.elementwise(length, try call.reducing.normExceptDim(direction, order: 2, dim))
  return .tensor(try call.elementwise(direction, scale))
}

/// `_weight_norm_interface(Tensor v, Tensor g, int dim) -> (Tensor, Tensor)`: the weight and the norms.
@Sendable
private func weightNormInterface(_ call: OperatorCall) throws -> FakeValue {
  let (weight, norms) = try weightNormResults(call, try call.tensor(0), try call.tensor(1), try call.int(2))
  return .tensors(weight, norms)
}

/// Source: `_weight_norm_interface`, `torch/_decomp/decompositions.py`.
private func weightNormResults(
  _ call: OperatorCall, _ direction: FakeTensor, _ length: FakeTensor, _ dim: Int
) throws -> (weight: FakeTensor, norms: FakeTensor) {
  let norms = try call.reducing.normExcept(
    direction, dim, order: 2, dtype: length.dtype == .bfloat16 ? .float32 : nil)
  let scale = try call.combined([length, norms], dtype: length.dtype)
  var promotion = TypePromotion(call.shapes.profile)
  promotion.add(direction)
  promotion.add(scale)
  return (try call.combined([direction, scale], dtype: promotion.result), norms)
}

/// `_weight_norm_interface_backward(grad_w, saved_v, saved_g, saved_norms, int dim) -> (Tensor, Tensor)`.
@Sendable
private func weightNormInterfaceBackward(_ call: OperatorCall) throws -> FakeValue {
  let (direction, length) = (try call.tensor(1), try call.tensor(2))
  return .tensors(
    try call.pointwise([direction], dtype: direction.dtype), try call.pointwise([length], dtype: length.dtype)
  )
}
