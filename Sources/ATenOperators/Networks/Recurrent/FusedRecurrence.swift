import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Recurrent networks and cells in GPU kernels, with gradients of the cells.
///
/// Rows are in alphabetical order.
///
/// Source: `torch/_meta_registrations.py`; `aten/src/ATen/native/cuda/RNN.cu`.
let fusedRecurrence: [OperatorRow] = [
  OperatorRow("_cudnn_rnn") { .tuple(try cudnnRNN($0)) },
  OperatorRow("_thnn_fused_gru_cell") { .tuple(try fusedGRUCell($0)) },
  OperatorRow("_thnn_fused_gru_cell_backward") { .tuple(try fusedGRUCellBackward($0)) },
  OperatorRow("_thnn_fused_lstm_cell") { .tuple(try fusedLSTMCell($0)) },
  OperatorRow("_thnn_fused_lstm_cell_backward") { call in
    let gradients = try fusedLSTMCellBackward(call)
    return .tuple([gradients[0], gradients[0], gradients[1], gradients[2], gradients[2]])
  },
  OperatorRow("_thnn_fused_lstm_cell_backward_impl") { .tuple(try fusedLSTMCellBackward($0)) },
]

/// `_cudnn_rnn(Tensor input, Tensor[] weight, int weight_stride0, Tensor? weight_buf, Tensor hx, Tensor? cx, int mode,
/// SymInt hidden_size, SymInt proj_size, int num_layers, bool batch_first, float dropout, bool train, bool
/// bidirectional, SymInt[] batch_sizes, Tensor? dropout_state) -> (output, hy, cy, reserve, weight_buf)`.
///
/// The reserve is `[0]`: its size depends on the hardware.
private func cudnnRNN(_ call: OperatorCall) throws -> [FakeValue] {
  let (input, hidden) = (try call.tensor(0), try call.tensor(4))
  let (size, projected) = (try call.symInt(7), try call.symInt(8))
  let (isBatchFirst, batchSizes) = (try call.bool(10), try call.symInts(14))
  let directions = try call.bool(13) ? 2 : 1
  let isPacked = !batchSizes.isEmpty
  try call.require(input.rank >= (isPacked ? 2 : 3), "the input has too few dims: \(input.rank)")
  let features = try call.isEqual(projected, 0) ? size : projected
  let batch = isPacked ? batchSizes[0] : input.sizes[isBatchFirst ? 0 : 1]
  let width = call.shapes.mul(features, SymInt(directions))
  let outputs: Sizes = isPacked ? [input.sizes[0], width] : [input.sizes[0], input.sizes[1], width]
  let states = call.shapes.mul(SymInt(try call.int(9)), SymInt(directions))
  let cell = try call.optionalTensor(5).map { try call.newEmpty($0, [states, batch, size]) }
  return [
    .tensor(try call.newEmpty(input, outputs)),
    .tensor(try call.newEmpty(hidden, [states, batch, features])),
    .tensor(cell ?? call.newTensor([0], like: input, dtype: .float32)),
    .tensor(call.newTensor([0], like: input, dtype: .uint8)), call[3],
  ]
}

/// Requires gates of `factor` states side by side, equal for the input and the hidden state, and biases of the same
/// length.
///
/// - Source: `rnn_cell_checkSizes`.
private func requireGates(_ call: OperatorCall, of state: FakeTensor, factor: SymInt) throws {
  let (input, hidden) = (try call.tensor(0), try call.tensor(1))
  try call.require(input.rank == 2 && hidden.rank == 2 && state.rank == 2, "the gates must be matrices")
  for dim in 0..<2 {
    try call.check(call.shapes.eq(input.sizes[dim], hidden.sizes[dim]), "the gates differ in size")
  }
  let gates = input.sizes[1]
  if let bias = try call.optionalTensor(3) {
    try call.require(bias.rank == 1, "\(bias.rank) != 1")
    try call.check(call.shapes.eq(bias.sizes[0], gates), "bias.numel() == gates.size(1)")
  }
  let expected = call.shapes.floorDiv(call.shapes.mul(input.sizes[0], gates), factor)
  try call.check(
    call.shapes.eq(call.shapes.geometry.numel(state), expected),
    "the state must have batch * gates // \(call.shapes.text(of: factor)) values")
}

