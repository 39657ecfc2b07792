import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Backward forms of elementwise functions: the gradient and the saved tensor broadcast and promote together.
///
/// Rows are in alphabetical order.
let activationGradients: [OperatorRow] = [
  OperatorRow("_prelu_kernel_backward", preluKernelBackward),
  .gated("elu_backward", 5, 0),
  .gradient("gelu_backward", 0, 1, endsInArithmetic: true),
  .gradient("hardshrink_backward", 0, 1),
  .gated("hardsigmoid_backward", 1, 0),
  .gated("hardswish_backward", 1, 0),
  .gated("hardtanh_backward", 1, 0),
  .gated("leaky_relu_backward", 1, 0),
  OperatorRow("log_sigmoid_backward", logSigmoidBackward),
  .gated("logit_backward", 1, 0),
  .gradient("mish_backward", 0, 1),
  OperatorRow("rrelu_with_noise_backward", rreluWithNoiseBackward),
  .gradient("sigmoid_backward", 0, 1, endsInArithmetic: true),
  .gradient("silu_backward", 0, 1, endsInArithmetic: true),
  .gated("softplus_backward", 1, 0),
  .gradient("softshrink_backward", 0, 1),
  .gradient("tanh_backward", 0, 1),
  OperatorRow("threshold_backward", thresholdBackward),
]

extension OperatorRow {
  /// An elementwise backward form of two tensors, listed in the order in which they decide the layout.
  fileprivate static func gradient(
    _ name: String, _ first: Int, _ second: Int, endsInArithmetic: Bool = false
  ) -> OperatorRow {
    OperatorRow(name) { call in .tensor(try call.pointwise([first, second], isFast: endsInArithmetic)) }
  }

  /// A backward form `where(condition on saved, …)`: the saved tensor decides the layout.
  fileprivate static func gated(_ name: String, _ saved: Int, _ gradient: Int) -> OperatorRow {
    OperatorRow(name) { call in .tensor(try call.gated(saved, [gradient])) }
  }
}

extension OperatorCall {
  /// The common dtype and shape of all operands; the strides of a condition on the tensor at `saved` come first.
  fileprivate func gated(_ saved: Int, _ others: [Int], dtype: ScalarType? = nil) throws -> FakeTensor {
    let result = try pointwise([saved] + others, dtype: dtype)
    let condition = try tensor(saved)
    let layers = [densified(condition, to: condition.sizes)] + (try others.map { try tensor($0) })
    result.strides = shapes.geometry.elementwiseStrides(layers, result.sizes)
    return result
  }
}

/// `_prelu_kernel_backward(Tensor grad_output, Tensor self, Tensor weight) -> (Tensor, Tensor)`: neither result is
/// reduced.
///
/// Source: `_prelu_kernel_backward`, `torch/_decomp/decompositions.py`.
@Sendable
private func preluKernelBackward(_ call: OperatorCall) throws -> FakeValue {
  var gradient = TypePromotion(call.shapes.profile)
  gradient.add(try call.tensor(0))
  gradient.add(try call.tensor(2))
  let input = try call.gated(1, [0, 2], dtype: gradient.result)
  var promotion = TypePromotion(call.shapes.profile)
  promotion.add(try call.tensor(0))
  promotion.add(try call.tensor(1))
  promotion.add(.float)
  return .tuple([.tensor(input), .tensor(try call.gated(1, [0], dtype: promotion.result))])
}

/// `log_sigmoid_backward(Tensor grad_output, Tensor self, Tensor buffer)`: an empty buffer is ignored.
@Sendable
private func logSigmoidBackward(_ call: OperatorCall) throws -> FakeValue {
  let buffer = try call.tensor(2)
  let isUsed = call.shapes.guardOrTrue(call.shapes.ne(call.shapes.geometry.numel(buffer), 0))
  return .tensor(try call.pointwise(isUsed ? [0, 1, 2] : [0, 1], isFast: true))
}

/// `rrelu_with_noise_backward(Tensor grad_output, Tensor self, Tensor noise, Scalar lower, Scalar upper,
/// bool training, bool self_is_result)`: in training, the noise holds the slopes.
@Sendable
private func rreluWithNoiseBackward(_ call: OperatorCall) throws -> FakeValue {
  .tensor(try call.bool(5) ? try call.pointwise([0, 2], isFast: true) : try call.gated(1, [0]))
}

/// `threshold_backward(Tensor grad_output, Tensor self, Scalar threshold)`: `where(self <= threshold, 0, grad)`, so the
/// dtype is the promotion of an integer and the gradient.
@Sendable
private func thresholdBackward(_ call: OperatorCall) throws -> FakeValue {
  var promotion = TypePromotion(call.shapes.profile)
  promotion.add(try call.tensor(0))
  promotion.add(.int)
  return .tensor(try call.gated(1, [0], dtype: promotion.result))
}
