import FX
import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Losses, reductions and tensors of one value.
///
/// - Source: `torch/_decomp/decompositions.py` and `aten/src/ATen/native/Loss.cpp`, v2.13.
extension DecompositionTable {
  static let compositeLosses: [String: Row] = [
    "aten.l1_loss.default": { t, c in
      let difference = try t.op("aten.sub.Tensor", try c.tensor("self"), try c.tensor("target"))
      return try t.reduced(try t.op("aten.abs.default", difference), c)
    },
    "aten.kl_div.default": { t, c in
      let (input, target) = (try c.tensor("self"), try c.tensor("target"))
      if c.bool("log_target") {
        let difference = try t.op("aten.sub.Tensor", target, input)
        return try t.reduced(
          try t.op("aten.mul.Tensor", try t.op("aten.exp.default", target), difference), c)
      }
      let product = try t.op("aten.mul.Tensor", target, input)
      let entropy = try t.op("aten.xlogy.Tensor", target, target)
      return try t.reduced(try t.op("aten.sub.Tensor", entropy, product), c)
    },
  ]

  static let coreLosses: [String: Row] = [
    "aten.mse_loss.default": { t, c in
      let difference = try t.op("aten.sub.Tensor", try c.tensor("self"), try c.tensor("target"))
      return try t.reduced(try t.op("aten.pow.Tensor_Scalar", difference, 2), c)
    },
    "aten.smooth_l1_loss.default": { t, c in
      guard let beta = c.double("beta"), beta != 0 else { return nil }
      let distance = try t.distance(c)
      let isNear = try t.op("aten.lt.Scalar", distance, beta)
      let square = try t.op("aten.pow.Tensor_Scalar", distance, 2)
      let near = try t.op("aten.div.Tensor", try t.op("aten.mul.Tensor", square, 0.5), beta)
      let far = try t.op("aten.sub.Tensor", distance, 0.5 * beta)
      return try t.reduced(try t.op("aten.where.self", isNear, near, far), c)
    },
    "aten.huber_loss.default": { t, c in
      guard let delta = c.double("delta") else { return nil }
      let distance = try t.distance(c)
      let isNear = try t.op("aten.lt.Scalar", distance, delta)
      let near = try t.op("aten.mul.Tensor", try t.op("aten.mul.Tensor", distance, 0.5), distance)
      let far = try t.op("aten.mul.Tensor", try t.op("aten.sub.Tensor", distance, 0.5 * delta), delta)
      return try t.reduced(try t.op("aten.where.self", isNear, near, far), c)
    },
    "aten.xlogy.Tensor": { t, c in
      let (factor, other) = (try c.tensor("self"), try c.tensor("other"))
      let isZero = try t.op("aten.eq.Scalar", factor, 0)
      let product = try t.op("aten.mul.Tensor", factor, try t.op("aten.log.default", other))
      let finite = try t.select(isZero, .symInt(0), product)
      return .tensor(try t.select(try t.op("aten.isnan.default", other), .float(.nan), finite))
    },
  ]

  static let coreReductions: [String: Row] = [
    "aten.sum.default": { t, c in
      .tensor(try t.op("aten.sum.dim_IntList", try c.tensor("self"), [Int](), kwargs: ["dtype": c["dtype"]]))
    },
    "aten.logsumexp.default": { t, c in
      let (input, keeps) = (try c.tensor("self"), c.bool("keepdim"))
      let highest = try t.op("aten.amax.default", input, c["dim"], true)
      let isInfinite = try t.op("aten.eq.Scalar", try t.op("aten.abs.default", highest), Double.infinity)
      let shift = try t.select(isInfinite, .float(0), highest)
      let flat = keeps ? shift : try t.op("aten.squeeze.dims", shift, c["dim"])
      let powers = try t.op("aten.exp.default", try t.op("aten.sub.Tensor", input, shift))
      let sum = try t.op("aten.sum.dim_IntList", powers, c["dim"], keeps)
      return .tensor(try t.op("aten.add.Tensor", try t.op("aten.log.default", sum), flat))
    },
  ]

  static let coreFactories: [String: Row] = {
    var table: [String: Row] = [:]
    for (name, number) in [("zeros", 0), ("ones", 1)] {
      table["aten.\(name)_like.default"] = { t, c in
        let format = c["memory_format"].isNone ? .memoryFormat(.preserve) : c["memory_format"]
        return .tensor(
          try t.op(
            "aten.full_like.default", try c.tensor("self"), number,
            kwargs: [
              "dtype": c["dtype"], "layout": c["layout"], "device": c["device"], "pin_memory": false,
              "memory_format": format,
            ]))
      }
      table["aten.\(name).default"] = { t, c in
        .tensor(
          try t.op(
            "aten.full.default", c["size"], number,
            kwargs: [
              "dtype": c.dtype("dtype") ?? .float32, "layout": Layout.strided,
              "device": c["device"].isNone ? .device(.cpu) : c["device"], "pin_memory": false,
            ]))
      }
    }
    return table
  }()
}

extension Rewriter {
  fileprivate func distance(_ c: BoundCall) throws -> FakeTensor {
    try op("aten.abs.default", try op("aten.sub.Tensor", try c.tensor("self"), try c.tensor("target")))
  }

  /// The mean or the sum of a loss, or the loss of each element.
  func reduced(_ loss: FakeTensor, _ c: BoundCall) throws -> FakeValue? {
    switch try c.int("reduction") {
    case 1: .tensor(try op("aten.mean.default", loss))
    case 2: .tensor(try op("aten.sum.default", loss))
    default: .tensor(loss)
    }
  }
}
