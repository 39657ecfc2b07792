import FX
import TensorVocabulary

extension ScalarAdapter {
  /// Gradients of activations, and a loss.
  static let gradients: [ScalarAdapter] = [
    // x > 0 ? grad * scale : grad * inputScale * alpha * scale * exp(x * inputScale)
    ScalarAdapter("elu_backward") { (call) throws(LibTorchError) in
      let (alpha, scale, inputScale) = (try call.double(1), try call.double(2), try call.double(3))
      let x = try call.tensor(5)
      let isNegative = try call.binary("le.Tensor", x, .int(0))
      return try call.widened(try call.tensor(0), x) { (gradient, x) throws(LibTorchError) in
        var curve: RealTensor
        if call[4].isTrue {
          // The result is given: its curve is alpha * scale * (exp(x * inputScale) - 1).
          let offset = try call.library.tensor(.float(alpha * scale), try x.dtype)
          curve = try call.mul(try call.sum(x, offset, .int(1), sign: 1), .float(inputScale))
        } else {
          curve = try call.call("exp", .value(try call.mul(x, .float(inputScale))))
          curve = try call.mul(curve, .float(inputScale * alpha * scale))
        }
        return try call.choose(
          isNegative, try call.binary("mul.Tensor", gradient, curve), try call.mul(gradient, .float(scale)))
      }
    },
    // |x| <= lambda ? 0 : grad
    ScalarAdapter("hardshrink_backward", shrunk),
    // min < x < max ? grad : 0
    ScalarAdapter("hardtanh_backward") { (call) throws(LibTorchError) in
      let x = try call.tensor(1)
      let isLow = try call.binary("le.Tensor", x, try call.number(2))
      let isHigh = try call.binary("ge.Tensor", x, try call.number(3))
      return try call.cleared(try call.tensor(0), where: try call.binary("logical_or", isLow, isHigh))
    },
    // x > 0 ? grad : grad * slope
    ScalarAdapter("leaky_relu_backward") { (call) throws(LibTorchError) in
      let isPositive = try call.binary("gt.Tensor", try call.tensor(1), .int(0))
      return try call.widened(try call.tensor(0)) { (gradient) throws(LibTorchError) in
        try call.choose(isPositive, gradient, try call.mul(gradient, try call.number(2)))
      }
    },
    ScalarAdapter("multi_margin_loss") { (call) throws(LibTorchError) in try call.multiMarginLoss() },
    // x * beta > threshold ? grad : grad * exp(x * beta) / (exp(x * beta) + 1)
    ScalarAdapter("softplus_backward") { (call) throws(LibTorchError) in
      try call.widened(try call.tensor(0), try call.tensor(1)) { (gradient, x) throws(LibTorchError) in
        let scaled = try call.mul(x, try call.number(2))
        let isLinear = try call.binary("gt.Tensor", scaled, try call.number(3))
        let curve = try call.binary("mul.Tensor", gradient, try call.call("sigmoid", .value(scaled)))
        return try call.choose(isLinear, gradient, curve)
      }
    },
    ScalarAdapter("softshrink_backward", shrunk),
    // x <= threshold ? 0 : grad
    ScalarAdapter("threshold_backward") { (call) throws(LibTorchError) in
      let isBelow = try call.binary("le.Tensor", try call.tensor(1), try call.number(2))
      return try call.cleared(try call.tensor(0), where: isBelow)
    },
  ]

  @Sendable
  private static func shrunk(_ call: AdaptedCall) throws(LibTorchError) -> RealTensor {
    let size = try call.call("abs", call[1])
    return try call.cleared(
      try call.tensor(0), where: try call.binary("le.Tensor", size, try call.number(2)))
  }
}

extension AdaptedCall {
  /// What `body` makes of two tensors of one dtype; 16-bit floats are widened for it.
  fileprivate func widened(
    _ a: RealTensor, _ b: RealTensor,
    _ body: (RealTensor, RealTensor) throws(LibTorchError) -> RealTensor
  ) throws(LibTorchError) -> RealTensor {
    try widened(a) { (a) throws(LibTorchError) in try body(a, try converted(b, try a.dtype)) }
  }

  /// `tensor` with zeros where `condition` holds.
  fileprivate func cleared(
    _ tensor: RealTensor, where condition: RealTensor
  ) throws(LibTorchError) -> RealTensor {
    let zero = try library.tensor(.int(0), try tensor.dtype)
    return try call("masked_fill.Tensor", .value(tensor), .value(condition), .value(zero))
  }

  /// `multi_margin_loss(self, target, p, margin, weight, reduction)`:
  /// `sum over j ≠ y of max(0, margin - x[y] + x[j])^p / C`, for each row.
  ///
  /// - Source: `aten/src/ATen/native/LossMultiMargin.cpp`, v2.13.
  fileprivate func multiMarginLoss() throws(LibTorchError) -> RealTensor {
    let given = try tensor(0)
    guard let classes = try given.sizes.last else { throw LibTorchError(.argument("'self' has no dims")) }
    func shape(_ sizes: Int...) -> PyTree<RealTensor> { .list(sizes.map { .constant(.int($0)) }) }
    let one = PyTree<RealTensor>.constant(.int(1))
    let x = try call("reshape", .value(given), shape(-1, classes))
    let target = try call("reshape", self[1], shape(-1, 1))
    let own = try call("gather", .value(x), one, .value(target))
    let margin = try library.tensor(try number(3), try x.dtype)
    let distance = try sum(try sum(x, own, .int(1), sign: -1), margin, .int(1), sign: 1)
    var terms = try binary("clamp_min.Tensor", distance, .int(0))
    if try number(2).equals(2) { terms = try binary("mul.Tensor", terms, terms) }
    if case .value(let weight) = self[4] {
      let flat = try call("reshape", .value(target), shape(-1))
      let factors = try call("index_select", .value(weight), .constant(.int(0)), .value(flat))
      terms = try binary("mul.Tensor", terms, try call("reshape", .value(factors), shape(-1, 1)))
    }
    terms = try call(
      "scatter.src", .value(terms), one, .value(target), .value(try call("zeros_like", .value(own))))
    let rows = try binary(
      "div.Tensor", try call("sum.dim_IntList", .value(terms), .list([one])), .int(classes))
    switch self[5].int {
    case 0: return try given.rank == 1 ? try call("reshape", .value(rows), shape()) : rows
    case 2: return try call("sum", .value(rows))
    default: return try call("mean", .value(rows))
    }
  }
}
