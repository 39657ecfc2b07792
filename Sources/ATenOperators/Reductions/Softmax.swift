import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Softmax along a dim, and its gradients: the input's sizes, contiguous.
///
/// Rows are in alphabetical order.
let softmaxes: [OperatorRow] = [
  .softmax("_log_softmax", .halfToFloat, checksDim: true),
  OperatorRow("_log_softmax_backward_data", logSoftmaxBackward),
  .softmax("_safe_softmax", .dtype, checksDim: true),
  .softmax("_softmax", .halfToFloat, checksDim: false),
  OperatorRow("_softmax_backward_data", softmaxBackward),
  .softmax("log_softmax", .dtype, checksDim: true),
  .softmax("softmax", .dtype, checksDim: false),
  .softmax("special_log_softmax", .dtype, checksDim: true),
  .softmax("special_softmax", .dtype, checksDim: false),
]

/// How the third argument of a softmax chooses the result's dtype.
private enum SoftmaxType { case halfToFloat, dtype }

extension OperatorRow {
  /// `name(Tensor self, int dim, bool half_to_float)` or `name(Tensor self, int dim, ScalarType? dtype)`.
  ///
  /// PyTorch's meta function of `_softmax` does not check the dim.
  ///
  /// Source: `softmax`, `torch/_meta_registrations.py`; `_log_softmax`, `torch/_decomp/decompositions.py`.
  fileprivate static func softmax(_ name: String, _ type: SoftmaxType, checksDim: Bool) -> OperatorRow {
    OperatorRow(name) { call in
      var tensor = try call.tensor(0)
      let dim = try call.int(1)
      if checksDim { _ = try call.wrapped(dim, rank: tensor.rank) }
      var dtype = tensor.dtype
      switch type {
      case .dtype:
        dtype = try call.optionalDtype(2) ?? dtype
        if dtype != tensor.dtype { tensor = try call.convertedCopy(tensor, dtype, nil, nil) }
      case .halfToFloat:
        guard try call.bool(2) else { break }
        try call.require(
          dtype == .float16 || (dtype == .bfloat16 && !checksDim),
          "half_to_float is True but the dtype is \(dtype.name)")
        dtype = .float32
      }
      if name == "_safe_softmax" { try call.askWhichRowsAreMasked(tensor, dim, dtype) }
      guard checksDim, type == .halfToFloat || name.hasSuffix("log_softmax") else {
        return .tensor(call.newTensor(tensor.sizes, like: tensor, dtype: dtype))
      }
      try call.require(dtype, isNotIn: .bool)
      return .tensor(try call.shifted(tensor, dim, dtype: dtype))
    }
  }
}

extension OperatorCall {
  /// A row whose elements all are −∞ becomes 0: elements are compared, rows reduced, and one of two tensors taken.
  ///
  /// - Source: `safe_softmax`, `torch/_decomp/decompositions.py`.
  fileprivate func askWhichRowsAreMasked(_ tensor: FakeTensor, _ dim: Int, _ dtype: ScalarType) throws {
    guard shapes.isOpenWhetherOne(tensor.sizes) else { return }
    let masked = try pointwise([try self.tensor(0)], dtype: .bool, asking: .ones)
    let rows = try atenTensor("all.dim", .tensor(masked), .int(dim), .bool(true))
    let result = newTensor(tensor.sizes, like: tensor, dtype: dtype)
    _ = try pointwise([rows, result, result], dtype: dtype)
  }

  /// The difference of a contiguous tensor and its maxima along `dim`; their strides at dims of size 1 matter.
  fileprivate func shifted(_ tensor: FakeTensor, _ dim: Int, dtype: ScalarType) throws -> FakeTensor {
    let dense = contiguous(tensor)
    if dense.strides == shapes.geometry.contiguousStrides(tensor.sizes) {
      return newTensor(tensor.sizes, like: tensor, dtype: dtype)
    }
    let maxima = reducing.reduced(dense, [try wrapped(dim, rank: dense.rank)], keepdim: true, dtype: dtype)
    return try combined([dense, maxima], dtype: dtype)
  }
}

/// `_softmax_backward_data(Tensor grad_output, Tensor output, int dim, ScalarType input_dtype) -> Tensor`.
@Sendable
private func softmaxBackward(_ call: OperatorCall) throws -> FakeValue {
  let gradient = try softmaxGradient(call)
  return .tensor(call.mode.tensor(gradient.sizes, dtype: gradient.dtype, device: gradient.device))
}

/// `_log_softmax_backward_data(Tensor grad_output, Tensor output, int dim, ScalarType input_dtype) ->
/// Tensor`.
@Sendable
private func logSoftmaxBackward(_ call: OperatorCall) throws -> FakeValue {
  .tensor(try softmaxGradient(call))
}

/// `grad_output − output · sum(grad_output)`, elementwise, in the input's dtype.
///
/// Source: `_softmax_backward_data`, `_log_softmax_backward_data`, `torch/_decomp/decompositions.py`.
private func softmaxGradient(_ call: OperatorCall) throws -> FakeTensor {
  let gradient = try call.tensor(0)
  let output = try call.tensor(1)
  _ = try call.wrapped(try call.int(2), rank: gradient.rank)
  let dtype = try call.optionalDtype(3) ?? gradient.dtype
  return try call.combined([gradient, output], dtype: dtype)
}
