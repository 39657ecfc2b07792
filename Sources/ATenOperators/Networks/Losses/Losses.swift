import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Losses that compare two tensors element by element, and their gradients.
///
/// Rows are in alphabetical order.
let losses: [OperatorRow] = [
  OperatorRow("binary_cross_entropy", binaryCrossEntropy),
  OperatorRow("binary_cross_entropy_backward", binaryCrossEntropyBackward),
  OperatorRow("binary_cross_entropy_with_logits", binaryCrossEntropyWithLogits),
  OperatorRow("hinge_embedding_loss", hingeEmbeddingLoss),
  .loss("huber_loss", requiresPositiveDelta: true),
  OperatorRow("huber_loss_backward", huberLossBackward),
  OperatorRow("kl_div", klDivergence),
  OperatorRow("l1_loss", l1Loss),
  OperatorRow("margin_ranking_loss", marginRankingLoss),
  .loss("mse_loss", squaresIntegers: true),
  OperatorRow("mse_loss_backward", mseLossBackward),
  OperatorRow("poisson_nll_loss", poissonLoss),
  .loss("smooth_l1_loss"),
  OperatorRow("smooth_l1_loss_backward", smoothL1LossBackward),
  OperatorRow("soft_margin_loss", softMarginLoss),
  OperatorRow("soft_margin_loss_backward", softMarginLossBackward),
]

/// How elementwise losses are reduced; raw values are those of `at::Reduction`.
enum LossReduction: Int {
  case none, mean, sum
}

extension OperatorCall {
  /// The reduction at `position`; unknown numbers mean none, as in PyTorch.
  func lossReduction(_ position: Int) throws -> LossReduction {
    LossReduction(rawValue: try int(position)) ?? .none
  }

  /// `loss`, its mean or its sum.
  ///
  /// - Throws: a refusal of the mean of integers.
  /// - Source: `apply_loss_reduction`, `aten/src/ATen/native/Loss.cpp`.
  func reducedLoss(
    _ loss: FakeTensor, _ reduction: LossReduction, dtype: ScalarType? = nil
  ) throws -> FakeTensor {
    switch reduction {
    case .none:
      return dtype == nil || dtype == loss.dtype ? loss : try pointwise([loss], dtype: dtype ?? loss.dtype)
    case .mean:
      try require(
        loss.dtype.isFloatingPoint || loss.dtype.isComplex,
        "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
          + "Got: \(loss.dtype.name)")
      try reducing.countMean(loss, Array(0..<loss.rank), loss.dtype)
      return newTensor([], like: loss, dtype: dtype)
    case .sum: return newTensor([], like: loss, dtype: dtype ?? loss.dtype.widenedInteger)
    }
  }

  /// The result of elementwise arithmetic on tensors, in their common dtype.
  func elementwise(_ tensors: FakeTensor..., kind: PromotionKind = .common) throws -> FakeTensor {
    try pointwise(tensors, dtype: commonType(tensors, kind), isFast: tensors.count == 2)
  }

  /// The result of `+`, `−`, `·` or `/`, in a given dtype.
  func combined(_ operands: [FakeTensor], dtype: ScalarType) throws -> FakeTensor {
    try pointwise(operands, dtype: dtype, isFast: true)
  }

  func commonType(_ tensors: [FakeTensor], _ kind: PromotionKind = .common) -> ScalarType {
    var promotion = TypePromotion(shapes.profile)
    for tensor in tensors { promotion.add(tensor) }
    return promotion.result(kind)
  }
}

extension OperatorRow {
  /// `name(Tensor self, Tensor target, int reduction, [float parameter]) -> Tensor`: in the common dtype.
  ///
  /// Source: `mse_loss`, `smooth_l1_loss`, `torch/_decomp/decompositions.py`; `huber_loss`,
  /// `torch/_refs/nn/functional`.
  fileprivate static func loss(
    _ name: String, squaresIntegers: Bool = false, requiresPositiveDelta: Bool = false
  ) -> OperatorRow {
    OperatorRow(name) { call in
      if requiresPositiveDelta {
        try call.require(try call.double(3) > 0, "\(name) does not support non-positive values for delta.")
      }
      let loss = try call.elementwise(try call.pointwise(0..<2, refuses: .bool, isFast: true))
      let reduction = try call.lossReduction(2)
      if squaresIntegers { return .tensor(try call.reducedLoss(loss, reduction, dtype: loss.dtype)) }
      // Unreduced losses are real here; reduced ones have the common dtype.
      return .tensor(reduction == .none ? loss : call.newTensor([], like: loss))
    }
  }
}

