import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Operators that pick elements along a dim and return their positions: values in the input's dtype, int64
/// positions.
///
/// Rows are in alphabetical order.
let selections: [OperatorRow] = [
  OperatorRow("argmax", argmax),
  OperatorRow("argmin", argmax),
  OperatorRow("argsort", argsort),
  OperatorRow("kthvalue", kthvalue),
  .selection("max.dim"),
  .selection("median.dim"),
  .selection("min.dim"),
  .selection("mode"),
  OperatorRow("msort", msort),
  .selection("nanmedian.dim"),
  OperatorRow("sort", sort),
  OperatorRow("topk", topk),
]

extension OperatorRow {
  /// `name(Tensor self, int dim, bool keepdim) -> (Tensor values, Tensor indices)`: `self` without `dim`.
  ///
  /// Source: `meta_max_dim`, `meta_median_mode_dim`, `torch/_meta_registrations.py`.
  fileprivate static func selection(_ name: String) -> OperatorRow {
    OperatorRow(name) { call in
      let tensor = try call.tensor(0)
      try call.reducing.requireReducible(tensor)
      let dim = try call.wrapped(try call.int(1), rank: tensor.rank)
      let sizes = call.reducing.reducedSizes(tensor.sizes, [dim], keepdim: try call.bool(2))
      return call.valuesAndPositions(of: tensor, sizes)
    }
  }
}

extension OperatorCall {
  /// Two tensors of `sizes`: values of `tensor` and int64 positions.
  func valuesAndPositions(of tensor: FakeTensor, _ sizes: Sizes, strides: Sizes? = nil) -> FakeValue {
    .tuple([
      .tensor(mode.tensor(sizes, strides: strides, dtype: tensor.dtype, device: tensor.device)),
      .tensor(mode.tensor(sizes, strides: strides, dtype: .int64, device: tensor.device)),
    ])
  }

  /// The size of `dim`; 1 for a 0-dim tensor.
  func sizeOrOne(_ tensor: FakeTensor, _ dim: Int) -> SymInt { tensor.rank == 0 ? 1 : tensor.sizes[dim] }
}

/// `argmax(Tensor self, int? dim, bool keepdim) -> Tensor`, and `argmin`: int64 without `dim`, or 0-dim.
///
/// - Throws: a refusal if there are no elements to choose from.
/// - Source: `argmax_argmin_meta`, `torch/_meta_registrations.py`.
@Sendable
private func argmax(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let dims = try call.reducing.reductionDims(1, of: tensor)
  let keepdim = try call.bool(2)
  if call.isNone(1) {
    try call.check(
      call.shapes.ne(call.shapes.geometry.numel(tensor), 0),
      "Expected reduction dim to be specified for input.numel() == 0.")
  } else if let dim = dims.first {
    try call.check(
      call.shapes.ne(call.sizeOrOne(tensor, dim), 0), "Expected reduction dim \(dim) to have non-zero size.")
  }
  return .tensor(call.reducing.reduced(tensor, dims, keepdim: keepdim, dtype: .int64))
}

/// `kthvalue(Tensor self, SymInt k, int dim, bool keepdim) -> (Tensor values, Tensor indices)`.
///
/// - Throws: a refusal unless `1 ≤ k ≤ self.size(dim)`.
/// - Source: `kthvalue_meta`, `torch/_meta_registrations.py`.
@Sendable
private func kthvalue(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let k = try call.symInt(1)
  let dim = try call.wrapped(try call.int(2), rank: tensor.rank)
  let shapes = call.shapes
  try call.check(
    shapes.and(shapes.ge(k, 1), shapes.le(k, call.sizeOrOne(tensor, dim))),
    "kthvalue(): selected number k out of range for dimension \(dim)")
  return call.valuesAndPositions(
    of: tensor, call.reducing.reducedSizes(tensor.sizes, [dim], keepdim: try call.bool(3)))
}

/// `topk(Tensor self, SymInt k, int dim, …) -> (Tensor values, Tensor indices)`: `dim` gets size `k`.
///
/// - Throws: a refusal unless `0 ≤ k ≤ self.size(dim)`.
/// - Source: `topk_meta`, `torch/_meta_registrations.py`.
@Sendable
private func topk(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let k = try call.symInt(1)
  let dim = try call.wrapped(try call.int(2), rank: tensor.rank)
  try call.check(call.shapes.ge(k, 0), "k not in range for dimension")
  try call.check(call.shapes.le(k, call.sizeOrOne(tensor, dim)), "k not in range for dimension")
  var sizes = tensor.sizes
  if !sizes.isEmpty { sizes[dim] = k }
  return call.valuesAndPositions(of: tensor, sizes)
}

/// `sort(Tensor self, …) -> (Tensor values, Tensor indices)`: the input's sizes and layout.
///
/// PyTorch's meta function does not check the dim. Source: `meta_sort`, `torch/_meta_registrations.py`.
@Sendable
private func sort(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  return call.valuesAndPositions(
    of: tensor, tensor.sizes, strides: call.shapes.geometry.elementwiseStrides([tensor], tensor.sizes))
}

/// `argsort(Tensor self, …) -> Tensor`: the indices of `sort`.
@Sendable
private func argsort(_ call: OperatorCall) throws -> FakeValue {
  .tensor(try call.pointwise([try call.tensor(0)], dtype: .int64))
}

/// `msort(Tensor self) -> Tensor`: the values of `sort` along the first dim.
@Sendable
private func msort(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  return .tensor(try call.pointwise([tensor], dtype: tensor.dtype))
}
