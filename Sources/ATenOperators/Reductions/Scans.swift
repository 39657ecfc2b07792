import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Cumulative sums, products and extrema along a dim: the input's sizes, contiguous.
///
/// Rows are in alphabetical order.
let scans: [OperatorRow] = [
  OperatorRow("cummax", cumulativeExtremum),
  OperatorRow("cummin", cumulativeExtremum),
  .scan("cumprod"),
  .scan("cumsum"),
  OperatorRow("logcumsumexp", logcumsumexp),
]

extension OperatorRow {
  /// `name(Tensor self, int dim, *, ScalarType? dtype) -> Tensor`: integers widen to int64, but not in place.
  ///
  /// Source: `cumsum`, `cumprod`, `torch/_refs`.
  fileprivate static func scan(_ name: String) -> OperatorRow {
    OperatorRow(name) { call in
      let tensor = try call.tensor(0)
      let dim = try call.wrapped(try call.int(1), rank: tensor.rank)
      if call.isInplace { try call.requireDistinctElements(tensor) }
      let natural = call.isInplace ? tensor.dtype : tensor.dtype.widenedInteger
      let dtype = try call.optionalDtype(2) ?? natural
      if tensor.rank > 0, call.shapes.isOpenWhetherOne(tensor.sizes) {
        return .tensor(try maskedSum(call, tensor, dim, dtype))
      }
      return .tensor(call.mode.tensor(tensor.sizes, dtype: dtype, device: tensor.device))
    }
  }
}

/// A scan as PyTorch writes it: the reduction of `where(row >= column, self, 0)`, which asks about the sizes.
///
/// Source: `_cumsumprod_common`, `torch/_refs`.
private func maskedSum(
  _ call: OperatorCall, _ tensor: FakeTensor, _ dim: Int, _ dtype: ScalarType
) throws -> FakeTensor {
  let column = try call.views.unsqueeze(tensor, dim + 1)
  let indices = call.mode.tensor([tensor.sizes[dim]], dtype: .int64, device: tensor.device)
  var mask = try call.pointwise([call.views.unsqueeze(indices, 1), indices], dtype: .bool)
  while mask.rank < tensor.rank - dim + 1 { mask = try call.views.unsqueeze(mask, mask.rank) }
  // A number of integers or floats beside: bools become integers.
  let values = column.dtype.isBool ? try call.convertedCopy(column, .int64, nil, nil) : column
  let masked = try call.pointwise([mask, values], dtype: values.dtype)
  return call.reducing.reducedByView(masked, [dim], keepdim: false, dtype: dtype)
}

/// `cummax(Tensor self, int dim) -> (Tensor values, Tensor indices)`, and `cummin`.
///
/// - Guards: `Ne(numel, 0)`; the dim of an empty tensor is not checked.
/// - Source: `cummaxmin`, `torch/_meta_registrations.py`.
@Sendable
private func cumulativeExtremum(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let dim = try call.int(1)
  if try call.evaluate(call.shapes.ne(call.shapes.geometry.numel(tensor), 0)), tensor.rank > 0 {
    _ = try call.wrapped(dim, rank: tensor.rank)
  }
  return call.valuesAndPositions(of: tensor, tensor.sizes)
}

/// `logcumsumexp(Tensor self, int dim) -> Tensor`.
@Sendable
private func logcumsumexp(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  _ = try call.wrapped(try call.int(1), rank: tensor.rank)
  return .tensor(call.mode.tensor(tensor.sizes, dtype: tensor.dtype, device: tensor.device))
}
