import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// The other operators of cuDNN's recurrent layers.
///
/// Rows are in alphabetical order.
///
/// Source: `aten/src/ATen/native/cudnn/RNN.cpp`.
let cuDNNRecurrence: [OperatorRow] = [
  OperatorRow("_cudnn_init_dropout_state") { call in
    throw call.unsupported("the size of cuDNN's dropout state depends on the hardware")
  },
  OperatorRow("_cudnn_rnn_backward", cuDNNBackward),
  OperatorRow("_cudnn_rnn_flatten_weight") { call in
    let weights = try call.tensors(0)
    guard let first = weights.first else { throw call.refusal("_cudnn_rnn_flatten_weight: no weights") }
    // cuDNN may pad between the weights; without padding they lie behind one another.
    let count = weights.reduce(SymInt(0)) { call.shapes.add($0, call.shapes.geometry.numel($1)) }
    return .tensor(call.newTensor([count], like: first))
  },
]

/// `_cudnn_rnn_backward(input, weight[], weight_stride0, weight_buf, hx, cx, output, grad_output, …, output_mask) ->
/// (Tensor, Tensor, Tensor, Tensor[])`: gradients of the input, both states and the weights, empty ones where they are
/// not asked for.
@Sendable
private func cuDNNBackward(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let mask = call.arguments.last?.elements ?? []
  func isAsked(_ index: Int) -> Bool {
    if index < mask.count, case .bool(true) = mask[index] { return true }
    return false
  }
  func gradient(_ index: Int, of tensor: FakeTensor?) -> FakeValue {
    guard isAsked(index), let tensor else { return .none }
    return .tensor(call.newTensor(tensor.sizes, like: tensor))
  }
  let weights: [FakeValue] =
    isAsked(3) ? try call.tensors(1).map { .tensor(call.newTensor($0.sizes, like: $0)) } : []
  return .tuple([
    gradient(0, of: input), gradient(1, of: try call.tensor(4)), gradient(2, of: try call.optionalTensor(5)),
    .list(weights),
  ])
}