extension OperatorCall {
  /// Refuses the mean over a tensor known to be empty, because PyTorch divides by zero there.
  fileprivate func requireMeanElements(_ tensor: FakeTensor, reduction position: Int) throws {
    guard try lossReduction(position) == .mean else { return }
    try require(shapes.geometry.numel(tensor) != 0, "division by zero: the mean of no elements")
  }
}

/// `mse_loss_backward(grad_output, self, target, reduction)`: `2 (self − target) · grad_output`.
@Sendable
private func mseLossBackward(_ call: OperatorCall) throws -> FakeValue {
  try call.requireMeanElements(try call.tensor(1), reduction: 3)
  let difference = try call.elementwise(try call.tensor(1), try call.tensor(2))
  return .tensor(try call.elementwise(difference, try call.tensor(0)))
}

/// `smooth_l1_loss_backward(grad_output, self, target, reduction, beta)`.
@Sendable
private func smoothL1LossBackward(_ call: OperatorCall) throws -> FakeValue {
  try call.requireMeanElements(try call.tensor(1), reduction: 3)
  let difference = try call.elementwise(try call.tensor(1), try call.tensor(2))
  let isSmall = try call.elementwise(difference)
  let gradient = try call.elementwise(try call.tensor(0))
  let near = try call.elementwise(try call.elementwise(gradient, difference))
  return .tensor(try call.elementwise(isSmall, near, try call.elementwise(gradient, isSmall)))
}

/// `huber_loss_backward(grad_output, self, target, reduction, delta)`.
@Sendable
private func huberLossBackward(_ call: OperatorCall) throws -> FakeValue {
  try call.requireMeanElements(try call.tensor(1), reduction: 3)
  let gradient = try call.tensor(0)
  let difference = try call.elementwise(try call.tensor(1), try call.tensor(2))
  let isFar = try call.elementwise(difference)
  let scaled = try call.elementwise(gradient)
  let inner = try call.elementwise(isFar, scaled, try call.elementwise(isFar, gradient))
  return .tensor(try call.elementwise(isFar, scaled, inner))
}

/// `binary_cross_entropy(self, target, weight, reduction)`.
///
/// Source: `binary_cross_entropy`, `torch/_decomp/decompositions.py`.
@Sendable
private func binaryCrossEntropy(_ call: OperatorCall) throws -> FakeValue {
  let (input, target) = (try call.tensor(0), try call.tensor(1))
  try call.requireNoGradient(try call.optionalTensor(2), "weight")
  try call.require(input.dtype, isNotIn: .bool)
  let product = try call.elementwise(try call.elementwise(target), try call.elementwise(input))
  var loss = try call.elementwise(product, product)
  if let weight = try call.optionalTensor(2) { loss = try call.elementwise(loss, weight) }
  return .tensor(try call.reducedLoss(loss, try call.lossReduction(3), dtype: loss.dtype))
}

/// `binary_cross_entropy_backward(grad_output, self, target, weight, reduction)`.
@Sendable
private func binaryCrossEntropyBackward(_ call: OperatorCall) throws -> FakeValue {
  let (input, target) = (try call.tensor(1), try call.tensor(2))
  let numerator = try call.elementwise(try call.tensor(0), try call.elementwise(input, target))
  var result = try call.elementwise(numerator, input)
  if let weight = try call.optionalTensor(3) { result = try call.elementwise(result, weight) }
  return .tensor(result)
}

/// `binary_cross_entropy_with_logits(self, target, weight, pos_weight, reduction)`: in the target's dtype.
///
/// Source: `binary_cross_entropy_with_logits`, `torch/_decomp/decompositions.py`.
@Sendable
private func binaryCrossEntropyWithLogits(_ call: OperatorCall) throws -> FakeValue {
  let (input, target) = (try call.tensor(0), try call.tensor(1))
  let weight = try call.optionalTensor(2)
  let positiveWeight = try call.optionalTensor(3)
  try call.requireNoGradient(weight, "weight")
  try call.requireNoGradient(positiveWeight, "pos_weight")
  try call.require(input.dtype, isNotIn: .bool)
  var logarithm = input
  if let positiveWeight {
    let shifted = try call.elementwise(positiveWeight)
    logarithm = try call.elementwise(try call.elementwise(shifted, target), input)
  }
  let inverse = try call.elementwise(target)
  var loss = try call.elementwise(try call.elementwise(inverse, input), logarithm)
  if let weight { loss = try call.elementwise(loss, weight) }
  loss = try call.pointwise([loss], dtype: target.dtype)
  return .tensor(try call.reducedLoss(loss, try call.lossReduction(4)))
}

