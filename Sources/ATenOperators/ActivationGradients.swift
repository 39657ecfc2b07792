import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Backward forms of elementwise functions: the gradient and what was saved broadcast and promote together.
///
/// Rows are in alphabetical order.
let activationGradients: [OperatorRow] = [
  OperatorRow("_prelu_kernel_backward", preluKernelBackward),
  .gradient("elu_backward", 5, 0),
  .gradient("gelu_backward", 0, 1),
  .gradient("hardshrink_backward", 0, 1),
  .gradient("hardsigmoid_backward", 1, 0),
  .gradient("hardswish_backward", 1, 0),
  .gradient("hardtanh_backward", 1, 0),
  .gradient("leaky_relu_backward", 1, 0),
  OperatorRow("log_sigmoid_backward", logSigmoidBackward),
  .gradient("logit_backward", 1, 0),
  .gradient("mish_backward", 0, 1),
  OperatorRow("rrelu_with_noise_backward", rreluWithNoiseBackward),
  .gradient("sigmoid_backward", 0, 1),
  .gradient("silu_backward", 0, 1),
  .gradient("softplus_backward", 1, 0),
  .gradient("softshrink_backward", 0, 1),
  .gradient("tanh_backward", 0, 1),
  OperatorRow("threshold_backward", thresholdBackward),
]

extension OperatorRow {
  /// A backward form computed elementwise from two tensors, given in the order in which they decide the layout.
  fileprivate static func gradient(_ name: String, _ first: Int, _ second: Int) -> OperatorRow {
    OperatorRow(name) { call in .tensor(try call.pointwise([first, second])) }
  }
}

/// `_prelu_kernel_backward(Tensor grad_output, Tensor self, Tensor weight) -> (Tensor, Tensor)`: neither result is
/// reduced.
///
/// Source: `_prelu_kernel_backward`, `torch/_decomp/decompositions.py`.
@Sendable
private func preluKernelBackward(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.pointwise([1, 0, 2])
  var promotion = TypePromotion()
  promotion.add(try call.tensor(0))
  promotion.add(try call.tensor(1))
  promotion.add(.float)
  return .tuple([.tensor(input), .tensor(try call.pointwise([1, 0], dtype: promotion.result))])
}

/// `log_sigmoid_backward(Tensor grad_output, Tensor self, Tensor buffer)`: an empty buffer takes no part.
@Sendable
private func logSigmoidBackward(_ call: OperatorCall) throws -> FakeValue {
  let buffer = try call.tensor(2)
  let isUsed = call.shapes.guardOrTrue(call.shapes.ne(call.shapes.numel(buffer), 0))
  return .tensor(try call.pointwise(isUsed ? [0, 1, 2] : [0, 1]))
}

/// `rrelu_with_noise_backward(Tensor grad_output, Tensor self, Tensor noise, Scalar lower, Scalar upper,
/// bool training, bool self_is_result)`: in training the noise is the slope.
@Sendable
private func rreluWithNoiseBackward(_ call: OperatorCall) throws -> FakeValue {
  .tensor(try call.pointwise(try call.bool(5) ? [0, 2] : [1, 0]))
}

/// `threshold_backward(Tensor grad_output, Tensor self, Scalar threshold)`: `where(self <= threshold, 0, grad)`,
/// so the dtype is that of an integer and the gradient.
@Sendable
private func thresholdBackward(_ call: OperatorCall) throws -> FakeValue {
  var promotion = TypePromotion()
  promotion.add(try call.tensor(0))
  promotion.add(.int)
  return .tensor(try call.pointwise([1, 0], dtype: promotion.result))
}
