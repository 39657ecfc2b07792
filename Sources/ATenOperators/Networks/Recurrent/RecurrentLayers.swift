import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Recurrent networks over whole sequences.
let recurrentLayers: [OperatorRow] = [
  OperatorRow("gru.data") { throw $0.error(.dataDependentOutput) },
  OperatorRow("gru.input") { .tuple(try recurrentNetwork($0, gates: 3)) },
  OperatorRow("lstm.data") { throw $0.error(.dataDependentOutput) },
  OperatorRow("lstm.input") { .tuple(try lstm($0)) },
  OperatorRow("mkldnn_rnn_layer") { .tuple(try mkldnnLayer($0)) },
  OperatorRow("mkldnn_rnn_layer_backward") { .tuple(try mkldnnLayerBackward($0)) },
  OperatorRow("rnn_relu.data") { throw $0.error(.dataDependentOutput) },
  OperatorRow("rnn_relu.input") { .tuple(try recurrentNetwork($0, gates: 1)) },
  OperatorRow("rnn_tanh.data") { throw $0.error(.dataDependentOutput) },
  OperatorRow("rnn_tanh.input") { .tuple(try recurrentNetwork($0, gates: 1)) },
]

/// The arguments that all recurrent networks share.
private struct Network {
  let input: FakeTensor
  let weights: [FakeTensor]
  let hasBiases: Bool
  let layers: Int
  let directions: Int
  let batchFirst: Bool

  /// Reads the arguments starting at `params`:
  /// `(…, params, has_biases, num_layers, dropout, train, bidirectional, batch_first)`.
  init(_ call: OperatorCall, states: [FakeTensor]) throws {
    input = try call.tensor(0)
    weights = try call.tensors(2)
    hasBiases = try call.bool(3)
    layers = try call.int(4)
    directions = try call.bool(7) ? 2 : 1
    batchFirst = try call.bool(8)
    try call.require(input.rank == 3, "input must have 3 dims, got \(input.rank)")
    for state in states {
      try call.require(state.rank == 3, "hidden states must have 3 dims, got \(state.rank)")
    }
    try call.require(
      layers >= 1 && layers <= weights.count, "num_layers must be between 1 and the number of weights")
  }

  var length: SymInt { input.sizes[batchFirst ? 1 : 0] }
  var batch: SymInt { input.sizes[batchFirst ? 0 : 1] }

  /// `[length, batch, features]`, or its transpose in the same memory.
  func output(_ call: OperatorCall, features: SymInt) -> FakeTensor {
    let sizes: Sizes = [length, batch, call.shapes.mul(features, SymInt(directions))]
    let strides = call.shapes.geometry.contiguousStrides(sizes)
    return batchFirst
      ? call.mode.tensor(
        [sizes[1], sizes[0], sizes[2]], strides: [strides[1], strides[0], strides[2]], dtype: input.dtype,
        device: input.device)
      : call.mode.tensor(sizes, dtype: input.dtype, device: input.device)
  }

  /// Requires that every layer's matrices fit, with `group` weights per layer and direction.
  func checkWeights(_ call: OperatorCall, gates: Int, hidden: SymInt, state: SymInt, group: Int) throws {
    try requireWeights(call, group: group)
    var features = input.sizes[2]
    for layer in 0..<layers {
      for direction in 0..<directions {
        let first = (layer * directions + direction) * group
        for (position, columns) in [(first, features), (first + 1, state)] {
          try call.require(weights[position].rank == 2, "weights must be matrices")
          try call.check(
            call.shapes.eq(weights[position].sizes[1], columns), "weight.size(1) == input.size(-1)")
          try call.check(
            call.shapes.eq(weights[position].sizes[0], call.shapes.mul(SymInt(gates), hidden)),
            "weight.size(0) == \(gates) * hidden_size")
        }
      }
      features = call.shapes.mul(state, SymInt(directions))
    }
  }

  func requireWeights(_ call: OperatorCall, group: Int) throws {
    try call.require(
      weights.count % group == 0 && weights.count / group >= layers * directions,
      "there must be \(group) weights for each of \(layers * directions) layers and directions, got \(weights.count)"
    )
  }

  /// Specializes the length: PyTorch unrolls the network, one step per position.
  func unroll(_ call: OperatorCall) throws {
    try call.require(try call.evaluateInt(length) > 0, "expected a non-empty list of Tensors")
  }

  func states(_ call: OperatorCall, batch: SymInt, _ features: SymInt) -> FakeTensor {
    call.mode.tensor(
      [SymInt(layers * directions), batch, features], dtype: input.dtype, device: input.device)
  }
}

