import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Cross entropy of a linear layer's result, computed in chunks of the batch.
///
/// Rows are in alphabetical order.
///
/// Source: `torch/nn/modules/linear_cross_entropy.py`.
let linearCrossEntropies: [OperatorRow] = [
  OperatorRow("torch_nn._linear_cross_entropy_batch_chunked", chunkedCrossEntropy),
  OperatorRow("torch_nn._linear_cross_entropy_batch_chunked_no_reduction") { call in
    let input = try call.tensor(0)
    try call.require(input.rank >= 1, "linear_cross_entropy needs a batch dim")
    return .tensor(call.newTensor([input.sizes[0]], like: input))
  },
]

/// `_linear_cross_entropy_batch_chunked(input, linear_weight, target, linear_bias, weight, reduction, …) -> (loss,
/// grad_input, grad_linear_weight, grad_linear_bias)`: of the input's dtype; gradients that are not asked for are empty.
@Sendable
private func chunkedCrossEntropy(_ call: OperatorCall) throws -> FakeValue {
  let (input, weight) = (try call.tensor(0), try call.tensor(1))
  let reduction = try call.string(5)
  try call.require(
    reduction == "mean" || reduction == "sum", "linear_cross_entropy does not support reduction=\(reduction)")
  try call.require(weight.rank >= 1, "linear_cross_entropy needs a weight with dims")
  let gradients: [Sizes] = [
    try call.bool(12) ? input.sizes : [0, 0],
    try call.bool(13) ? weight.sizes : [0, 0],
    try call.bool(14) ? weight.sizes.leading(droppingLast: 1) : [0],
  ]
  return .tuple(([[]] + gradients).map { .tensor(call.newTensor($0, like: input)) })
}
