import FX
import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Activations and other pointwise functions.
///
/// - Source: `torch/_decomp/decompositions.py` and `torch/_refs/nn/functional/__init__.py`, v2.13.
extension DecompositionTable {
  static let compositeActivations: [String: Row] = [
    "aten.relu6.default": { t, c in .tensor(try t.op("aten.hardtanh.default", try c.tensor("self"), 0, 6)) },
    "aten.selu.default": { t, c in
      .tensor(try t.op("aten.elu.default", try c.tensor("self"), 1.6732632423543772, 1.0507009873554805))
    },
    "aten.softmax.int": { t, c in try t.softmax("aten._softmax.default", c) },
    "aten.log_softmax.int": { t, c in try t.softmax("aten._log_softmax.default", c) },
    "aten.square.default": { t, c in .tensor(try t.op("aten.pow.Tensor_Scalar", try c.tensor("self"), 2)) },
    "aten.one_hot.default": { t, c in try t.oneHot(c) },
  ]

  static let coreActivations: [String: Row] = [
    "aten.silu.default": { t, c in
      try t.inFullPrecision(try c.tensor("self")) { x in
        try t.op("aten.mul.Tensor", x, try t.op("aten.sigmoid.default", x))
      }
    },
    "aten.hardswish.default": { t, c in
      try t.inFullPrecision(try c.tensor("self")) { x in
        try t.op("aten.div.Tensor", try t.op("aten.mul.Tensor", x, try t.sixes(x)), 6)
      }
    },
    "aten.hardsigmoid.default": { t, c in
      try t.inFullPrecision(try c.tensor("self")) { x in try t.op("aten.div.Tensor", try t.sixes(x), 6) }
    },
    "aten.softplus.default": { t, c in
      let input = try c.tensor("self")
      guard let beta = c.double("beta") else { return nil }
      let scaled = beta == 1 ? input : try t.op("aten.mul.Tensor", input, c["beta"])
      var soft = try t.op("aten.log1p.default", try t.op("aten.exp.default", scaled))
      if beta != 1 { soft = try t.op("aten.div.Tensor", soft, c["beta"]) }
      return .tensor(
        try t.op("aten.where.self", try t.op("aten.gt.Scalar", scaled, c["threshold"]), input, soft))
    },
    "aten.threshold.default": { t, c in
      let input = try c.tensor("self")
      let isLow = try t.op("aten.le.Scalar", input, c["threshold"])
      return .tensor(try t.select(isLow, c["value"], input))
    },
    "aten.nan_to_num.default": { t, c in
      let input = try c.tensor("self")
      let highest: Double
      switch input.dtype {
      case .float32: highest = Double(Float.greatestFiniteMagnitude)
      case .float64: highest = .greatestFiniteMagnitude
      default: return nil
      }
      let number = { (name: String, other: Double) in c[name].isNone ? .float(other) : c[name] }
      var result = try t.select(try t.op("aten.isnan.default", input), number("nan", 0), input)
      let isLow = try t.op("aten.eq.Scalar", input, -Double.infinity)
      result = try t.select(isLow, number("neginf", -highest), result)
      let isHigh = try t.op("aten.eq.Scalar", input, Double.infinity)
      return .tensor(try t.select(isHigh, number("posinf", highest), result))
    },
    "aten.masked_fill.Scalar": { t, c in
      .tensor(try t.select(try c.tensor("mask"), c["value"], try c.tensor("self")))
    },
    "aten.clamp_min.default": { t, c in
      .tensor(try t.op("aten.clamp.default", try c.tensor("self"), c["min"]))
    },
    "aten.clamp_max.default": { t, c in
      .tensor(try t.op("aten.clamp.default", try c.tensor("self"), nil, c["max"]))
    },
    "aten.rsub.Scalar": { t, c in
      guard c.double("alpha") == 1 else { return nil }
      return try t.call("aten.sub.Tensor", [c["other"], try c.tensor("self")])
    },
    "aten.addcmul.default": { t, c in
      let scaled = try t.op("aten.mul.Tensor", try c.tensor("tensor1"), c["value"])
      let product = try t.op("aten.mul.Tensor", scaled, try c.tensor("tensor2"))
      return .tensor(try t.op("aten.add.Tensor", try c.tensor("self"), product))
    },
    "aten.addcdiv.default": { t, c in
      let scaled = try t.op("aten.mul.Tensor", try c.tensor("tensor1"), c["value"])
      let ratio = try t.op("aten.div.Tensor", scaled, try c.tensor("tensor2"))
      return .tensor(try t.op("aten.add.Tensor", try c.tensor("self"), ratio))
    },
  ]
}

extension Rewriter {
  /// Computes in `float32` if the input is a lower-precision float.
  fileprivate func inFullPrecision(
    _ input: FakeTensor, _ body: (FakeTensor) throws -> FakeTensor
  ) throws -> FakeValue? {
    guard input.dtype == .float16 || input.dtype == .bfloat16 else { return .tensor(try body(input)) }
    let wide = try op("aten._to_copy.default", input, kwargs: ["dtype": ScalarType.float32])
    return .tensor(try op("aten._to_copy.default", try body(wide), kwargs: ["dtype": input.dtype]))
  }

  /// `clamp(x + 3, 0, 6)`.
  fileprivate func sixes(_ input: FakeTensor) throws -> FakeTensor {
    let low = try op("aten.clamp.default", try op("aten.add.Tensor", input, 3), 0)
    return try op("aten.clamp.default", low, nil, 6)
  }

  /// `where` with a number in place of the first tensor.
  func select(_ condition: FakeTensor, _ number: FakeValue, _ other: FakeTensor) throws -> FakeTensor {
    let scalar = try op(
      "aten.scalar_tensor.default", number,
      kwargs: ["dtype": other.dtype, "layout": Layout.strided, "device": other.device])
    return try op("aten.where.self", condition, scalar, other)
  }

  fileprivate func softmax(_ name: String, _ c: BoundCall) throws -> FakeValue? {
    var input = try c.tensor("self")
    if let dtype = c.dtype("dtype"), dtype != input.dtype {
      input = try op(
        "aten._to_copy.default", input,
        kwargs: ["dtype": dtype, "layout": Layout.strided, "device": input.device])
    }
    return .tensor(try op(name, input, c["dim"], false))
  }

  fileprivate func oneHot(_ c: BoundCall) throws -> FakeValue? {
    let (input, count) = (try c.tensor("self"), try c.int("num_classes"))
    guard count > 0 else { return nil }
    for (comparison, bound, message) in [
      ("aten.ge.Scalar", 0, "one_hot: Class values must be non-negative."),
      ("aten.lt.Scalar", count, "one_hot: Class values must be smaller than num_classes."),
    ] {
      let holds = try op(comparison, input, bound)
      let fails = try op("aten.any.dims", try op("aten.logical_not.default", holds))
      _ = try call("aten._assert_async.msg", [try op("aten.logical_not.default", fails), message])
    }
    let column = try op("aten.unsqueeze.default", input, -1)
    let classes = try op(
      "aten.arange.start_step", 0, count,
      kwargs: ["dtype": input.dtype, "layout": Layout.strided, "device": input.device, "pin_memory": false])
    let hits = try op("aten.eq.Tensor", column, classes)
    return .tensor(try op("aten._to_copy.default", hits, kwargs: ["dtype": ScalarType.int64]))
  }
}