/// `_thnn_fused_gru_cell(Tensor input_gates, Tensor hidden_gates, Tensor hx, …) -> (hy, workspace)`: `[B, H]` and
/// `[B, 5·H]`.
private func fusedGRUCell(_ call: OperatorCall) throws -> [FakeValue] {
  let state = try call.tensor(2)
  try requireGates(call, of: state, factor: 3)
  return [
    .tensor(try call.newEmpty(state, state.sizes)),
    .tensor(try call.newEmpty(state, [state.sizes[0], call.shapes.mul(state.sizes[1], 5)])),
  ]
}

/// `_thnn_fused_gru_cell_backward(Tensor grad_hy, Tensor workspace, bool has_bias) -> (grad_input_gates,
/// grad_hidden_gates, grad_hx, grad_input_bias, grad_hidden_bias)`.
private func fusedGRUCellBackward(_ call: OperatorCall) throws -> [FakeValue] {
  let (gradient, workspace) = (try call.tensor(0), try call.tensor(1))
  try call.require(gradient.rank == 2 && workspace.rank == 2, "Expected grad_hy and workspace to be 2-D")
  try call.check(call.shapes.eq(workspace.sizes[0], gradient.sizes[0]), "the batch sizes differ")
  try call.check(
    call.shapes.eq(workspace.sizes[1], call.shapes.mul(gradient.sizes[1], 5)),
    "Expected workspace.size(1) to equal grad_hy.size(1) * 5")
  let gates: Sizes = [gradient.sizes[0], call.shapes.mul(gradient.sizes[1], 3)]
  func bias() throws -> FakeValue {
    try call.bool(2) ? .tensor(call.newTensor([gates[1]], like: workspace)) : .none
  }
  return [
    .tensor(call.newTensor(gates, like: workspace)), .tensor(call.newTensor(gates, like: workspace)),
    .tensor(call.newTensor(gradient.sizes, like: gradient)), try bias(), try bias(),
  ]
}

/// `_thnn_fused_lstm_cell(Tensor input_gates, Tensor hidden_gates, Tensor cx, …) -> (hy, cy, workspace)`: the
/// sizes of `cx`, twice, and those of the gates, contiguous.
private func fusedLSTMCell(_ call: OperatorCall) throws -> [FakeValue] {
  let (input, cell) = (try call.tensor(0), try call.tensor(2))
  try requireGates(call, of: cell, factor: 4)
  return [
    .tensor(try call.newEmpty(cell, cell.sizes)), .tensor(try call.newEmpty(cell, cell.sizes)),
    .tensor(try call.newEmpty(input, input.sizes)),
  ]
}

/// `_thnn_fused_lstm_cell_backward_impl(Tensor? grad_hy, Tensor? grad_cy, Tensor cx, Tensor cy, Tensor workspace, bool
/// has_bias) -> (grad_gates, grad_cx, grad_bias)`.
private func fusedLSTMCellBackward(_ call: OperatorCall) throws -> [FakeValue] {
  guard let gradient = try call.optionalTensor(0) ?? call.optionalTensor(1) else {
    return [.none, .none, .none]
  }
  let (cell, workspace) = (try call.tensor(2), try call.tensor(4))
  try call.require(
    gradient.rank == 2 && workspace.rank == 2, "the gradients and the workspace must be matrices")
  for other in [try call.optionalTensor(0), try call.optionalTensor(1), cell, try call.tensor(3)] {
    guard let other else { continue }
    try call.require(other.rank == 2, "the states must be matrices")
    for dim in 0..<2 {
      try call.check(call.shapes.eq(other.sizes[dim], gradient.sizes[dim]), "the states differ in size")
    }
  }
  try call.check(
    call.shapes.eq(
      call.shapes.geometry.numel(workspace), call.shapes.mul(call.shapes.product(gradient.sizes), 4)),
    "the workspace must hold four values for each of the state")
  let bias: FakeValue =
    try call.bool(5) ? .tensor(call.newTensor([workspace.sizes[1]], like: workspace)) : .none
  return [
    .tensor(call.newTensor(workspace.sizes, like: workspace)),
    .tensor(call.newTensor(cell.sizes, like: cell)),
    bias,
  ]
}
