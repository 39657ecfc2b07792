import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Losses of scores against class indices.
///
/// Rows are in alphabetical order.
let classificationLosses: [OperatorRow] = [
  OperatorRow("_ctc_loss", ctcLoss),
  OperatorRow("_ctc_loss_backward", ctcLossBackward),
  OperatorRow("cross_entropy_loss", crossEntropyLoss),
  OperatorRow("ctc_loss", ctcLoss),
  OperatorRow("nll_loss") { call in .tensor(try call.nllLoss(checksBatch: true).output) },
  OperatorRow("nll_loss2d") { call in .tensor(try call.nllLoss(checksBatch: false).output) },
  OperatorRow("nll_loss2d_backward") { call in .tensor(try call.nllLossBackward(isSpatial: true)) },
  OperatorRow("nll_loss2d_forward") { call in try call.nllLoss(checksBatch: false).value }.onOneDevice(
    .equal),
  OperatorRow("nll_loss_backward") { call in .tensor(try call.nllLossBackward(isSpatial: false)) },
  OperatorRow("nll_loss_forward") { call in try call.nllLoss(checksBatch: true).value }.onOneDevice(.equal),
  OperatorRow("nll_loss_nd") { call in
    .tensor(
      try call.nllLossOfAnyRank(
        try call.tensor(0), try call.tensor(1), try call.optionalTensor(2), try call.lossReduction(3)))
  },
]

/// The loss, and the total weight by which its mean is divided.
struct NLLResults {
  let output: FakeTensor
  let totalWeight: FakeTensor

  var value: FakeValue { .tensors(output, totalWeight) }
}

extension OperatorCall {
  /// The arguments `self, target, weight, reduction` of the schemas.
  fileprivate func nllLoss(checksBatch: Bool) throws -> NLLResults {
    try nllLoss(
      try tensor(0), try tensor(1), try optionalTensor(2), try lossReduction(3), checksBatch: checksBatch)
  }

  /// `−weight[target] · self[target]` of scores `[N, C, …]` or `[C]`: the target's sizes, or reduced.
  ///
  /// - Throws: a refusal if shapes do not fit.
  /// - Guards: `Eq(weight.numel(), C)`; equal batch sizes are asserted.
  /// - Source: `nll_loss_forward`, `_nll_loss_forward`, `torch/_decomp/decompositions.py`.
  func nllLoss(
    _ scores: FakeTensor, _ target: FakeTensor, _ weight: FakeTensor?, _ reduction: LossReduction,
    checksBatch: Bool
  ) throws -> NLLResults {
    try requireNoGradient(weight, "weight")
    if checksBatch { try requireNLLShapes(scores, target, weight) }
    let channel = scores.rank < 2 ? 0 : 1
    var weighted = scores
    if let weight {
      let column = channel == 0 ? weight : try overChannel(weight, rank: scores.rank)
      weighted = try elementwise(scores, column)
    }
    try require(
      target.dtype == .int64 || target.dtype == .int32, "gather(): Expected dtype int32/int64 for index")
    let picked = try picked(weighted, target, dim: channel)
    let isUsed = try elementwise(target, kind: .alwaysBool)
    let masked = try pointwise([isUsed, picked], dtype: weighted.dtype)
    if reduction == .none, scores.rank > 1 {
      return NLLResults(output: masked, totalWeight: newTensor([], like: weighted))
    }
    let total = newTensor([], like: scores, dtype: weight?.dtype ?? scores.dtype)
    if reduction == .none { return NLLResults(output: masked, totalWeight: total) }
    let dtype = reduction == .mean ? commonType([newTensor([], like: masked), total]) : masked.dtype
    return NLLResults(output: newTensor([], like: masked, dtype: dtype), totalWeight: total)
  }

