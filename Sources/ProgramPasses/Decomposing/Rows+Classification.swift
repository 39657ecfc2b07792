import FX
import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Classification and distance losses.
///
/// - Source: `torch/_decomp/decompositions.py` and `aten/src/ATen/native/Loss.cpp`, `Distance.cpp`, v2.13.
extension DecompositionTable {
  static let compositeClassification: [String: Row] = [
    "aten.cross_entropy_loss.default": { t, c in
      let (input, target) = (try c.tensor("self"), try c.tensor("target"))
      guard input.rank == 2, target.rank == 1, c["weight"].isNone, c.double("label_smoothing") == 0 else {
        return nil
      }
      let logs = try t.op("aten.log_softmax.int", input, 1)
      return try t.negativeLikelihood(logs, target, c)
    },
    "aten.nll_loss_nd.default": { t, c in
      let (input, target) = (try c.tensor("self"), try c.tensor("target"))
      guard input.rank == 2, c["weight"].isNone else { return nil }
      return try t.negativeLikelihood(input, target, c)
    },
    "aten.log_sigmoid.default": { t, c in .tensor(try t.logSigmoid(try c.tensor("self"))) },
    "aten.pairwise_distance.default": { t, c in
      .tensor(
        try t.pairwise(
          try c.tensor("x1"), try c.tensor("x2"), c["p"], c["eps"], keeps: c.bool("keepdim")))
    },
    "aten.cosine_similarity.default": { t, c in
      let (one, two) = (try c.tensor("x1"), try c.tensor("x2"))
      guard one.sizes == two.sizes, one.dtype == two.dtype else { return nil }
      let norms = try [one, two].map { tensor in
        try t.op(
          "aten.clone.default", try t.op("aten.linalg_vector_norm.default", tensor, 2, [c.dim(tensor)], true))
      }
      let eps = try t.op(
        "aten.scalar_tensor.default", c["eps"], kwargs: ["dtype": one.dtype, "device": one.device])
      let bounded = try norms.map { try t.op("aten.clamp.Tensor", $0, eps) }
      let right = try t.op("aten.div.Tensor", two, bounded[1])
      let left = try t.op("aten.div.Tensor", one, bounded[0])
      return .tensor(
        try t.op("aten.sum.dim_IntList", try t.op("aten.mul.Tensor", left, right), [c.dim(one)]))
    },
    "aten.triplet_margin_loss.default": { t, c in
      guard !c.bool("swap") else { return nil }
      let anchor = try c.tensor("anchor")
      let near = try t.pairwise(anchor, try c.tensor("positive"), c["p"], c["eps"], keeps: false)
      let far = try t.pairwise(anchor, try c.tensor("negative"), c["p"], c["eps"], keeps: false)
      let difference = try t.op("aten.sub.Tensor", try t.op("aten.add.Scalar", near, c["margin"]), far)
      return try t.reduced(try t.op("aten.clamp_min.default", difference, 0), c)
    },
    "aten.margin_ranking_loss.default": { t, c in
      let difference = try t.op("aten.sub.Tensor", try c.tensor("input1"), try c.tensor("input2"))
      let sign = try t.op("aten.neg.default", try c.tensor("target"))
      let shifted = try t.op("aten.add.Scalar", try t.op("aten.mul.Tensor", sign, difference), c["margin"])
      return try t.reduced(try t.op("aten.clamp_min.default", shifted, 0), c)
    },
    "aten.poisson_nll_loss.default": { t, c in
      guard c.bool("log_input"), !c.bool("full") else { return nil }
      let input = try c.tensor("input")
      let product = try t.op("aten.mul.Tensor", try c.tensor("target"), input)
      return try t.reduced(
        try t.op("aten.sub.Tensor", try t.op("aten.exp.default", input), product), c)
    },
  ]

