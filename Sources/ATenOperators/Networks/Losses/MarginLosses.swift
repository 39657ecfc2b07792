import FakeTensors
import OperatorSchemas
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Margin losses of class scores.
///
/// Rows are in alphabetical order.
let marginLosses: [OperatorRow] = [
  OperatorRow("multi_margin_loss", multiMarginLoss),
  OperatorRow("multi_margin_loss_backward", multiMarginLossBackward),
  OperatorRow("multilabel_margin_loss") { call in .tensor(try multilabelMarginLoss(call).loss) },
  OperatorRow("multilabel_margin_loss_backward") { call in
    let input = try call.tensor(1)
    return .tensor(call.newTensor(input.sizes, like: input))
  },
  OperatorRow("multilabel_margin_loss_forward") { call in
    let (loss, isTarget) = try multilabelMarginLoss(call)
    return .tensors(loss, isTarget)
  },
]

/// `multi_margin_loss(self, target, Scalar p, Scalar margin, weight, int reduction) -> Tensor`: scores
/// `[N, C]` or `[C]`, one class each; `[N]` or reduced.
///
/// - Throws: a refusal unless `p` is 1 or 2 and the shapes fit.
/// - Source: `multi_margin_loss`, `torch/_decomp/decompositions.py`.
@Sendable
private func multiMarginLoss(_ call: OperatorCall) throws -> FakeValue {
  let (input, target) = (try call.tensor(0), try call.tensor(1))
  let weight = try call.optionalTensor(4)
  let reduction = try call.lossReduction(5)
  let shapes = call.shapes
  let sizes = matrixSizes(input)
  let power = try call.numbers.number(2)
  let isKnown = try [1, 2].contains { try call.evaluate(call.numbers.comparison(.eq, power, .int($0))) }
  try call.require(isKnown, "only p == 1 and p == 2 supported")
  try call.require(
    sizes.count == 2,
    "Expected non-empty vector or matrix with optional 0-dim batch size, but got: "
      + shapes.shortText(of: sizes))
  let (frames, classes) = (sizes[0], sizes[1])
  try call.check(
    shapes.ne(classes, 0),
    "Expected non-empty vector or matrix with optional 0-dim batch size, but got: "
      + shapes.shortText(of: sizes))
  try call.require(target.rank <= 1, "inconsistent target size, expected \(shapes.text(of: frames))")
  try call.check(
    shapes.eq(shapes.geometry.numel(target), frames),
    "inconsistent target size, expected \(shapes.text(of: frames))")
  var dtype = call.commonType([input], .intToFloat)
  if let weight {
    try call.require(weight.rank <= 1, "inconsistent weight size, expected \(shapes.text(of: classes))")
    try call.check(
      shapes.eq(shapes.geometry.numel(weight), classes),
      "inconsistent weight size, expected \(shapes.text(of: classes))")
    dtype = call.commonType([call.newTensor([1], like: input, dtype: dtype), weight])
  }
  try call.require(
    target.dtype == .int64 || target.dtype == .int32, "gather(): Expected dtype int32/int64 for index")
  let perFrame = call.newTensor([frames], like: input, dtype: dtype)
  return .tensor(reduction == .none ? perFrame : call.newTensor([], like: perFrame))
}

/// `multi_margin_loss_backward(grad_output, self, …)`: the sizes of the scores.
@Sendable
private func multiMarginLossBackward(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(1)
  return .tensor(call.newTensor(input.sizes, like: input))
}

/// The sizes of `tensor.atleast_2d()`.
private func matrixSizes(_ tensor: FakeTensor) -> Sizes {
  switch tensor.rank {
  case 0: [1, 1]
  case 1: [1, tensor.sizes[0]]
  default: tensor.sizes
  }
}

/// `multilabel_margin_loss_forward(self, target, int reduction) -> (Tensor output, Tensor is_target)`: scores
/// `[N, C]` or `[C]` and a target of the same shape; `[N]` or reduced, and a mask of the target's shape.
///
/// - Throws: a refusal unless there are classes and the two shapes are equal.
/// - Source: `multilabel_margin_loss_forward`, `torch/_decomp/decompositions.py`.
private func multilabelMarginLoss(_ call: OperatorCall) throws -> (loss: FakeTensor, isTarget: FakeTensor) {
  let (input, target) = (try call.tensor(0), try call.tensor(1))
  let reduction = try call.lossReduction(2)
  let sizes = matrixSizes(input)
  func text() -> String { call.shapes.shortText(of: input.sizes) }
  func law() -> String {
    "Expected non-empty vector or matrix with optional 0-dim batch size, but got: \(text())"
  }
  try call.require(input.rank <= 2, law())
  try call.check(call.shapes.ne(sizes[1], 0), law())
  try call.require(
    try call.sameSizes(target, input),
    "inconsistent target size: \(call.shapes.shortText(of: target.sizes)) for input of size: \(text())")
  try call.check(call.shapes.gt(sizes[1], 0), law())
  try call.require(
    target.dtype == .int64 || target.dtype == .int32, "gather(): Expected dtype int32/int64 for index")
  let dtype = call.commonType([input], .intToFloat)
  let perFrame = call.newTensor([sizes[0]], like: input, dtype: dtype)
  let loss = reduction == .none ? perFrame : call.newTensor([], like: perFrame)
  return (loss, call.newTensor(target.sizes, like: input))
}
