import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Normalization over the last dims: layer norm and RMS norm.
///
/// Rows are in alphabetical order.
let layerNormalizations: [OperatorRow] = [
  OperatorRow("_fused_rms_norm", fusedRMSNorm),
  OperatorRow("_fused_rms_norm_backward", fusedRMSNormBackward),
  OperatorRow("layer_norm", layerNorm).onOneDevice(),
  OperatorRow("native_layer_norm", nativeLayerNorm).onOneDevice(),
  OperatorRow("native_layer_norm_backward", nativeLayerNormBackward),
  OperatorRow("rms_norm", rmsNorm),
]

extension OperatorCall {
  /// Requires that the last dims and the sizes of each parameter equal `normalized`.
  ///
  /// - Guards: the equality of all these sizes at once; a runtime assert if unbacked.
  fileprivate func requireNormalized(
    _ input: FakeTensor, _ normalized: Sizes, _ parameters: [(name: String, tensor: FakeTensor?)]
  ) throws {
    func text() -> String { shapes.shortText(of: normalized) }
    try require(
      normalized.count >= 1,
      "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got "
        + "normalized_shape = \(text())")
    for (name, tensor) in parameters {
      guard let tensor else { continue }
      try check(
        equalSizes(tensor.sizes, normalized),
        "Expected \(name) to be of same shape as normalized_shape, but got \(name) of shape "
          + "\(shapes.shortText(of: tensor.sizes)) and normalized_shape = \(text())")
    }
    try check(
      input.rank < normalized.count
        ? false : equalSizes(Sizes(input.sizes.suffix(normalized.count)), normalized),
      "Given normalized_shape=\(text()), expected input with shape \(text()), but got input of size "
        + shapes.shortText(of: input.sizes))
  }

  fileprivate func requireFloat(_ tensor: FakeTensor) throws {
    try require(
      tensor.dtype.isFloatingPoint || tensor.dtype.isComplex,
      "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
        + "Got: \(tensor.dtype.name)")
  }
}

/// Output, mean and inverse deviation of a layer norm.
///
/// Source: `native_layer_norm`, `_normalize`, `torch/_refs`.
private func layerNormResults(_ call: OperatorCall) throws -> (FakeTensor, dims: [Int]) {
  let input = try call.tensor(0)
  let normalized = try call.symInts(1)
  let weight = try call.optionalTensor(2)
  let bias = try call.optionalTensor(3)
  try call.requireNormalized(input, normalized, [("weight", weight), ("bias", bias)])
  try call.require(!input.dtype.isComplex, "native_layer_norm does not support complex inputs")
  try call.requireFloat(input)
  let dims = Array((input.rank - normalized.count)..<input.rank)
  let dense = call.contiguous(input)
  func statistic() -> FakeTensor { call.reducing.reduced(input, dims, keepdim: true, dtype: input.dtype) }
  // `eps` is added to the variance.
  if call.shapes.isOpenWhetherOne(input.sizes) { call.ask(.onesAndLayout, of: statistic()) }
  if dense.strides == call.shapes.geometry.contiguousStrides(input.sizes) {
    return (call.newTensor(input.sizes, like: input), dims)
  }
  // Dims of size 1 may have strides other than those of a fresh tensor, and then decide the layout.
  var output = try call.combined([dense, statistic()], dtype: input.dtype)
  for case let parameter? in [weight, bias] {
    output = try call.combined([output, call.contiguous(parameter)], dtype: input.dtype)
  }
  return (output, dims)
}

/// `layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? bias, …) -> Tensor`:
/// contiguous.
@Sendable
private func layerNorm(_ call: OperatorCall) throws -> FakeValue { .tensor(try layerNormResults(call).0) }

/// `native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? bias, float eps)
/// -> (Tensor, Tensor, Tensor)`: the output, then mean and inverse deviation with size 1 at the normalized
/// dims.
@Sendable
private func nativeLayerNorm(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let (output, dims) = try layerNormResults(call)
  let dtype = input.device.type == .cpu ? input.dtype : input.dtype.computationType
  let statistic = { call.reducing.reduced(input, dims, keepdim: true, dtype: dtype) }
  return .tensors(output, statistic(), statistic())
}

