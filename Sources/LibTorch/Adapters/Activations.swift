import FX
import TensorVocabulary

extension ScalarAdapter {
  /// Activations with parameters, as compositions.
  static let activations: [ScalarAdapter] = [
    // x > 0 ? x : alpha * (exp(x / alpha) - 1)
    activation("celu") { (call, x) throws(LibTorchError) in
      let alpha = try call.double(1)
      return try call.exponentialUnit(x, alpha: alpha, scale: 1, inputScale: 1 / alpha)
    },
    activation("elu") { (call, x) throws(LibTorchError) in
      try call.exponentialUnit(
        x, alpha: try call.double(1), scale: try call.double(2), inputScale: try call.double(3))
    },
    // |x| <= lambda ? 0 : x
    activation("hardshrink") { (call, x) throws(LibTorchError) in
      let isSmall = try call.binary("le.Tensor", try call.call("abs", .value(x)), try call.number(1))
      return try call.call("masked_fill.Tensor", .value(x), .value(isSmall), .value(try call.like(x, 0)))
    },
    activation("leaky_relu") { (call, x) throws(LibTorchError) in
      let isPositive = try call.binary("gt.Tensor", x, .int(0))
      return try call.choose(isPositive, x, try call.mul(x, try call.number(1)))
    },
    ScalarAdapter("rrelu") { (call) throws(LibTorchError) in
      try call.randomizedSlope(try call.tensor(0), lower: 1, upper: 2, training: 3).result
    },
    ScalarAdapter(results: "rrelu_with_noise_functional") { (call) throws(LibTorchError) in
      let (result, noise) = try call.randomizedSlope(try call.tensor(0), lower: 2, upper: 3, training: 4)
      if let noise { return .tuple([.value(result), .value(noise)]) }
      return .tuple([.value(result), .value(try call.call("clone", call[1]))])
    },
    // x * beta > threshold ? x : log1p(exp(x * beta)) / beta
    activation("softplus") { (call, x) throws(LibTorchError) in
      let beta = try call.number(1)
      let scaled = try call.mul(x, beta)
      let curve = try call.call("log1p", .value(try call.call("exp", .value(scaled))))
      let isLinear = try call.binary("gt.Tensor", scaled, try call.number(2))
      return try call.choose(isLinear, x, beta.equals(1) ? curve : try call.binary("div.Tensor", curve, beta))
    },
    // x > lambda ? x - lambda : x < -lambda ? x + lambda : x * 0
    activation("softshrink") { (call, x) throws(LibTorchError) in
      let lambda = try call.double(1)
      let bound = try call.like(x, lambda)
      let lowered = try call.sum(x, bound, .int(1), sign: -1)
      let raised = try call.sum(x, bound, .int(1), sign: 1)
      let isLow = try call.binary("lt.Tensor", x, .float(-lambda))
      let below = try call.choose(isLow, raised, try call.binary("mul.Tensor", x, .int(0)))
      return try call.choose(try call.binary("gt.Tensor", x, .float(lambda)), lowered, below)
    },
    // x <= threshold ? value : x
    ScalarAdapter("threshold") { (call) throws(LibTorchError) in
      let x = try call.tensor(0)
      let isBelow = try call.binary("le.Tensor", x, try call.number(1))
      let value = try call.library.tensor(try call.number(2), try x.dtype)
      return try call.call("masked_fill.Tensor", .value(x), .value(isBelow), .value(value))
    },
  ]

  private static func activation(
    _ name: String,
    _ body: @escaping @Sendable (AdaptedCall, RealTensor) throws(LibTorchError) -> RealTensor
  ) -> ScalarAdapter {
    ScalarAdapter(name) { (call) throws(LibTorchError) in
      try call.widened(try call.tensor(0)) { (x) throws(LibTorchError) in try body(call, x) }
    }
  }
}

extension AdaptedCall {
  /// `number` as a tensor without dims in the dtype of `x`.
  fileprivate func like(_ x: RealTensor, _ number: Double) throws(LibTorchError) -> RealTensor {
    try library.tensor(.float(number), try x.dtype)
  }

  /// `x < 0 ? scale * alpha * (exp(x * inputScale) - 1) : scale * x`.
  fileprivate func exponentialUnit(
    _ x: RealTensor, alpha: Double, scale: Double, inputScale: Double
  ) throws(LibTorchError) -> RealTensor {
    let curve = try call("expm1", .value(try mul(x, .float(inputScale))))
    let isNegative = try binary("lt.Tensor", x, .int(0))
    return try choose(isNegative, try mul(curve, .float(alpha * scale)), try mul(x, .float(scale)))
  }

  /// `x > 0 ? x : slope * x`, with slopes at random in training and their mean outside; the slopes, 1 where x is positive.
  fileprivate func randomizedSlope(
    _ x: RealTensor, lower: Int, upper: Int, training: Int
  ) throws(LibTorchError) -> (result: RealTensor, noise: RealTensor?) {
    let (low, high) = (try double(lower), try double(upper))
    guard self[training].isTrue else {
      let slope = (low + high) / 2
      let result = try widened(x) { (x) throws(LibTorchError) in
        try choose(try binary("gt.Tensor", x, .int(0)), x, try mul(x, .float(slope)))
      }
      return (result, nil)
    }
    let random = try call(
      "uniform_", .value(try call("empty_like", .value(x))), .constant(.float(low)), .constant(.float(high)))
    let noise = try choose(
      try binary("le.Tensor", x, .int(0)), random, try call("ones_like", .value(x)))
    return (try binary("mul.Tensor", x, noise), noise)
  }
}
