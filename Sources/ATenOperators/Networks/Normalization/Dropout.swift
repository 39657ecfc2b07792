import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Dropout in all its forms.
///
/// Rows are in alphabetical order.
let dropouts: [OperatorRow] = [
  OperatorRow("_fused_dropout") { call in
    let result = try call.pointwise(0..<1)
    return .tensors(
      result,
      call.mode.tensor(result.sizes, strides: result.strides, dtype: .uint8, device: result.device))
  },
  OperatorRow("_masked_scale") { call in
    let input = try call.tensor(0)
    return .tensor(call.newTensor(input.sizes, like: input))
  },
  OperatorRow("alpha_dropout", dropout),
  OperatorRow("dropout", inplace: .kernel) { call in
    let result = try dropout(call)
    return call.has(.dropoutIsContiguous) ? call.withNewStrides(result) : result
  },
  OperatorRow("feature_alpha_dropout", featureDropout),
  OperatorRow("feature_dropout", featureDropout),
  OperatorRow("native_dropout", nativeDropout),
  OperatorRow("native_dropout_backward", nativeDropoutBackward),
]

extension OperatorCall {
  /// A tensor with the strides that an elementwise operator would give the result.
  fileprivate func withNewStrides(_ result: FakeValue) -> FakeValue {
    guard case .tensor(let tensor) = result else { return result }
    let strides = shapes.geometry.elementwiseStrides([tensor], tensor.sizes)
    return .tensor(mode.tensor(tensor.sizes, strides: strides, dtype: tensor.dtype, device: tensor.device))
  }
}

/// `dropout(Tensor input, float p, bool train)`: the input itself if nothing is dropped.
///
/// - Throws: a refusal unless `0 <= p <= 1`, and for integers if elements are dropped.
/// - Source: `_dropout_impl`, `aten/src/ATen/native/Dropout.cpp`.
@Sendable
private func dropout(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let probability = try call.double(1)
  try call.require(
    probability >= 0 && probability <= 1,
    "dropout probability has to be between 0 and 1, but got \(probability)")
  let isPlain = call.schema.name.base == "dropout"
  if try probability == 0 || !call.bool(2) {
    // PyTorch's Python form of plain dropout copied without reading sizes.
    let copies = isPlain && !call.has(.dropoutReturnsItsInput)
    return .tensor(copies ? try call.clone(input) : input)
  }
  let size = call.shapes.geometry.numel(input)
  if try isPlain ? call.shapes.guardOrFalse(call.shapes.eq(size, 0)) : call.isEqual(size, 0) {
    return .tensor(input)
  }
  if probability < 1 {
    try call.require(input.dtype, isNotIn: [.bool, .integer])
  }
  return .tensor(try call.pointwise(0..<1, isFast: true))
}

/// `feature_dropout(Tensor input, float p, bool train)`: drops whole features, dims 0 and 1.
@Sendable
private func featureDropout(_ call: OperatorCall) throws -> FakeValue {
  let result = try dropout(call)
  let input = try call.tensor(0)
  if let tensor = result.tensor, tensor !== input, try call.double(1) < 1 {
    try call.require(input.rank >= 2, "Feature dropout requires at least 2 dimensions in the input")
  }
  return result
}

/// `native_dropout(Tensor input, float p, bool? train) -> (Tensor, Tensor)`: the result and its mask.
///
/// Source: `native_dropout`, `torch/_decomp/decompositions.py`.
@Sendable
private func nativeDropout(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let probability = try call.double(1)
  let mask = call.emptyLike(input, dtype: .bool)
  guard try call.optionalBool(2) ?? false, probability != 0 else {
    return .tuple([.tensor(input), .tensor(mask)])
  }
  if probability == 1 { return .tuple([.tensor(call.emptyLike(input)), .tensor(mask)]) }
  try call.require(input.dtype, isNotIn: [.bool, .integer, .complex])
  return .tuple([.tensor(try call.pointwise(0..<1, asking: .onesAndLayout)), .tensor(mask)])
}

/// `native_dropout_backward(Tensor grad_output, Tensor mask, float scale)`: in the gradient's memory format.
@Sendable
private func nativeDropoutBackward(_ call: OperatorCall) throws -> FakeValue {
  let gradient = try call.tensor(0)
  var promotion = TypePromotion(call.shapes.profile)
  promotion.add(gradient)
  promotion.add(.float)
  let sizes = try call.broadcast(gradient.sizes, try call.tensor(1).sizes)
  let strides = call.shapes.geometry.strides(sizes, call.shapes.geometry.suggestedMemoryFormat(gradient))
  return .tensor(call.mode.tensor(sizes, strides: strides, dtype: promotion.result, device: gradient.device))
}
