import FX
import TensorVocabulary

extension ScalarAdapter {
  /// Operators of `prims`, in which PyTorch writes its decompositions: each is one of `aten`.
  ///
  /// - Source: `torch/_prims/__init__.py`, v2.13.
  static let primitives: [ScalarAdapter] =
    elementwise.map { name, overload in
      ScalarAdapter(results: "prims::\(name)") { (call) throws(LibTorchError) in
        try call.dispatcher.call("aten::\(overload)", call.arguments)
      }
    }
    + [
      ScalarAdapter("prims::amax") { (call) throws(LibTorchError) in try call.reduced("amax") },
      ScalarAdapter("prims::amin") { (call) throws(LibTorchError) in try call.reduced("amin") },
      // Dim k of the operand is dim d[k] of the result; the others are new.
      ScalarAdapter("prims::broadcast_in_dim") { (call) throws(LibTorchError) in
        var tensor = try call.tensor(0)
        let dims = (call[2].elements ?? []).map(\.int)
        for dim in (call[1].elements ?? []).indices where !dims.contains(dim) {
          tensor = try call.call("unsqueeze", .value(tensor), .constant(.int(dim)))
        }
        return try call.call("expand", .value(tensor), call[1])
      },
      ScalarAdapter("prims::cat") { (call) throws(LibTorchError) in try call.call("cat", call[0], call[1]) },
      ScalarAdapter("prims::clone") { (call) throws(LibTorchError) in try call.call("clone", call[0], call[1])
      },
      ScalarAdapter("prims::convert_element_type") { (call) throws(LibTorchError) in
        try call.call("to.dtype", call[0], call[1], .constant(.bool(false)), .constant(.bool(true)))
      },
      ScalarAdapter("prims::device_put") { (call) throws(LibTorchError) in
        let dtype = try call.tensor(0).dtype
        return try call.call("to.device", call[0], call[1], .constant(.dtype(dtype)))
      },
      ScalarAdapter("prims::full") { (call) throws(LibTorchError) in
        try call.call("full", call[0], call[1], call[2], .constant(.none), call[3])
      },
      ScalarAdapter("prims::full_like") { (call) throws(LibTorchError) in
        try call.call("full_like", call[0], call[1], call[2], .constant(.none), call[3])
      },
      ScalarAdapter("prims::iota") { (call) throws(LibTorchError) in
        guard let count = call[0].int, let start = call[1].int, let step = call[2].int,
          let dtype = call.dtype(3), count >= 0
        else { throw LibTorchError(.argument("a length, a start, a step and a dtype are expected")) }
        let (last, overflows) = count.multipliedReportingOverflow(by: step)
        guard !overflows, !last.addingReportingOverflow(start).overflow else {
          throw LibTorchError(.argument("a number beyond 64 bits"))
        }
        // Bound: every number lies between the start and the end, which fit.
        let made = try call.library.tensor(sizes: [count]) { start + $0 * step }
        return try call.call("to.device", .value(made), call[4], .constant(.dtype(dtype)))
      },
      ScalarAdapter("prims::prod") { (call) throws(LibTorchError) in
        var tensor = try call.given(0, dtype: 2)
        let dims = (call[1].elements ?? []).compactMap(\.int).sorted(by: >)
        for dim in dims { tensor = try call.call("prod.dim_int", .value(tensor), .constant(.int(dim))) }
        return tensor
      },
      ScalarAdapter("prims::reshape") { (call) throws(LibTorchError) in
        try call.call("reshape", call[0], call[1])
      },
      ScalarAdapter("prims::rev") { (call) throws(LibTorchError) in try call.call("flip", call[0], call[1]) },
      ScalarAdapter("prims::scalar_tensor") { (call) throws(LibTorchError) in
        let natural = try call.number(0).defaultType
        return try call.call(
          "scalar_tensor", call[0], .constant(.dtype(call.dtype(1) ?? natural)), .constant(.none), call[2])
      },
      ScalarAdapter("prims::squeeze") { (call) throws(LibTorchError) in
        try call.call("squeeze.dims", call[0], call[1])
      },
      ScalarAdapter("prims::sum") { (call) throws(LibTorchError) in
        try call.reduced("sum.dim_IntList")
      },
      ScalarAdapter("prims::transpose") { (call) throws(LibTorchError) in
        try call.call("permute", call[0], call[1])
      },
      ScalarAdapter("prims::view_of") { (call) throws(LibTorchError) in try call.call("alias", call[0]) },
      ScalarAdapter("prims::where") { (call) throws(LibTorchError) in
        try call.call("where.self", call[0], call[1], call[2])
      },
    ]

  /// Elementwise operators with the same arguments in `aten`.
  private static let elementwise: [(name: String, overload: String)] =
    [
      "abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "bitwise_not", "ceil", "conj_physical", "cos",
      "cosh", "digamma", "erf", "erfc", "exp", "exp2", "expm1", "floor", "fmax", "fmin", "gcd", "hypot",
      "imag", "isfinite", "lgamma", "log", "log10", "log1p", "log2", "maximum", "minimum", "neg", "nextafter",
      "real", "reciprocal", "round", "rsqrt", "sign", "signbit", "sin", "sinh", "sqrt", "tan", "tanh",
      "trunc",
    ].map { ($0, $0) }
    + ["eq", "fmod", "ge", "gt", "le", "lt", "mul", "ne", "remainder"].map { ($0, "\($0).Tensor") }
    + ["bitwise_and", "bitwise_or", "bitwise_xor", "add", "sub"].map { ($0, "\($0).Tensor") }
    + [("atan2", "atan2"), ("erf_inv", "erfinv"), ("pow", "pow.Tensor_Tensor")]
}

extension AdaptedCall {
  /// The reduction of `prims`, which keeps no dims and no other dtype, over the dims that are the second argument.
  fileprivate func reduced(_ name: String) throws(LibTorchError) -> RealTensor {
    let x = try tensor(0)
    let result = try call(name, .value(x), self[1].elements == nil ? .list([]) : self[1])
    if let dtype = dtype(2) { return try converted(result, dtype) }
    return try converted(result, try x.dtype)
  }
}