/// `gru.input`, `rnn_tanh.input`, `rnn_relu.input` `(Tensor input, Tensor hx, Tensor[] params, bool
/// has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (output,
/// h_n)`: `[T, B, I], [L·D, B, H] → [T, B, D·H], [L·D, B, H]`.
///
/// - Guards: specializes `T`, because the network is unrolled.
/// - Source: `_rnn_helper`, `one_layer_rnn`, `torch/_decomp/decompositions.py`.
private func recurrentNetwork(_ call: OperatorCall, gates: Int) throws -> [FakeValue] {
  let hidden = try call.tensor(1)
  let network = try Network(call, states: [hidden])
  let features = hidden.sizes[2]
  try network.checkWeights(
    call, gates: gates, hidden: features, state: features, group: network.hasBiases ? 4 : 2)
  try checkStates(call, network, hidden)
  try network.unroll(call)
  return [
    .tensor(network.output(call, features: features)),
    .tensor(network.states(call, batch: network.batch, features)),
  ]
}

private func checkStates(_ call: OperatorCall, _ network: Network, _ state: FakeTensor) throws {
  let count = SymInt(network.layers * network.directions)
  try call.check(call.shapes.eq(state.sizes[0], count), "hidden.size(0) == num_layers * num_directions")
  try call.check(call.shapes.eq(state.sizes[1], network.batch), "hidden.size(1) == batch size")
}

/// `lstm.input(Tensor input, Tensor[] hx, Tensor[] params, …) -> (output, h_n, c_n)`: `[T, B, D·P], [L·D, B,
/// P], [L·D, B, H]`, `P` the projected size or `H`.
///
/// - Guards: specializes `T` if the network is unrolled: with projections or gradients, or if oneDNN does not support
///   the dtype or device.
/// - Source: `lstm_impl`, `select_one_layer_lstm_function`, `torch/_decomp/decompositions.py`.
private func lstm(_ call: OperatorCall) throws -> [FakeValue] {
  let states = try call.tensors(1)
  try call.require(states.count == 2, "lstm expects two hidden states, got \(states.count)")
  let network = try Network(call, states: states)
  let (projected, features) = (states[0].sizes[2], states[1].sizes[2])
  let hasProjections = try !call.isEqual(projected, features)
  let group = (network.hasBiases ? 4 : 2) + (hasProjections ? 1 : 0)
  try call.require(
    network.length != 0 || call.isSymbolic, "Expected sequence length to be larger than 0 in RNN")
  let tensors = [network.input] + states + network.weights
  let isFused =
    !hasProjections && !network.input.requiresGrad
    && tensors.allSatisfy { $0.device.type == .cpu && ($0.dtype == .float32 || $0.dtype == .bfloat16) }
  if isFused {
    // oneDNN's kernel does not check that the weights fit.
    try network.requireWeights(call, group: group)
  } else {
    for state in states { try checkStates(call, network, state) }
    try network.checkWeights(call, gates: 4, hidden: features, state: projected, group: group)
    try network.unroll(call)
  }
  return [
    .tensor(network.output(call, features: projected)),
    .tensor(network.states(call, batch: states[0].sizes[1], projected)),
    .tensor(network.states(call, batch: states[1].sizes[1], features)),
  ]
}

/// `mkldnn_rnn_layer(Tensor input, …, Tensor hx_, Tensor cx_, …, int hidden_size, …) -> (output, hy, cy,
/// workspace)`: `[T, B, H]`, the sizes of the states, and uint8 `[0]`.
///
/// - Source: `mkldnn_rnn_layer`, `torch/_meta_registrations.py`.
private func mkldnnLayer(_ call: OperatorCall) throws -> [FakeValue] {
  let (input, hidden, cell) = (try call.tensor(0), try call.tensor(5), try call.tensor(6))
  try call.require(input.rank >= 2, "input must have a sequence and a batch dim")
  return [
    .tensor(try call.newEmpty(input, [input.sizes[0], input.sizes[1], SymInt(call.int(10))])),
    .tensor(try call.newEmpty(hidden, hidden.sizes)), .tensor(try call.newEmpty(cell, cell.sizes)),
    .tensor(try call.newEmpty(input, [0], dtype: .uint8)),
  ]
}

/// `mkldnn_rnn_layer_backward(input, weight0…3, hx_, cx_tmp, …)`: float32 gradients of the input, the
/// weights, the bias (twice) and the states.
///
/// - Source: `mkldnn_rnn_layer_backward`, `torch/_meta_registrations.py`.
private func mkldnnLayerBackward(_ call: OperatorCall) throws -> [FakeValue] {
  func gradient(_ position: Int) throws -> FakeValue {
    let base = try call.tensor(position)
    return .tensor(try call.newEmpty(base, base.sizes, dtype: .float32))
  }
  let (bias, gruMode) = (try call.tensor(3), 3)
  try call.require(bias.rank >= 1, "the bias must have a dim")
  let size =
    try call.int(14) == gruMode ? call.shapes.mul(4, SymInt(call.int(15))) : bias.sizes[0]
  let biasGradient = try call.newEmpty(bias, [size], dtype: .float32)
  return [
    try gradient(0), try gradient(1), try gradient(2), .tensor(biasGradient), .tensor(biasGradient),
    try gradient(5), try gradient(6),
  ]
}
