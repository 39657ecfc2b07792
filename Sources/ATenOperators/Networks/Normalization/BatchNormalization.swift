import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Normalization over all dims but the channels (dim 1).
///
/// Rows are in alphabetical order.
let batchNormalizations: [OperatorRow] = [
  OperatorRow("_batch_norm_impl_index", batchNormImplIndex),
  .nativeBatchNorm("_batch_norm_no_update", isTraining: false, .reserve),
  .nativeBatchNorm("_batch_norm_with_update", isTraining: true, .reserve),
  .nativeBatchNorm("_batch_norm_with_update_functional", isTraining: true, .reserveAndStatistics),
  .nativeBatchNorm("_native_batch_norm_legit"),
  OperatorRow("_native_batch_norm_legit.no_stats", nativeBatchNormWithoutStatistics),
  .nativeBatchNorm("_native_batch_norm_legit_functional", .statistics),
  .nativeBatchNorm("_native_batch_norm_legit_no_training", isTraining: false),
  OperatorRow("batch_norm", batchNorm),
  OperatorRow("cudnn_batch_norm", cudnnBatchNorm),
  OperatorRow("instance_norm", instanceNorm),
  .nativeBatchNorm("native_batch_norm"),
]

/// The arguments of a batch norm.
struct BatchNormArguments {
  var input: FakeTensor
  let weight: FakeTensor?
  let bias: FakeTensor?
  let runningMean: FakeTensor?
  let runningVariance: FakeTensor?
  var isTraining: Bool
  /// Whether the new running statistics are returned instead of stored.
  var isFunctional = false

  /// Reads the first five arguments of the schemas.
  init(_ call: OperatorCall, isTraining: Bool) throws {
    input = try call.tensor(0)
    weight = try call.optionalTensor(1)
    bias = try call.optionalTensor(2)
    runningMean = try call.optionalTensor(3)
    runningVariance = try call.optionalTensor(4)
    self.isTraining = isTraining
  }

  init(
    input: FakeTensor, weight: FakeTensor?, bias: FakeTensor?, runningMean: FakeTensor?,
    runningVariance: FakeTensor?, isTraining: Bool
  ) {
    self.input = input
    self.weight = weight
    self.bias = bias
    self.runningMean = runningMean
    self.runningVariance = runningVariance
    self.isTraining = isTraining
  }
}

/// The results of a batch norm.
struct BatchNormResults {
  let output: FakeTensor
  let savedMean: FakeTensor
  let savedInverseDeviation: FakeTensor
  var runningMean: FakeTensor?
  var runningVariance: FakeTensor?
}

extension OperatorCall {
  /// `(input − mean) · rstd · weight + bias`: the input's sizes, dtype and layout.
  ///
  /// Statistics for the backward pass are saved in training; otherwise they are empty on the CPU.
  ///
  /// Source: `native_batch_norm_helper`, `torch/_decomp/decompositions.py`.
  func normalizedBatch(_ arguments: BatchNormArguments) throws -> BatchNormResults {
    let input = arguments.input
    try require(input.rank >= 1, "batch_norm needs an input with dims")
    var results = try arguments.isTraining ? trainedStatistics(arguments) : givenStatistics(arguments)
    if let weight = arguments.weight {
      let affine = try combined([results.output, overChannels(weight, rank: input.rank)], dtype: input.dtype)
      results = results.replacing(output: affine)
    }
    if let bias = arguments.bias {
      let affine = try combined([results.output, overChannels(bias, rank: input.rank)], dtype: input.dtype)
      results = results.replacing(output: affine)
    }
    return results
  }

  /// Mean and deviation of the input; also updates the running statistics.
  private func trainedStatistics(_ arguments: BatchNormArguments) throws -> BatchNormResults {
    let input = arguments.input
    try require(
      input.dtype.isFloatingPoint || input.dtype.isComplex,
      "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
        + "Got: \(input.dtype.name)")
    let dims = (0..<input.rank).filter { $0 != 1 }
    let kept = reducing.reduced(input, dims, keepdim: true, dtype: input.dtype)
    let output = try combined([input, kept], dtype: input.dtype)
    let isOnHost = input.device.type == .cpu
    let saved = reducing.reduced(
      input, dims, keepdim: false, dtype: isOnHost ? input.dtype : input.dtype.computationType)
    var results = BatchNormResults(
      output: output, savedMean: saved,
      savedInverseDeviation: mode.tensor(saved.sizes, dtype: saved.dtype, device: saved.device))
    if let running = arguments.runningMean {
      results.runningMean = try moved(running, towards: saved, isFunctional: arguments.isFunctional)
    }
    if let running = arguments.runningVariance {
      try require(input.rank >= 2, "batch_norm needs an input with channels")
      let channels = input.sizes[1]
      // The decomposition divides by one less than this number; the kernel does not.
      try requireWhenTraced(
        shapes.isUnbacked(channels) || (channels != 0 && shapes.geometry.numel(input) != channels),
        "division by zero: one element a channel has no variance")
      results.runningVariance = try moved(running, towards: saved, isFunctional: arguments.isFunctional)
    }
    return results
  }

  /// `momentum · saved + (1 − momentum) · running`, stored unless the operator is functional.
  private func moved(
    _ running: FakeTensor, towards saved: FakeTensor, isFunctional: Bool
  ) throws -> FakeTensor {
    var promotion = TypePromotion(shapes.profile)
    promotion.add(saved.dtype.computationType, rank: saved.rank)
    promotion.add(running)
    let average = try combined([saved, running], dtype: promotion.result)
    guard !isFunctional else { return average }
    try requireDistinctElements(running)
    try requireBroadcast(average, to: running.sizes)
    mode.noteMutation(of: running)
    return running
  }

  /// The running statistics, unchanged.
  private func givenStatistics(_ arguments: BatchNormArguments) throws -> BatchNormResults {
    let input = arguments.input
    guard let runningMean = arguments.runningMean, let runningVariance = arguments.runningVariance else {
      throw refusal("running_mean and running_var must not be None in eval mode")
    }
    let mean = try overChannels(runningMean, rank: input.rank)
    let deviation = try overChannels(runningVariance, rank: input.rank)
    let output = try combined(
      [try combined([input, mean], dtype: input.dtype), deviation], dtype: input.dtype)
    let computed = input.dtype.computationType
    let copies = [runningMean, runningVariance].map {
      mode.tensor(
        $0.sizes, strides: shapes.geometry.elementwiseStrides([$0], $0.sizes), dtype: computed,
        device: $0.device)
    }
    let empty = (0..<2).map { _ in mode.tensor([0], dtype: input.dtype, device: input.device) }
    let saved = input.device.type == .cpu ? empty : copies
    return BatchNormResults(
      output: output, savedMean: saved[0], savedInverseDeviation: saved[1], runningMean: copies[0],
      runningVariance: copies[1])
  }

  /// One value per channel, with dims of size 1 appended to broadcast against an input of `rank`.
  private func overChannels(_ tensor: FakeTensor, rank: Int) throws -> FakeTensor {
    var sizes: Sizes = [tensor.rank == 1 ? tensor.sizes[0] : shapes.geometry.numel(tensor)]
    while sizes.count < rank - 1 { sizes.append(1) }
    return mode.tensor(sizes, dtype: tensor.dtype, device: tensor.device)
  }
}

extension BatchNormResults {
  func replacing(output: FakeTensor) -> BatchNormResults {
    BatchNormResults(
      output: output, savedMean: savedMean, savedInverseDeviation: savedInverseDeviation,
      runningMean: runningMean, runningVariance: runningVariance)
  }
}