  private func requireNLLShapes(_ scores: FakeTensor, _ target: FakeTensor, _ weight: FakeTensor?) throws {
    try require((1...2).contains(scores.rank), "input tensor should be 1D or 2D, got \(scores.rank)D")
    try require(
      target.rank <= 1, "0D or 1D target tensor expected, multi-target not supported, got \(target.rank)D")
    if scores.rank != 1 || target.rank != 0 {
      try require(target.rank == 1, "size mismatch (got input and target of different batch sizes)")
      try check(
        shapes.eq(scores.sizes[0], target.sizes[0]),
        "size mismatch (got input: \(shapes.shortText(of: scores.sizes)), target: "
          + "\(shapes.shortText(of: target.sizes)))")
    }
    guard let weight, let classes = scores.sizes.last else { return }
    try require(
      try weight.rank == 1 && isEqual(shapes.geometry.numel(weight), classes),
      "weight tensor should be defined either for all \(shapes.text(of: classes)) classes or no classes but got "
        + "weight tensor of shape: \(shapes.shortText(of: weight.sizes))")
  }

  /// `[C]` as `[1, C, 1, …]`.
  private func overChannel(_ weight: FakeTensor, rank: Int) throws -> FakeTensor {
    try require(weight.rank >= 1, "weight must have a dim")
    var sizes = Sizes(repeating: 1, count: rank)
    sizes[1] = weight.sizes[0]
    return try views.view(weight, sizes)
  }

  /// `self.gather(dim, target.unsqueeze(dim)).squeeze(dim)`: the target's sizes, none larger than those of the scores.
  private func picked(_ scores: FakeTensor, _ target: FakeTensor, dim: Int) throws -> FakeTensor {
    try require(
      target.rank + 1 == scores.rank,
      "Index tensor must have the same number of dimensions as input tensor")
    for position in target.sizes.indices {
      let own = scores.sizes[position < dim ? position : position + 1]
      if target.sizes[position] == own { continue }
      try check(
        shapes.le(target.sizes[position], own),
        "Size does not match at dimension \(position) expected index to be no larger than self apart from "
          + "dimension \(dim)")
    }
    return newTensor(target.sizes, like: scores)
  }

  /// `nll_loss_nd`: scores of one, two and four dims as they are, others as `[N, C, 1, …]`.
  ///
  /// - Guards: with three or more than four dims, whether the scores are empty.
  /// - Source: `nll_loss_nd_symint`, `aten/src/ATen/native/LossNLL.cpp`.
  func nllLossOfAnyRank(
    _ scores: FakeTensor, _ target: FakeTensor, _ weight: FakeTensor?, _ reduction: LossReduction
  ) throws -> FakeTensor {
    try require(scores.rank > 0, "Expected 1 or more dimensions")
    if scores.rank != 1 {
      try require(target.rank > 0, "Expected target to have a batch dimension")
      try check(
        shapes.eq(scores.sizes[0], target.sizes[0]),
        "Expected input batch_size (\(shapes.text(of: scores.sizes[0]))) to match target batch_size "
          + "(\(shapes.text(of: target.sizes[0]))).")
    }
    switch scores.rank {
    case 1, 2: return try nllLoss(scores, target, weight, reduction, checksBatch: true).output
    case 4: return try nllLoss(scores, target, weight, reduction, checksBatch: false).output
    default: break
    }
    let (batch, classes) = (scores.sizes[0], scores.sizes[1])
    try require(
      try matrices.areEqual(target.sizes.dropFirst(), scores.sizes.dropFirst(2)),
      "Expected target size \(shapes.shortText(of: Sizes([batch] + scores.sizes.dropFirst(2)))), got "
        + shapes.shortText(of: target.sizes))
    let flat =
      try evaluate(shapes.gt(shapes.geometry.numel(scores), 0))
      ? views.view(contiguous(scores), [batch, classes, 1, -1])
      : views.view(contiguous(scores), [batch, classes, 0, 0])
    let flatTarget =
      try evaluate(shapes.gt(shapes.geometry.numel(target), 0))
      ? views.view(contiguous(target), [batch, 1, -1]) : views.view(contiguous(target), [batch, 0, 0])
    let output = try nllLoss(flat, flatTarget, weight, reduction, checksBatch: false).output
    guard reduction == .none else { return output }
    var sizes = scores.sizes
    sizes.remove(at: 1)
    return try views.view(output, sizes)
  }

