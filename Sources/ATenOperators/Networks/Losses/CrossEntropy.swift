import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// `cross_entropy_loss(self, target, weight, reduction, SymInt ignore_index, float label_smoothing) ->
/// Tensor`.
///
/// A target with the scores' shape holds probabilities, any other holds class indices. Scores are `[N, C, …]`
/// or `[C]`.
///
/// - Guards: the equality of the two shapes, dim by dim, if the ranks are equal.
/// - Source: `cross_entropy_loss_symint`, `aten/src/ATen/native/LossNLL.cpp`.
@Sendable
func crossEntropyLoss(_ call: OperatorCall) throws -> FakeValue {
  let (scores, target) = (try call.tensor(0), try call.tensor(1))
  let weight = try call.optionalTensor(2)
  let reduction = try call.lossReduction(3)
  let smoothing = try call.double(5)
  try call.require(smoothing <= 1, "label_smoothing must be between 0.0 and 1.0. Got: \(smoothing)")
  if try call.sameSizes(scores, target) {
    return .tensor(try call.probabilityLoss(scores, target, weight, reduction))
  }
  // log_softmax checks the class dim.
  let dim = scores.rank == 1 ? 0 : 1
  _ = try call.wrapped(dim, rank: scores.rank)
  let logarithms = try call.atenTensor("_log_softmax.default", .tensor(scores), .int(dim), .bool(false))
  let loss = try call.nllLossOfAnyRank(logarithms, target, weight, reduction)
  guard smoothing > 0 else { return .tensor(loss) }
  return .tensor(try call.smoothedLoss(loss, logarithms, target, weight, reduction))
}

extension OperatorCall {
  /// Targets are probabilities: `−Σ weight · target · log_softmax(self)` over the classes.
  ///
  /// - Guards: `Eq(numel, 0)` for the mean.
  /// - Source: `cross_entropy_loss_prob_target`, `aten/src/ATen/native/LossNLL.cpp`.
  fileprivate func probabilityLoss(
    _ scores: FakeTensor, _ target: FakeTensor, _ weight: FakeTensor?, _ reduction: LossReduction
  ) throws -> FakeTensor {
    try require(
      target.dtype.isFloatingPoint,
      "Expected floating point type for target with class probabilities, got \(target.dtype.name)")
    let ignored = try symInt(4)
    try require(
      try evaluate(shapes.lt(ignored, 0)), "ignore_index is not supported for floating point target")
    let channel = try wrapped(scores.rank == 1 ? 0 : 1, rank: scores.rank)
    let logarithms = newTensor(scores.sizes, like: scores)
    var loss = try elementwise(logarithms, target)
    if let weight {
      try require(
        try weight.rank == 1 && isEqual(shapes.geometry.numel(weight), sizeOrOne(scores, channel)),
        "cross_entropy: weight tensor should be defined either for all classes or no classes but got weight tensor "
          + "of shape: \(shapes.shortText(of: weight.sizes))")
      loss = try elementwise(loss, try overClasses(weight, channel, rank: scores.rank))
    }
    switch reduction {
    case .none: return reducing.reduced(loss, [channel], keepdim: false, dtype: loss.dtype)
    case .sum: return newTensor([], like: loss)
    case .mean:
      _ = try isEqual(shapes.geometry.numel(scores), 0)
      return newTensor([], like: loss)
    }
  }

  /// `(1 − s) · loss + s / C · −Σ weight · log_softmax(self)`.
  ///
  /// Source: `cross_entropy_loss_label_smoothing`, `aten/src/ATen/native/LossNLL.cpp`.
  fileprivate func smoothedLoss(
    _ loss: FakeTensor, _ logarithms: FakeTensor, _ target: FakeTensor, _ weight: FakeTensor?,
    _ reduction: LossReduction
  ) throws -> FakeTensor {
    let channel = try wrapped(logarithms.rank == 1 ? 0 : 1, rank: logarithms.rank)
    var terms = logarithms
    if let weight { terms = try elementwise(terms, try overClasses(weight, channel, rank: logarithms.rank)) }
    let smooth = reducing.reduced(terms, [channel], keepdim: false, dtype: terms.dtype)
    try requireBroadcast(target, to: smooth.sizes)
    let reducedSmooth = reduction == .none ? smooth : newTensor([], like: smooth)
    return try elementwise(loss, reducedSmooth)
  }

  /// `[C]` with dims of size 1 around it, to broadcast over scores of `rank`.
  private func overClasses(_ weight: FakeTensor, _ channel: Int, rank: Int) throws -> FakeTensor {
    try require(weight.rank >= 1, "weight must have a dim")
    var sizes = Sizes(repeating: 1, count: rank)
    if channel < rank { sizes[channel] = weight.sizes[0] }
    return try views.view(weight, sizes)
  }
}
