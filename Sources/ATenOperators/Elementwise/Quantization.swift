import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Fake quantization, and quantization as exported programs express it: the result has the input's layout.
///
/// Rows are in alphabetical order. Source: `torch/ao/quantization/fx/_decomposed.py`.
let quantization: [OperatorRow] = [
  OperatorRow("_fake_quantize_learnable_per_channel_affine") { call in
    .tensor(call.emptyLike(try call.tensor(0)))
  },
  OperatorRow("_fake_quantize_learnable_per_tensor_affine") { call in
    .tensor(call.emptyLike(try call.tensor(0)))
  },
  OperatorRow("_fake_quantize_per_tensor_affine_cachemask_tensor_qparams") { call in
    try withMask(call, try call.tensor(0))
  },
  OperatorRow("_fused_moving_avg_obs_fq_helper", fusedObserver),
  OperatorRow("fake_quantize_per_channel_affine") { call in
    .tensor(try call.clone(try channelInput(call)))
  },
  OperatorRow("fake_quantize_per_channel_affine_cachemask") { call in
    try withMask(call, try channelInput(call))
  },
  OperatorRow("fake_quantize_per_channel_affine_cachemask_backward", maskedGradient),
  OperatorRow("fake_quantize_per_tensor_affine") { call in .tensor(try call.clone(try tensorInput(call))) },
  OperatorRow("fake_quantize_per_tensor_affine_cachemask") { call in try withMask(call, try tensorInput(call))
  },
  OperatorRow("fake_quantize_per_tensor_affine_cachemask_backward", maskedGradient),
  OperatorRow("fused_moving_avg_obs_fake_quant") { call in .tensor(call.emptyLike(try call.tensor(0))) },
  .chosenParameters("quantized_decomposed._choose_qparams_per_token_asymmetric_impl"),
  OperatorRow("quantized_decomposed.choose_qparams", chooseParameters),
  .chosenParameters("quantized_decomposed.choose_qparams_per_token"),
  .chosenParameters("quantized_decomposed.choose_qparams_per_token_asymmetric"),
  OperatorRow("quantized_decomposed.choose_qparams_symmetric") { call in
    oneParameter(call, try call.tensor(0))
  },
  OperatorRow("quantized_decomposed.convert_element_type") { call in
    .tensor(call.emptyLike(try call.tensor(0), dtype: try call.optionalDtype(1)))
  },
  .dequantizing("quantized_decomposed.dequantize_per_channel", dtype: 6, output: 7, axis: 3),
  .dequantizing("quantized_decomposed.dequantize_per_channel_group", dtype: nil, output: 7),
  .dequantizing("quantized_decomposed.dequantize_per_tensor.default", dtype: nil, output: 6),
  .dequantizing("quantized_decomposed.dequantize_per_tensor.tensor", dtype: 5, output: 6, scalars: true),
  .dequantizing("quantized_decomposed.dequantize_per_tensor.tensor2", dtype: 5, output: 6, scalars: true),
  .dequantizing("quantized_decomposed.dequantize_per_token", dtype: nil, output: 6),
  OperatorRow("quantized_decomposed.fake_quant_per_channel") { call in
    .tensor(call.emptyLike(try call.tensor(0)))
  },
  .quantizing("quantized_decomposed.quantize_per_channel", dtype: 6, axis: 3),
  OperatorRow("quantized_decomposed.quantize_per_channel_group", quantizeGroups),
  .quantizing("quantized_decomposed.quantize_per_tensor.default", dtype: 5),
  .quantizing("quantized_decomposed.quantize_per_tensor.tensor", dtype: 5, scalars: true),
  .quantizing("quantized_decomposed.quantize_per_tensor.tensor2", dtype: 5, scalars: true),
  .quantizing("quantized_decomposed.quantize_per_token", dtype: 5, isAnyInput: true),
]

extension OperatorRow {
  /// Quantizes floats to the dtype at position `dtype`.
  fileprivate static func quantizing(
    _ name: String, dtype: Int, axis: Int? = nil, scalars: Bool = false, isAnyInput: Bool = false
  ) -> OperatorRow {
    OperatorRow(name) { call in
      let input = try call.tensor(0)
      if scalars { try requireSingles(call) }
      if !isAnyInput {
        try call.require(
          [.float32, .float16, .bfloat16].contains(input.dtype),
          "Expecting input to have dtype torch.float32, but got dtype: torch.\(input.dtype.name)")
      }
      if let axis {
        try call.require(try call.int(axis) < input.rank, "Expecting axis to be < \(input.rank)")
      }
      return .tensor(call.emptyLike(input, dtype: try call.optionalDtype(dtype)))
    }
  }

  /// Dequantizes integers of the dtype at `dtype` to float32, or to the dtype at `output`.
  fileprivate static func dequantizing(
    _ name: String, dtype: Int?, output: Int, axis: Int? = nil, scalars: Bool = false
  ) -> OperatorRow {
    OperatorRow(name) { call in
      let input = try call.tensor(0)
      if scalars { try requireSingles(call) }
      if let dtype, let expected = try call.optionalDtype(dtype) {
        try call.require(
          input.dtype == expected,
          "Expecting input to have dtype: torch.\(expected.name), but got torch.\(input.dtype.name)")
      }
      if let axis {
        try call.require(try call.int(axis) < input.rank, "Expecting axis to be < \(input.rank)")
      }
      return .tensor(call.emptyLike(input, dtype: try call.optionalDtype(output) ?? .float32))
    }
  }

