import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Gradients of batch norm: of the input, and of weight and bias, one element per channel.
///
/// Rows are in alphabetical order.
let batchNormalizationGradients: [OperatorRow] = [
  OperatorRow("batch_norm_backward") { call in
    try call.batchNormGradients(
      BatchNormGradientArguments(
        call, input: 1, gradient: 0, isTraining: try call.bool(7), mask: try call.mask(9, count: 3)))
  },
  OperatorRow("cudnn_batch_norm_backward") { call in
    try call.batchNormGradients(BatchNormGradientArguments(call, input: 0, gradient: 1))
  },
  OperatorRow("miopen_batch_norm_backward") { call in
    try call.batchNormGradients(BatchNormGradientArguments(call, input: 0, gradient: 1))
  },
  OperatorRow("native_batch_norm_backward") { call in
    try call.batchNormGradients(
      BatchNormGradientArguments(
        call, input: 1, gradient: 0, isTraining: try call.bool(7), mask: try call.mask(9, count: 3)))
  },
]

/// The arguments of the backward forms.
private struct BatchNormGradientArguments {
  let gradient: FakeTensor
  let input: FakeTensor
  let weight: FakeTensor?
  /// Mean and variance: the saved ones in training, otherwise the running ones.
  let statistics: [FakeTensor?]
  let isTraining: Bool
  let mask: [Bool]

  /// From the third argument on, all schemas have weight, running statistics, saved statistics.
  init(
    _ call: OperatorCall, input: Int, gradient: Int, isTraining: Bool = true,
    mask: [Bool] = [true, true, true]
  ) throws {
    self.gradient = try call.tensor(gradient)
    self.input = try call.tensor(input)
    weight = try call.optionalTensor(2)
    let first = isTraining ? 5 : 3
    statistics = [try call.optionalTensor(first), try call.optionalTensor(first + 1)]
    self.isTraining = isTraining
    self.mask = mask
  }
}

extension OperatorCall {
  /// - Throws: a refusal unless the input has channels and elements, and the statistics are given.
  /// - Source: `native_batch_norm_backward`, `torch/_decomp/decompositions.py`.
  fileprivate func batchNormGradients(_ arguments: BatchNormGradientArguments) throws -> FakeValue {
    let (gradient, input) = (arguments.gradient, arguments.input)
    try require(input.rank >= 2, "rank of the input must be at least 2, got \(input.rank)")
    guard let mean = arguments.statistics[0], let deviation = arguments.statistics[1] else {
      throw refusal("mean and variance must not be None")
    }
    try require(shapes.geometry.numel(input) != 0, "division by zero: the input has no elements")
    let dtype = input.dtype.computationType
    let centred = try combined([input, try overBatch(mean, like: input)], dtype: dtype)
    let channels = try combined([gradient, centred], dtype: dtype)
    let dims = (0..<channels.rank).filter { $0 != 1 }
    let projections = reducing.reduced(channels, dims, keepdim: false, dtype: dtype)
    let sums = reducing.reduced(
      gradient, (0..<gradient.rank).filter { $0 != 1 }, keepdim: false, dtype: dtype)
    var scale = deviation
    if let weight = arguments.weight { scale = try elementwise(deviation, weight) }
    let scaled = try overBatch(scale, like: input)
    var result = gradient
    if arguments.isTraining {
      let projected = try combined([centred, try overBatch(projections, like: input)], dtype: dtype)
      let difference = try combined([gradient, projected], dtype: dtype)
      result = try combined([difference, try overBatch(sums, like: input)], dtype: dtype)
    }
    result = try combined([result, scaled], dtype: input.dtype)
    let parameterType = arguments.weight?.dtype ?? input.dtype
    return .tuple([
      .tensor(result),
      arguments.mask[1]
        ? .tensor(try combined([projections, deviation], dtype: parameterType)) : .none,
      arguments.mask[2] ? .tensor(try pointwise([sums], dtype: parameterType)) : .none,
    ])
  }

  /// `[C]` as `[1, C, 1, …]`.
  private func overBatch(_ tensor: FakeTensor, like input: FakeTensor) throws -> FakeTensor {
    var result = tensor
    for dim in 0..<input.rank {
      if dim == 1, try !isEqual(input.sizes[1], 1) { continue }
      if dim < result.rank, try isEqual(result.sizes[dim], 1) { continue }
      result = try views.unsqueeze(result, dim)
    }
    return result
  }
}