  /// The gradient of the scores, zero except at the targets: `[like self]`.
  ///
  /// - Throws: a refusal if shapes do not fit.
  /// - Source: `nll_loss_backward`, `nll_loss2d_backward`, `torch/_decomp/decompositions.py`.
  fileprivate func nllLossBackward(isSpatial: Bool) throws -> FakeTensor {
    let (gradient, scores, target) = (try tensor(0), try tensor(1), try tensor(2))
    let weight = try optionalTensor(3)
    let reduction = try lossReduction(4)
    let total = try tensor(6)
    func law() -> String {
      "size mismatch (got input: \(shapes.shortText(of: scores.sizes)), target: "
        + "\(shapes.shortText(of: target.sizes)))"
    }
    if isSpatial {
      try require(
        scores.rank == 4 && target.rank == 3, "only batches of spatial inputs supported (4D tensors)")
      for (own, other) in [(0, 0), (2, 1), (3, 2)] {
        try require(try isEqual(scores.sizes[own], target.sizes[other]), law())
      }
    } else {
      try require(scores.rank <= 2, "input tensor should be 1D or 2D, got \(scores.rank)D")
      try require(target.rank <= 1, "0D or 1D target tensor expected, multi-target not supported")
      if scores.rank != 1 || target.rank != 0 {
        try require(scores.rank > 0 && target.rank > 0, law())
        try require(try isEqual(scores.sizes[0], target.sizes[0]), law())
      }
    }
    try require(
      try isEqual(shapes.geometry.numel(total), 1), "expected total_weight to be a single element tensor")
    if !isSpatial {
      if let weight, let classes = scores.sizes.last {
        try require(
          try isEqual(shapes.geometry.numel(weight), classes),
          "weight tensor should be defined either for all or no classes")
      }
      if reduction == .none, scores.rank == 2 {
        try require(
          try gradient.rank == 1 && isEqual(gradient.sizes[0], scores.sizes[0]),
          "Expected a tensor of dimension 1 and the size of the batch")
      } else {
        try require(
          try gradient.rank <= 1 && isEqual(shapes.geometry.numel(gradient), 1),
          "Expected a single element grad_output tensor")
      }
    }
    try require(
      target.dtype == .int64 || target.dtype == .int32, "scatter(): Expected dtype int32/int64 for index")
    let channel = scores.rank < 2 ? 0 : 1
    var scale = reduction == .mean ? try elementwise(gradient, total) : gradient
    if scores.rank > scale.rank, scale.rank > 0 { scale = try views.unsqueeze(scale, channel) }
    if let weight, scores.rank > 0 {
      var sizes = Sizes(repeating: 1, count: scores.rank)
      sizes[channel] = weight.rank > 0 ? weight.sizes[0] : 1
      scale = try elementwise(scale, try reshaped(weight, to: sizes))
    }
    var index = target
    if scores.rank == 1, target.rank > 0 { index = newTensor([], like: target) }
    scale = try pointwise([try views.unsqueeze(index, channel), scale], dtype: scale.dtype)
    return try elementwise(newTensor(scores.sizes, like: scores), scale)
  }
}

/// `_ctc_loss` and `ctc_loss`: PyTorch treats the second result's shape as dynamic and creates no symbol for it.
@Sendable
private func ctcLoss(_ call: OperatorCall) throws -> FakeValue { throw call.error(.dynamicOutputShape) }

/// `_ctc_loss_backward(grad, log_probs, …)`: the sizes of `log_probs`, contiguous.
@Sendable
private func ctcLossBackward(_ call: OperatorCall) throws -> FakeValue {
  let probabilities = try call.tensor(1)
  return .tensor(call.newTensor(probabilities.sizes, like: probabilities))
}
