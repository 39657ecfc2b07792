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
      _ = try call.wrapped(try call.int(1), rank: tensor.rank)
      if call.isInplace { try call.requireDistinctElements(tensor) }
      let natural = call.isInplace ? tensor.dtype : tensor.dtype.widenedInteger
      let dtype = try call.optionalDtype(2) ?? natural
      return .tensor(call.mode.tensor(tensor.sizes, dtype: dtype, device: tensor.device))
    }
  }
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
