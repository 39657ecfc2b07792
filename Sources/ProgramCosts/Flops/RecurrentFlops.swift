import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Recurrent layers and cells: every weight matrix is multiplied once for each element of each sequence.
///
/// oneDNN and cuDNN run a whole layer in one kernel, which PyTorch's counter does not look into; their products are
/// reported separately.
///
/// Rows are in alphabetical order.
let recurrentFlops: [FlopRule] = [
  FlopRule("gru") { $0.layers(isFusedOnCPU: false) },
  .cell("gru_cell"),
  FlopRule("lstm") { $0.layers(isFusedOnCPU: true) },
  .cell("lstm_cell"),
  FlopRule("rnn_relu") { $0.layers(isFusedOnCPU: false) },
  .cell("rnn_relu_cell"),
  FlopRule("rnn_tanh") { $0.layers(isFusedOnCPU: false) },
  .cell("rnn_tanh_cell"),
]

extension FlopRule {
  /// `cell(input[b, i], hx, w_ih[g·h, i], w_hh[g·h, h], b_ih, b_hh)`.
  fileprivate static func cell(_ name: String) -> FlopRule {
    FlopRule(name) { call in
      guard let input = call.tensor(0), let inner = call.tensor(2), let outer = call.tensor(3),
        input.rank >= 1
      else { return nil }
      let rows = call.product(input.sizes.dropLast())
      let weights = call.shapes.add(call.product(inner.sizes), call.product(outer.sizes))
      return FlopTally(call.tensor(4) == nil ? "aten.mm" : "aten.addmm", call.multiplyAdds(rows, weights))
    }
  }
}

extension CountedCall {
  /// `layer.input(input[t, b, i], hx, params, has_biases, …)` and `layer.data(data[n, i], batch_sizes, hx, params, …)`.
  ///
  /// - Source: `aten/src/ATen/native/RNN.cpp`.
  fileprivate func layers(isFusedOnCPU: Bool) -> FlopTally? {
    let isPacked = tensor(1)?.rank == 1 && tensors(3) != nil
    guard let input = tensor(0), input.rank >= 2, let weights = tensors(isPacked ? 3 : 2) else { return nil }
    let matrices = weights.filter { $0.rank == 2 }
    let flops = multiplyAdds(
      product(input.sizes.dropLast()), shapes.sum(matrices.map { product($0.sizes) }))
    let states = tensors(isPacked ? 2 : 1) ?? []
    let hasProjections = states.count == 2 && states[0].sizes.last != states[1].sizes.last
    let oneDNN = isFusedOnCPU && !isPacked && !hasProjections && input.dtype != .float64
    if input.device.type == .cpu ? oneDNN : !isPacked {
      return .uncounted(input.device.type == .cpu ? "oneDNN" : "cuDNN", flops)
    }
    return FlopTally(flag(isPacked ? 4 : 3) ? "aten.addmm" : "aten.mm", flops)
  }
}