  static let coreEntropies: [String: Row] = [
    "aten.binary_cross_entropy.default": { t, c in
      let (input, target) = (try c.tensor("self"), try c.tensor("target"))
      guard c["weight"].isNone else { return nil }
      let inverse = try t.op("aten.sub.Tensor", target, 1)
      let low = try t.op("aten.log1p.default", try t.op("aten.neg.default", input))
      let first = try t.op(
        "aten.mul.Tensor", inverse, try t.op("aten.maximum.default", low, try t.filled(-100, input)))
      let high = try t.op("aten.log.default", input)
      let second = try t.op(
        "aten.mul.Tensor", target, try t.op("aten.maximum.default", high, try t.filled(-100, input)))
      return try t.reduced(try t.op("aten.sub.Tensor", first, second), c)
    },
    "aten.binary_cross_entropy_with_logits.default": { t, c in
      let (input, target) = (try c.tensor("self"), try c.tensor("target"))
      guard c["weight"].isNone, c["pos_weight"].isNone,
        let inverse = try t.call("aten.sub.Tensor", [1, target]).tensor
      else { return nil }
      let product = try t.op("aten.mul.Tensor", inverse, input)
      return try t.reduced(try t.op("aten.sub.Tensor", product, try t.logSigmoid(input)), c)
    },
  ]
}

extension BoundCall {
  /// The argument `dim`, counted from the front.
  fileprivate func dim(_ tensor: FakeTensor) throws -> Int {
    DecompositionTable.wrap(try int("dim"), tensor.rank)
  }
}

extension Rewriter {
  /// A tensor without dims that holds a number, like another tensor.
  func filled(_ number: any RewriterOperand, _ like: FakeTensor) throws -> FakeTensor {
    try op(
      "aten.full.default", [Int](), number,
      kwargs: ["dtype": like.dtype, "layout": Layout.strided, "device": like.device, "pin_memory": false])
  }

  func logSigmoid(_ input: FakeTensor) throws -> FakeTensor {
    let low = try op("aten.minimum.default", try filled(0, input), input)
    let magnitude = try op("aten.neg.default", try op("aten.abs.default", input))
    return try op(
      "aten.sub.Tensor", low, try op("aten.log1p.default", try op("aten.exp.default", magnitude)))
  }

  /// `where` with a number in the place of the second tensor.
  func select(_ condition: FakeTensor, _ one: FakeTensor, orElse number: FakeValue) throws -> FakeTensor {
    let scalar = try op(
      "aten.scalar_tensor.default", number,
      kwargs: ["dtype": one.dtype, "layout": Layout.strided, "device": one.device])
    return try op("aten.where.self", condition, one, scalar)
  }

  fileprivate func pairwise(
    _ one: FakeTensor, _ two: FakeTensor, _ p: FakeValue, _ eps: FakeValue, keeps: Bool
  ) throws -> FakeTensor {
    let difference = try op("aten.sub.Tensor", one, two)
    return try op(
      "aten.linalg_vector_norm.default", try op("aten.add.Scalar", difference, eps), p, [difference.rank - 1],
      keeps)
  }

  fileprivate func negativeLikelihood(
    _ logs: FakeTensor, _ target: FakeTensor, _ c: BoundCall
  ) throws -> FakeValue? {
    let isCounted = { try op("aten.ne.Scalar", target, c["ignore_index"]) }
    let safe = try select(try isCounted(), target, orElse: .symInt(0))
    let column = try op("aten.gather.default", logs, 1, try op("aten.unsqueeze.default", safe, 1))
    let loss = try op("aten.neg.default", try op("aten.squeeze.dim", column, 1))
    let counted = try select(try isCounted(), loss, orElse: .symInt(0))
    switch try c.int("reduction") {
    case 1:
      let count = try op("aten.sum.default", try isCounted())
      let divisor = try op(
        "aten._to_copy.default", count, kwargs: ["dtype": logs.dtype, "device": logs.device])
      return .tensor(try op("aten.div.Tensor", try op("aten.sum.default", counted), divisor))
    case 2: return .tensor(try op("aten.sum.default", counted))
    default: return .tensor(counted)
    }
  }
}