/// `native_layer_norm_backward(grad_out, input, normalized_shape, mean, rstd, weight, bias, bool[3]
/// output_mask) -> (Tensor, Tensor, Tensor)`: gradients of input, weight and bias, where requested.
///
/// Source: `native_layer_norm_backward`, `torch/_decomp/decompositions.py`.
@Sendable
private func nativeLayerNormBackward(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(1)
  let normalized = try call.symInts(2)
  let weight = try call.optionalTensor(5)
  let bias = try call.optionalTensor(6)
  let mask = try call.mask(7, count: 3)
  try call.require(normalized.count <= input.rank, "normalized_shape has more dims than the input")
  let shapes = call.shapes
  let inner = Sizes(input.sizes.suffix(normalized.count))
  let outer = input.sizes.leading(droppingLast: normalized.count)
  let isEmpty =
    shapes.staticallyKnownTrue(shapes.eq(shapes.product(outer), 0))
    || shapes.staticallyKnownTrue(shapes.eq(shapes.product(inner), 0))
  let gradient = { (parameter: FakeTensor?, isBias: Bool) throws -> FakeValue in
    if isEmpty { return .tensor(call.newTensor(inner, like: input)) }
    guard let parameter else { return .none }
    if !outer.isEmpty { return .tensor(call.newTensor(inner, like: input, dtype: parameter.dtype)) }
    let operands = isBias ? [try call.tensor(0)] : [try call.tensor(0), input]
    return .tensor(try call.pointwise(operands, dtype: parameter.dtype))
  }
  let inputGradient =
    isEmpty || !mask[0]
    ? call.newTensor(input.sizes, like: input)
    : try call.normGradient(
      try call.tensor(0), input, weight, statistics: [try call.tensor(3), try call.tensor(4)])
  return .tuple([
    mask[0] ? .tensor(inputGradient) : .none,
    mask[1] ? try gradient(weight, false) : .none,
    mask[2] ? try gradient(bias, true) : .none,
  ])
}

extension OperatorCall {
  /// The gradient of the input: its sizes and dtype, with the layout of elementwise arithmetic.
  fileprivate func normGradient(
    _ gradient: FakeTensor, _ input: FakeTensor, _ weight: FakeTensor?, statistics: [FakeTensor]
  ) throws -> FakeTensor {
    let dtype = input.dtype.computationType
    let scales = try statistics.map { statistic in
      var result = statistic
      while result.rank < input.rank { result = try views.unsqueeze(result, result.rank) }
      return result
    }
    var normalized = converted(input, dtype)
    for scale in scales { normalized = try combined([normalized, scale], dtype: dtype) }
    var scaled = converted(gradient, dtype)
    if let weight { scaled = try combined([scaled, converted(weight, dtype)], dtype: dtype) }
    let result = try combined([scaled, normalized], dtype: dtype)
    guard let deviation = scales.last else { return result }
    let operands = scales.count > 1 ? [deviation, result] : [result, deviation]
    return try pointwise(operands, dtype: input.dtype)
  }

  /// `tensor.to(dtype, memory_format=contiguous_format)`; returns a tensor of that dtype unchanged unless it
  /// is channels-last.
  private func converted(_ tensor: FakeTensor, _ dtype: ScalarType) -> FakeTensor {
    tensor.dtype == dtype && shapes.geometry.suggestedMemoryFormat(tensor) == .contiguous
      ? tensor : newTensor(tensor.sizes, like: tensor, dtype: dtype)
  }
}

/// The output of an RMS norm: contiguous, unless the input is channels-last.
///
/// Source: `_fused_rms_norm`, `torch/_decomp/decompositions.py`; `rms_norm`,
/// `aten/src/ATen/native/layer_norm.cpp`.
private func rmsNormOutput(_ call: OperatorCall) throws -> FakeTensor {
  let input = try call.tensor(0)
  try call.requireFloat(input)
  let count = try call.symInts(1).count
  try call.require(count <= input.rank, "normalized_shape has more dims than the input")
  let statistic = call.reducing.reduced(
    input, Array((input.rank - count)..<input.rank), keepdim: true, dtype: input.dtype.computationType)
  var result = try call.combined([input, statistic], dtype: input.dtype)
  if let weight = try call.optionalTensor(2) {
    result = try call.combined([result, weight], dtype: input.dtype)
  }
  return call.shapes.geometry.suggestedMemoryFormat(input) == .contiguous ? call.contiguous(result) : result
}