/// `soft_margin_loss(self, target, reduction)`: `log1p(exp(−self · target))`.
@Sendable
private func softMarginLoss(_ call: OperatorCall) throws -> FakeValue {
  try call.requireNoGradient(try call.tensor(1), "target")
  let input = try call.tensor(0)
  try call.require(input.dtype, isNotIn: .bool)
  let product = try call.elementwise(try call.elementwise(input), try call.tensor(1))
  let loss = try call.elementwise(product)
  let reduction = try call.lossReduction(2)
  return .tensor(reduction == .none ? loss : call.newTensor([], like: loss))
}

/// `soft_margin_loss_backward(grad_output, self, target, reduction)`.
@Sendable
private func softMarginLossBackward(_ call: OperatorCall) throws -> FakeValue {
  let (gradient, input, target) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  return .tensor(
    try call.elementwise(try call.elementwise(target, gradient), try call.elementwise(target, input)))
}

/// `l1_loss(self, target, reduction)`: `|self − target|`, real for complex numbers.
@Sendable
private func l1Loss(_ call: OperatorCall) throws -> FakeValue {
  let difference = try call.pointwise(0..<2, refuses: .bool, isFast: true)
  let loss = try call.elementwise(difference, kind: .complexToFloat)
  return .tensor(try call.reducedLoss(loss, try call.lossReduction(2)))
}

/// `kl_div(self, target, reduction, *, log_target)`.
///
/// Source: `kl_div`, `aten/src/ATen/native/Loss.cpp`.
@Sendable
private func klDivergence(_ call: OperatorCall) throws -> FakeValue {
  let (input, target) = (try call.tensor(0), try call.tensor(1))
  let refused: DtypeCategories = [.bool, .integer, .complex]
  for tensor in [input, target] { try call.require(tensor.dtype, isNotIn: refused) }
  let transformed = try call.elementwise(target, kind: .intToFloat)
  let loss = try call.elementwise(transformed, try call.elementwise(target, input))
  return .tensor(try call.reducedLoss(loss, try call.lossReduction(2)))
}

/// `hinge_embedding_loss(self, target, margin, reduction)`.
///
/// Source: `hinge_embedding_loss`, `aten/src/ATen/native/Loss.cpp`.
@Sendable
private func hingeEmbeddingLoss(_ call: OperatorCall) throws -> FakeValue {
  let (input, target) = (try call.tensor(0), try call.tensor(1))
  try call.require(input.dtype, isNotIn: .bool)
  // `margin - self` first fills a tensor like `self`, so integers stay integers.
  let margins = call.emptyLike(input)
  let isTarget = try call.elementwise(target, kind: .alwaysBool)
  let margin = try call.pointwise([isTarget, margins, margins], dtype: input.dtype)
  let own = try call.pointwise([isTarget, input, margins], dtype: input.dtype)
  return .tensor(try call.reducedLoss(try call.elementwise(margin, own), try call.lossReduction(3)))
}

/// `margin_ranking_loss(input1, input2, target, margin, reduction)`.
///
/// Source: `margin_ranking_loss`, `aten/src/ATen/native/Loss.cpp`.
@Sendable
private func marginRankingLoss(_ call: OperatorCall) throws -> FakeValue {
  let (first, second, target) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  try call.require(target.dtype, isNotIn: .bool)
  let loss = try call.elementwise(try call.elementwise(target), try call.elementwise(first, second))
  let shifted = try call.elementwise(loss, kind: .intToFloat)
  return .tensor(try call.reducedLoss(shifted, try call.lossReduction(4)))
}

/// `poisson_nll_loss(input, target, bool log_input, bool full, float eps, int reduction)`.
///
/// Source: `poisson_nll_loss`, `aten/src/ATen/native/Loss.cpp`.
@Sendable
private func poissonLoss(_ call: OperatorCall) throws -> FakeValue {
  let (input, target) = (try call.tensor(0), try call.tensor(1))
  let transformed = try call.elementwise(input, kind: .intToFloat)
  let isLogarithm = try call.bool(2)
  let product = try call.elementwise(target, isLogarithm ? input : transformed)
  var loss = try call.elementwise(isLogarithm ? transformed : input, product)
  if try call.bool(3) {
    let stirling = try call.elementwise(target, kind: .intToFloat)
    let sum = try call.elementwise(loss, stirling)
    try call.requireBroadcast(stirling, to: loss.sizes)
    loss = call.mode.tensor(loss.sizes, strides: loss.strides, dtype: loss.dtype, device: sum.device)
  }
  return .tensor(try call.reducedLoss(loss, try call.lossReduction(5)))
}
