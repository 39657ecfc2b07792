import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// The results after output, saved mean and saved inverse deviation.
enum BatchNormExtras { case none, reserve, statistics, reserveAndStatistics }

extension OperatorRow {
  /// `name(input, weight, bias, running_mean, running_var, [bool training], float momentum, float eps)`.
  ///
  /// The training flag is an argument unless `isTraining` gives it.
  ///
  /// Source: `_native_batch_norm_legit` and others, `torch/_decomp/decompositions.py`.
  static func nativeBatchNorm(
    _ name: String, isTraining: Bool? = nil, _ extras: BatchNormExtras = .none
  ) -> OperatorRow {
    OperatorRow(name) { call in
      var arguments = try BatchNormArguments(call, isTraining: try isTraining ?? call.bool(5))
      arguments.isFunctional = extras == .statistics || extras == .reserveAndStatistics
      try call.requireNoGradient(arguments.runningMean, "running_mean")
      try call.requireNoGradient(arguments.runningVariance, "running_var")
      let results = try call.normalizedBatch(arguments)
      var values = [results.output, results.savedMean, results.savedInverseDeviation]
      if extras == .reserve || extras == .reserveAndStatistics {
        values.append(call.mode.tensor([0], dtype: .uint8, device: arguments.input.device))
      }
      if arguments.isFunctional {
        guard let mean = results.runningMean, let variance = results.runningVariance else {
          throw call.refusal("new_running_mean should not be None")
        }
        values += [mean, variance]
      }
      return .tuple(values.map { .tensor($0) })
    }
  }
}

extension OperatorCall {
  /// Refuses arguments that need a gradient but have no derivative, as autograd does.
  func requireNoGradient(_ tensor: FakeTensor?, _ name: String) throws {
    try require(
      tensor?.requiresGrad != true,
      "The function '\(schema.name.base)' is not differentiable with respect to argument '\(name)'. "
        + "This input cannot have requires_grad True.")
  }
}

/// `_native_batch_norm_legit.no_stats(input, weight, bias, bool training, float momentum, float eps)`.
@Sendable
func nativeBatchNormWithoutStatistics(_ call: OperatorCall) throws -> FakeValue {
  let results = try call.normalizedBatch(
    BatchNormArguments(
      input: try call.tensor(0), weight: try call.optionalTensor(1), bias: try call.optionalTensor(2),
      runningMean: nil, runningVariance: nil, isTraining: try call.bool(3)))
  return .tensors(results.output, results.savedMean, results.savedInverseDeviation)
}

/// `cudnn_batch_norm(…, bool training, …) -> (Tensor, Tensor, Tensor, Tensor)`: the last is an empty reserve.
///
/// Source: `cudnn_batch_norm`, `torch/_decomp/decompositions.py`.
@Sendable
func cudnnBatchNorm(_ call: OperatorCall) throws -> FakeValue {
  let arguments = try BatchNormArguments(call, isTraining: try call.bool(5))
  let results = try call.normalizedBatch(arguments)
  let reserve = call.mode.tensor([0], dtype: .uint8, device: arguments.input.device)
  if arguments.isTraining {
    return .tensors(results.output, results.savedMean, results.savedInverseDeviation, reserve)
  }
  let weight = try call.tensor(1)
  return .tensors(
    results.output, call.newTensor([0], like: weight), call.newTensor([0], like: weight), reserve)
}

extension OperatorCall {
  /// `batch_norm` with the checks of the composite operator.
  ///
  /// - Guards: `Eq(numel, 0)`, and each statistic has one element per channel.
  /// - Source: `_batch_norm_impl_index`, `aten/src/ATen/native/Normalization.cpp`.
  func checkedBatchNorm(_ arguments: BatchNormArguments) throws -> BatchNormResults {
    let input = arguments.input
    if try isEqual(shapes.geometry.numel(input), 0) { return try emptyBatch(arguments) }
    try require(input.rank >= 2, "batch_norm needs an input with channels, got \(input.rank) dimensions")
    let statistics = [("running_mean", arguments.runningMean), ("running_var", arguments.runningVariance)]
    for (name, statistic) in statistics {
      try require(
        statistic != nil || arguments.isTraining, "\(name) must be defined in evaluation mode")
    }
    for (name, parameter) in statistics + [("weight", arguments.weight), ("bias", arguments.bias)] {
      guard let parameter else { continue }
      try require(
        try isEqual(shapes.geometry.numel(parameter), input.sizes[1]),
        "\(name) should contain \(shapes.text(of: input.sizes[1])) elements not "
          + shapes.text(of: shapes.geometry.numel(parameter)))
    }
    for (name, statistic) in statistics { try requireNoGradient(statistic, name) }
    return try normalizedBatch(arguments)
  }