extension OperatorCall {
  /// Decides whether the strides are like those of channels-last, size by size: the kernel of `rms_norm` asks.
  ///
  /// - Throws: the open decision, for sizes that are unbacked and may be 0 or 1.
  /// - Source: `is_channels_last_strides_2d_s4`, `is_channels_last_strides_3d_s5`, `c10/core/MemoryFormat.h`.
  fileprivate func askForChannelsLast(_ tensor: FakeTensor) throws {
    guard [4, 5].contains(tensor.rank), tensor.sizes.contains(where: shapes.isUnbacked) else { return }
    var least: SymInt = 0
    // Bound: the rank is 4 or 5.
    for dim in [1] + (2..<tensor.rank).reversed() + [0] {
      let (size, stride) = (tensor.sizes[dim], tensor.strides[dim])
      if try evaluate(shapes.eq(size, 0)) || evaluate(shapes.lt(stride, least)) { return }
      least = try evaluate(shapes.gt(size, 1)) ? shapes.mul(stride, size) : stride
    }
  }
}

/// `rms_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, float? eps) -> Tensor`.
///
/// - Guards: the sizes up to the first stride that is not channels-last.
@Sendable
private func rmsNorm(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.requireNormalized(input, try call.symInts(1), [("weight", try call.optionalTensor(2))])
  try call.askForChannelsLast(input)
  return .tensor(try rmsNormOutput(call))
}

/// `_fused_rms_norm(Tensor input, int[] normalized_shape, Tensor? weight, float? eps) -> (Tensor, Tensor)`:
/// the output, and the inverse root in the computation dtype.
@Sendable
private func fusedRMSNorm(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let output = try rmsNormOutput(call)
  let count = try call.symInts(1).count
  let dims = Array((input.rank - count)..<input.rank)
  return .tensors(
    output, call.reducing.reduced(input, dims, keepdim: true, dtype: input.dtype.computationType))
}

/// `_fused_rms_norm_backward(grad_out, input, normalized_shape, rstd, weight, bool[2] output_mask)
/// -> (Tensor, Tensor)`: gradients of input and weight, where requested.
///
/// Source: `_fused_rms_norm_backward`, `torch/_decomp/decompositions.py`.
@Sendable
private func fusedRMSNormBackward(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(1)
  let normalized = try call.symInts(2)
  let weight = try call.optionalTensor(4)
  let mask = try call.mask(5, count: 2)
  try call.require(normalized.count <= input.rank, "normalized_shape has more dims than the input")
  let shapes = call.shapes
  let inner = Sizes(input.sizes.suffix(normalized.count))
  let outer = input.sizes.leading(droppingLast: normalized.count)
  let isEmpty =
    shapes.guardOrFalse(shapes.eq(shapes.product(outer), 0))
    || shapes.guardOrFalse(shapes.eq(shapes.product(inner), 0))
  let inputGradient =
    isEmpty || !mask[0]
    ? call.newTensor(input.sizes, like: input)
    : try call.normGradient(try call.tensor(0), input, weight, statistics: [try call.tensor(3)])
  guard mask[1], weight != nil || isEmpty else {
    return .tuple([mask[0] ? .tensor(inputGradient) : .none, .none])
  }
  let weightGradient =
    isEmpty || !outer.isEmpty
    ? call.newTensor(inner, like: input) : try call.combined([try call.tensor(0), input], dtype: input.dtype)
  return .tuple([mask[0] ? .tensor(inputGradient) : .none, .tensor(weightGradient)])
}

extension OperatorCall {
  /// A list of exactly `count` bools.
  func mask(_ position: Int, count: Int) throws -> [Bool] {
    guard let elements = self[position].elements, elements.count == count else {
      throw refusal("\(schema.name.base) takes a mask of \(count) truth values")
    }
    return elements.map { element in
      switch element {
      case .bool(let value): value
      case .symInt(let value): value != 0
      default: false
      }
    }
  }
}
