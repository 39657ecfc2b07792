import FX
import TensorVocabulary

extension ScalarAdapter {
  /// Norms, variances and histograms.
  static let reductions: [ScalarAdapter] = [
    ScalarAdapter("dist") { (call) throws(LibTorchError) in
      let difference = try call.sum(try call.tensor(0), try call.tensor(1), .int(1), sign: -1)
      return try call.norm(difference, try call.double(2), .constant(.none), .constant(.bool(false)), nil)
    },
    ScalarAdapter("histc") { (call) throws(LibTorchError) in
      guard let bins = call[1].int else {
        throw LibTorchError(.argument("argument 'bins' is not an integer"))
      }
      return try DeviceFunctions(call.library).histogram(
        try call.tensor(0), bins: bins, min: try call.double(2), max: try call.double(3))
    },
    ScalarAdapter("linalg_vector_norm") { (call) throws(LibTorchError) in
      try call.norm(try call.tensor(0), try call.double(1), call[2], call[3], call.dtype(4))
    },
    ScalarAdapter("norm.Scalar") { (call) throws(LibTorchError) in
      try call.norm(try call.tensor(0), try call.double(1), .constant(.none), .constant(.bool(false)), nil)
    },
    ScalarAdapter("norm.ScalarOpt_dim") { (call) throws(LibTorchError) in
      try call.norm(try call.tensor(0), try call.optionalNumber(1)?.double ?? 2, call[2], call[3], nil)
    },
    ScalarAdapter("norm.ScalarOpt_dim_dtype") { (call) throws(LibTorchError) in
      try call.norm(
        try call.tensor(0), try call.optionalNumber(1)?.double ?? 2, call[2], call[3], call.dtype(4))
    },
    ScalarAdapter("norm.ScalarOpt_dtype") { (call) throws(LibTorchError) in
      try call.norm(
        try call.tensor(0), try call.optionalNumber(1)?.double ?? 2, .constant(.none),
        .constant(.bool(false)),
        call.dtype(2))
    },
    ScalarAdapter("renorm") { (call) throws(LibTorchError) in try call.renormalized() },
    ScalarAdapter("std.correction") { (call) throws(LibTorchError) in
      try call.call("sqrt", .value(try call.variance()))
    },
    ScalarAdapter(results: "std_mean.correction") { (call) throws(LibTorchError) in
      .tuple([.value(try call.call("sqrt", .value(try call.variance()))), .value(try call.mean())])
    },
    ScalarAdapter("var.correction") { (call) throws(LibTorchError) in try call.variance() },
    ScalarAdapter(results: "var_mean.correction") { (call) throws(LibTorchError) in
      .tuple([.value(try call.variance()), .value(try call.mean())])
    },
  ]
}

extension AdaptedCall {
  /// `(sum |x|^order)^(1/order)`, and its limits.
  ///
  /// - Source: `linalg_vector_norm`, `torch/_refs/linalg/__init__.py`, v2.13.
  func norm(
    _ x: RealTensor, _ order: Double, _ dims: PyTree<RealTensor>, _ keep: PyTree<RealTensor>,
    _ dtype: ScalarType?
  ) throws(LibTorchError) -> RealTensor {
    var x = x
    if let dtype { x = try converted(x, dtype) }
    return try widened(x) { (x) throws(LibTorchError) in
      let size = try call("abs", .value(x))
      let all: PyTree<RealTensor> = dims.elements == nil ? .list([]) : dims
      switch order {
      case .infinity: return try call("amax", .value(size), all, keep)
      case -.infinity: return try call("amin", .value(size), all, keep)
      case 0:
        let counted = try converted(try binary("ne.Tensor", size, .int(0)), try size.dtype)
        return try call("sum.dim_IntList", .value(counted), dims, keep)
      case 1: return try call("sum.dim_IntList", .value(size), dims, keep)
      case 2:
        let squares = try binary("mul.Tensor", size, size)
        return try call("sqrt", .value(try call("sum.dim_IntList", .value(squares), dims, keep)))
      default:
        let powers = try binary("pow.Tensor_Tensor", size, .float(order))
        return try binary(
          "pow.Tensor_Tensor", try call("sum.dim_IntList", .value(powers), dims, keep), .float(1 / order))
      }
    }
  }

  /// Rows along `dim` whose norm exceeds `maxnorm`, scaled down to it.
  fileprivate func renormalized() throws(LibTorchError) -> RealTensor {
    let x = try tensor(0)
    let rank = try x.rank
    guard let given = self[2].int, (-rank..<rank).contains(given) else {
      throw LibTorchError(.argument("argument 'dim' is no dim of the tensor"))
    }
    let others = (0..<rank).filter { $0 != (given < 0 ? given + rank : given) }
    let limit = try number(3)
    let norms = try norm(
      x, try double(1), .list(others.map { .constant(.int($0)) }), .constant(.bool(true)), nil)
    let raised = try sum(norms, try library.tensor(.float(1e-7), try norms.dtype), .int(1), sign: 1)
    let factor = try binary("mul.Tensor", try call("reciprocal", .value(raised)), limit)
    let one = try library.tensor(.int(1), try norms.dtype)
    return try binary("mul.Tensor", x, try choose(try binary("gt.Tensor", norms, limit), factor, one))
  }

  /// `var(self, dim, correction, keepdim)`: a correction of 0 or 1 has an overload of its own.
  fileprivate func variance() throws(LibTorchError) -> RealTensor {
    let x = try tensor(0)
    let correction = try optionalNumber(2)?.double ?? 1
    if correction == 0 || correction == 1 {
      return try call("var.dim", self[0], self[1], .constant(.bool(correction == 1)), self[3])
    }
    return try widened(x) { (x) throws(LibTorchError) in
      let biased = try call("var.dim", .value(x), self[1], .constant(.bool(false)), self[3])
      let count = Double(try x.elementCount) / Double(max(1, try biased.elementCount))
      return try mul(biased, .float(count / max(0, count - correction)))
    }
  }

  fileprivate func mean() throws(LibTorchError) -> RealTensor {
    try call("mean.dim", self[0], self[1], self[3])
  }
}
