import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Attention over sequences that lie behind one another, given by where each begins.
///
/// `query` is `[total, heads, features]`. Rows are in alphabetical order.
///
/// Source: `torch/nn/attention/varlen.py`.
let variableLengthAttention: [OperatorRow] = [
  OperatorRow("torch_attn._varlen_attn") { call in
    let (query, value) = (try call.tensor(0), try call.tensor(2))
    try call.require(query.rank == 3 && value.rank > 0, "query must have 3 dims, got \(query.rank)")
    var sizes = query.sizes
    sizes[2] = value.sizes[value.rank - 1]
    return .tensors(
      call.matching(query, sizes), try call.logSumExp(query),
      call.mode.tensor([2], dtype: .uint64, device: query.device))
  },
  .like("torch_attn._varlen_attn_backward", 1, 2, 3),
  OperatorRow("torch_attn._varlen_attn_out") { call in
    call.mode.noteMutation(of: try call.tensor(0))
    return .tensor(try call.logSumExp(try call.tensor(1)))
  },
]

extension OperatorCall {
  /// `[heads, total]`, float32.
  fileprivate func logSumExp(_ query: FakeTensor) throws -> FakeTensor {
    try require(query.rank >= 2, "query must have 3 dims, got \(query.rank)")
    return mode.tensor([query.sizes[1], query.sizes[0]], dtype: .float32, device: query.device)
  }

  /// A dense tensor whose dims nest as those of `tensor` do.
  ///
  /// - Source: `_empty_with_matching_layout`.
  fileprivate func matching(_ tensor: FakeTensor, _ sizes: Sizes) -> FakeTensor {
    let strides =
      tensor.sizes == sizes
      ? emptyLike(tensor).strides : shapes.geometry.denseStrides(expanding: tensor, to: sizes)
    return mode.tensor(sizes, strides: strides, dtype: tensor.dtype, device: tensor.device)
  }
}
