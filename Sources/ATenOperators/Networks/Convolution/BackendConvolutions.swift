import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// Convolutions under the names of the kernels that compute them, with the arguments of `convolution` by name.
///
/// Rows are in alphabetical order.
///
/// Source: `aten/src/ATen/native/native_functions.yaml`.
let backendConvolutions: [OperatorRow] =
  [
    "_conv_depthwise2d", "cudnn_convolution", "cudnn_convolution_add_relu", "cudnn_convolution_relu",
    "cudnn_convolution_transpose", "miopen_convolution", "miopen_convolution_add_relu",
    "miopen_convolution_relu",
    "miopen_convolution_transpose", "miopen_depthwise_convolution", "mkldnn_convolution",
    "slow_conv3d_forward",
    "slow_conv_dilated2d", "slow_conv_dilated3d", "slow_conv_transpose2d", "slow_conv_transpose3d",
  ].map { OperatorRow($0, namedConvolution) }
  + [
    OperatorRow("_convolution_double_backward", doubleBackward)
  ]

/// A convolution whose absent arguments have their defaults.
@Sendable
private func namedConvolution(_ call: OperatorCall) throws -> FakeValue {
  func argument(_ name: String, default value: FakeValue) -> FakeValue {
    call.schema.position(of: name).map { call[$0] } ?? value
  }
  let spatial = max(0, try call.tensor(1).rank - 2)
  func list(_ value: Int) -> FakeValue { .sizes(Sizes(repeating: SymInt(value), count: spatial)) }
  let isTransposed = call.schema.name.base.contains("transpose")
  let groups =
    call.schema.name.base.contains("depthwise2d")
    ? FakeValue.symInt(try call.size(try call.tensor(0), 1)) : argument("groups", default: .int(1))
  return try call.aten(
    "convolution.default", call[0], call[1], argument("bias", default: .none),
    argument("stride", default: list(1)),
    argument("padding", default: list(0)), argument("dilation", default: list(1)), .bool(isTransposed),
    argument("output_padding", default: list(0)), groups)
}

/// `_convolution_double_backward(ggI, ggW, ggb, gO, weight, self, …, output_mask) -> (Tensor, Tensor, Tensor)`:
/// gradients of the gradient, the input and the weight, each where it is asked for.
@Sendable
private func doubleBackward(_ call: OperatorCall) throws -> FakeValue {
  let mask = call.arguments.last?.elements ?? []
  return .tuple(
    try [3, 5, 4].enumerated().map { index, position -> FakeValue in
      guard index < mask.count, case .bool(true) = mask[index] else { return .none }
      return .tensor(call.emptyLike(try call.tensor(position)))
    })
}