  /// The result for an empty input: a copy, scaled by the first weight.
  private func emptyBatch(_ arguments: BatchNormArguments) throws -> BatchNormResults {
    let input = arguments.input
    var promotion = TypePromotion(shapes.profile)
    promotion.add(input)
    for parameter in [arguments.weight, arguments.bias] {
      if let parameter { promotion.add(parameter.dtype, rank: 0) }
    }
    let channels = input.rank > 1 ? input.sizes[1] : 1
    let saved = { self.mode.tensor([channels], dtype: input.dtype.computationType, device: input.device) }
    return BatchNormResults(
      output: try pointwise([input], dtype: promotion.result), savedMean: saved(),
      savedInverseDeviation: saved())
  }
}

extension OperatorCall {
  /// Whether cuDNN normalizes the input: weight, bias and statistics are given, neither dtype is bfloat16, and a
  /// float16 input has float32 weights.
  ///
  /// - Guards: the batch size; since 2.15, the number of elements.
  /// - Source: `_select_batch_norm_backend`, `aten/src/ATen/native/Normalization.cpp`.
  fileprivate func isTakenByCuDNN(_ arguments: BatchNormArguments) throws -> Bool {
    let input = arguments.input
    guard input.device.type == .cuda, input.rank >= 3, let weight = arguments.weight, arguments.bias != nil,
      input.dtype != .bfloat16, weight.dtype != .bfloat16, input.dtype != .float16 || weight.dtype == .float32
    else { return false }
    let (mean, variance) = (arguments.runningMean, arguments.runningVariance)
    guard mean != nil && variance != nil || mean == nil && variance == nil && arguments.isTraining else {
      return false
    }
    guard shapes.guardOrTrue(shapes.le(input.sizes[0], arguments.isTraining ? 880_801 : 65_535)) else {
      return false
    }
    return try !has(.normsBatchesByCount)
      || evaluate(shapes.lt(shapes.geometry.numel(input), SymInt(Int(Int32.max))))
  }
}

/// `batch_norm(…, bool training, float momentum, float eps, bool cudnn_enabled) -> Tensor`.
///
/// The cuDNN kernel uses a copy of its input that is dense in the memory format that the strides suggest.
///
/// - Source: `_batch_norm_impl_index`, `aten/src/ATen/native/Normalization.cpp`.
@Sendable
func batchNorm(_ call: OperatorCall) throws -> FakeValue {
  var arguments = try BatchNormArguments(call, isTraining: try call.bool(5))
  let (input, shapes) = (arguments.input, call.shapes)
  if try call.has(.normsBatchesByCount) || call.bool(8), try call.isTakenByCuDNN(arguments) {
    let format = shapes.geometry.suggestedMemoryFormat(input)
    if !shapes.geometry.isContiguous(input, format) {
      arguments.input = call.mode.tensor(
        input.sizes, strides: shapes.geometry.strides(input.sizes, format), dtype: input.dtype,
        device: input.device)
    }
  }
  return .tensor(try call.checkedBatchNorm(arguments).output)
}

/// `_batch_norm_impl_index(…) -> (Tensor, Tensor, Tensor, Tensor, int)`: a reserve and the kernel's index, 0.
@Sendable
func batchNormImplIndex(_ call: OperatorCall) throws -> FakeValue {
  let arguments = try BatchNormArguments(call, isTraining: try call.bool(5))
  let results = try call.checkedBatchNorm(arguments)
  let reserve = call.mode.tensor([0], dtype: .uint8, device: arguments.input.device)
  return .tuple([
    .tensor(results.output), .tensor(results.savedMean), .tensor(results.savedInverseDeviation),
    .tensor(reserve), .int(0),
  ])
}

/// `instance_norm(…, bool use_input_stats, …) -> Tensor`: batch norm of `[1, b·c, …]`, contiguous.
///
/// Source: `instance_norm`, `aten/src/ATen/native/Normalization.cpp`.
@Sendable
func instanceNorm(_ call: OperatorCall) throws -> FakeValue {
  let given = try BatchNormArguments(call, isTraining: try call.bool(5))
  let input = given.input
  try call.require(
    given.isTraining || (given.runningMean != nil && given.runningVariance != nil),
    "Expected running_mean and running_var to be defined when use_input_stats is false")
  try call.require(input.rank >= 2, "instance_norm needs an input with channels")
  let (batch, channels) = (input.sizes[0], input.sizes[1])
  let count = call.shapes.mul(batch, channels)
  var sizes = input.sizes
  sizes[0] = 1
  sizes[1] = count
  let repeated = { (tensor: FakeTensor?) -> FakeTensor? in
    guard let tensor else { return nil }
    return call.newTensor([call.shapes.mul(call.shapes.geometry.numel(tensor), batch)], like: tensor)
  }
  let results = try call.checkedBatchNorm(
    BatchNormArguments(
      input: call.newTensor(sizes, like: input), weight: repeated(given.weight), bias: repeated(given.bias),
      runningMean: repeated(given.runningMean), runningVariance: repeated(given.runningVariance),
      isTraining: given.isTraining))
  for statistic in [given.runningMean, given.runningVariance] {
    guard let statistic else { continue }
    try call.requireNoGradient(statistic, "running_mean")
    try call.requireDistinctElements(statistic)
    call.mode.noteMutation(of: statistic)
  }
  return .tensor(call.newTensor(input.sizes, like: input, dtype: results.output.dtype))
}