  /// Scales and zero points, one per token: `[…, n] → […, 1]`.
  fileprivate static func chosenParameters(_ name: String) -> OperatorRow {
    OperatorRow(name) { call in
      let input = try call.tensor(0)
      try call.require(input.rank > 0, "the input must have at least one dim")
      let sizes = input.sizes.leading(droppingLast: 1).appending(1)
      return .tuple([
        .tensor(call.newTensor(sizes, like: input, dtype: .float64)),
        .tensor(call.newTensor(sizes, like: input, dtype: .int64)),
      ])
    }
  }
}

/// Refuses scales or zero points, at positions 1 and 2, with more than one element.
private func requireSingles(_ call: OperatorCall) throws {
  for position in 1...2 {
    let size = call.shapes.geometry.numel(try call.tensor(position))
    try call.check(
      call.shapes.eq(size, 1),
      "Expecting \(call.schema.arguments[position].name) tensor to be one element, but received : "
        + call.shapes.text(of: size))
  }
}

private func oneParameter(_ call: OperatorCall, _ input: FakeTensor) -> FakeValue {
  .tuple([
    .tensor(call.newTensor([1], like: input, dtype: .float64)),
    .tensor(call.newTensor([1], like: input, dtype: .int64)),
  ])
}

/// `choose_qparams.tensor(Tensor input, int quant_min, int quant_max, float eps, ScalarType dtype)`.
@Sendable
private func chooseParameters(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.require(
    [.float32, .float16, .bfloat16].contains(input.dtype),
    "Expecting input to have dtype torch.float32/16/b16, but got dtype: torch.\(input.dtype.name)")
  try call.require(try call.int(1) < call.int(2), "Expecting quant_min to be smaller than quant_max")
  return oneParameter(call, input)
}

/// `quantize_per_channel_group(Tensor input, Tensor scales, Tensor zero_points, int quant_min, int quant_max,
/// ScalarType dtype, int group_size)`: the groups divide the last of two dims.
@Sendable
private func quantizeGroups(_ call: OperatorCall) throws -> FakeValue {
  let (input, scales) = (try call.tensor(0), try call.tensor(1))
  var group = try call.symInt(6)
  let shapes = call.shapes
  try call.require(try call.evaluate(shapes.gt(group, 1)), "group_size must be > 1")
  try call.require(input.rank == 2 && scales.rank > 0, "input must be 2-dimensional")
  let isWide = try call.evaluate(shapes.gt(group, input.sizes[1]))
  if try isWide && call.isEqual(scales.sizes[scales.rank - 1], 1) { group = input.sizes[1] }
  try call.require(
    try call.isEqual(shapes.mod(input.sizes[1], group), 0), "input.shape[-1] must be divisible by group_size")
  return .tensor(call.emptyLike(input, dtype: try call.optionalDtype(5)))
}

/// The input, checked as `fake_quantize_per_tensor_affine` does: `quant_min <= quant_max`.
private func tensorInput(_ call: OperatorCall) throws -> FakeTensor {
  let (least, largest) = (try call.int(3), try call.int(4))
  try call.require(least <= largest, "`quant_min` should be less than or equal to `quant_max`.")
  if call[2].tensor != nil {
    try requireSingles(call)
  } else {
    let zeroPoint = try call.int(2)
    try call.require(
      zeroPoint >= least && zeroPoint <= largest, "`zero_point` must be between `quant_min` and `quant_max`.")
  }
  return try call.tensor(0)
}

/// The input, checked as `fake_quantize_per_channel_affine` does: one scale and zero point per channel.
///
/// Source: `aten/src/ATen/native/quantized/FakeQuantPerChannelAffine.cpp`.
private func channelInput(_ call: OperatorCall) throws -> FakeTensor {
  let (input, scale, zeroPoint) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  let axis = try call.int(3)
  try call.require(
    [.int32, .float32, .float16].contains(zeroPoint.dtype),
    "Zero-point must be Int32, Float or Half, found \(zeroPoint.dtype.name)")
  try call.require(scale.rank == 1 && zeroPoint.rank == 1, "scale and zero point should be 1-D tensors")
  try call.require(
    try call.int(4) <= call.int(5), "`quant_min` should be less than or equal to `quant_max`.")
  try call.require(
    axis >= 0 && axis < input.rank, "`axis` must be between 0 and number of dimensions of input")
  try call.check(
    call.shapes.eq(scale.sizes[0], zeroPoint.sizes[0]),
    "scale and zero-point need to have the same dimensions")
  try call.check(
    call.shapes.eq(scale.sizes[0], input.sizes[axis]),
    "dimensions of scale and zero-point are not consistent with input tensor")
  return input
}

/// `(Tensor output, Tensor mask)`, both in the input's layout.
private func withMask(_ call: OperatorCall, _ input: FakeTensor) throws -> FakeValue {
  let (output, mask) = (try call.clone(input), try call.convertedCopy(input, .bool, nil, nil))
  return .tuple([.tensor(output), .tensor(mask)])
}

/// `…_cachemask_backward(Tensor grad, Tensor mask)`: `grad * mask`.
@Sendable
private func maskedGradient(_ call: OperatorCall) throws -> FakeValue {
  let (gradient, mask) = (try call.tensor(0), try call.tensor(1))
  try call.require(mask.dtype.isBool, "the mask must be of dtype bool")
  try call.check(
    call.shapes.eq(call.shapes.geometry.numel(mask), call.shapes.geometry.numel(gradient)),
    "`mask` and `grad` are not the same size")
  return .tensor(try call.pointwise([gradient, mask], dtype: gradient.dtype))
}

/// `_fused_moving_avg_obs_fq_helper(Tensor self, …, int ch_axis, …) -> (Tensor output, Tensor mask)`.
///
/// Source: `torch/_meta_registrations.py`.
@Sendable
private func fusedObserver(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.require(try call.int(10) < input.rank, "ch_axis must be < self.dim()")
  return try withMask(call, input)
}
