import FakeTensors
import TensorVocabulary

/// Variances and standard deviations, alone and with the mean.
///
/// Rows are in alphabetical order.
let variances: [OperatorRow] = [
  .variance("std", isRooted: true),
  .varianceWithMean("std_mean", isRooted: true),
  .variance("var", isRooted: false),
  .varianceWithMean("var_mean", isRooted: false),
]

/// The arguments that all overloads share; `std(self, unbiased)` takes no dims.
private struct SpreadArguments {
  let tensor: FakeTensor
  let dims: [Int]
  let keepdim: Bool
  /// The result's dtype; real for complex input.
  let dtype: ScalarType

  init(_ call: OperatorCall) throws {
    tensor = try call.tensor(0)
    dims = try call.reducing.reductionDims(call.reducing.takesDim ? 1 : .max, of: tensor)
    keepdim = call.reducing.takesDim ? try call.bool(3) : false
    dtype = tensor.dtype.toReal
  }

  /// A standard deviation is a new tensor; a variance is a view of the sum.
  func spread(_ call: OperatorCall, isRooted: Bool) throws -> FakeTensor {
    let variance = call.reducing.reducedByView(tensor, dims, keepdim: keepdim, dtype: dtype)
    return isRooted ? try call.pointwise([variance], dtype: dtype) : variance
  }
}

extension OperatorRow {
  /// `name(Tensor self, [int[1]? dim, unbiased or correction, bool keepdim]) -> Tensor`.
  ///
  /// Source: `var`, `std`, `torch/_refs`.
  fileprivate static func variance(_ name: String, isRooted: Bool) -> OperatorRow {
    OperatorRow(name) { call in .tensor(try SpreadArguments(call).spread(call, isRooted: isRooted)) }
  }

  /// `name(Tensor self, …) -> (Tensor, Tensor)`: the variance or deviation, and the mean.
  ///
  /// Floating-point and complex only.
  ///
  /// Source: `var_mean`, `std_mean`, `torch/_refs`.
  fileprivate static func varianceWithMean(_ name: String, isRooted: Bool) -> OperatorRow {
    OperatorRow(name) { call in
      let arguments = try SpreadArguments(call)
      let tensor = arguments.tensor
      try call.require(
        tensor.dtype.isFloatingPoint || tensor.dtype.isComplex,
        "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
          + "Got: \(tensor.dtype.name)")
      try call.reducing.countMean(tensor, arguments.dims, tensor.dtype)
      let spread = try arguments.spread(call, isRooted: isRooted)
      let mean = try call.reducing.mean(
        tensor, arguments.dims, keepdim: arguments.keepdim, dtype: tensor.dtype)
      return .tuple([.tensor(spread), .tensor(mean)])
    }
  }
}
