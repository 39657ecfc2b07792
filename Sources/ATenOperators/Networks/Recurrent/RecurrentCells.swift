import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Single steps of recurrent networks.
let recurrentCells: [OperatorRow] = [
  OperatorRow("gru_cell") { .tensor(try cell($0, gates: 3)) },
  OperatorRow("lstm_cell") { .tuple(try lstmCell($0)) },
  OperatorRow("rnn_relu_cell") { .tensor(try cell($0, gates: 1)) },
  OperatorRow("rnn_tanh_cell") { .tensor(try cell($0, gates: 1)) },
]

/// `[B, I] · [G·H, I]ᵀ + [B, H] · [G·H, H]ᵀ → [B, G·H]`; each of the `G` gates is `[B, H]`.
///
/// - Source: `check_rnn_cell_forward_input`, `check_rnn_cell_forward_hidden`, `aten/src/ATen/native/RNN.cpp`.
private func gateSizes(
  _ call: OperatorCall, input: FakeTensor, hidden: FakeTensor, weights: (FakeTensor, FakeTensor), gates: Int
) throws -> Sizes {
  try call.require(
    input.rank == 2 && hidden.rank == 2 && weights.0.rank == 2 && weights.1.rank == 2,
    "the input, the hidden state and the weights must be matrices")
  try call.check(
    call.shapes.eq(input.sizes[1], weights.0.sizes[1]),
    "input has inconsistent input_size: got \(call.shapes.text(of: input.sizes[1])) expected "
      + call.shapes.text(of: weights.0.sizes[1]))
  try call.check(
    call.shapes.eq(input.sizes[0], hidden.sizes[0]),
    "Input batch size \(call.shapes.text(of: input.sizes[0])) doesn't match hidden batch size "
      + call.shapes.text(of: hidden.sizes[0]))
  try call.check(
    call.shapes.eq(hidden.sizes[1], weights.1.sizes[1]),
    "hidden has inconsistent hidden_size: got \(call.shapes.text(of: hidden.sizes[1])), expected "
      + call.shapes.text(of: weights.1.sizes[1]))
  for weight in [weights.0, weights.1] {
    try call.check(
      call.shapes.eq(weight.sizes[0], call.shapes.mul(SymInt(gates), hidden.sizes[1])),
      "weight.size(0) == \(gates) * hidden_size")
  }
  return [input.sizes[0], hidden.sizes[1]]
}

/// `gru_cell`, `rnn_tanh_cell`, `rnn_relu_cell` `(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, …) ->
/// Tensor`: `[B, H]`.
private func cell(_ call: OperatorCall, gates: Int) throws -> FakeTensor {
  let (input, hidden) = (try call.tensor(0), try call.tensor(1))
  let sizes = try gateSizes(
    call, input: input, hidden: hidden, weights: (call.tensor(2), call.tensor(3)), gates: gates)
  let gate = call.mode.tensor(sizes, dtype: input.dtype, device: input.device)
  return gates == 1 ? gate : try call.pointwise([hidden, gate], dtype: input.dtype)
}

/// `lstm_cell(Tensor input, Tensor[] hx, Tensor w_ih, Tensor w_hh, …) -> (hy, cy)`: `[B, H]`, twice.
///
/// - Source: `LSTMCell`, `aten/src/ATen/native/RNN.cpp`.
private func lstmCell(_ call: OperatorCall) throws -> [FakeValue] {
  let (input, states) = (try call.tensor(0), try call.tensors(1))
  try call.require(states.count == 2, "lstm_cell expects two hidden states")
  let (hidden, cell) = (states[0], states[1])
  let sizes = try gateSizes(
    call, input: input, hidden: hidden, weights: (call.tensor(2), call.tensor(3)), gates: 4)
  let gate = call.mode.tensor(sizes, dtype: input.dtype, device: input.device)
  // A gate is a chunk of a wider matrix, so it is dense only if there is one row.
  gate.strides[0] = call.shapes.mul(4, gate.strides[0])
  let next = try call.pointwise([gate, cell], dtype: input.dtype)
  return [.tensor(try call.pointwise([gate, next], dtype: input.dtype)), .tensor(next)]
}
