import FX
import OperatorSchemas
import TensorVocabulary

extension ScalarAdapter {
  /// Operators that have an overload with tensors in the place of numbers.
  ///
  /// A number becomes a tensor without dims, of the dtype that promotes as the number would.
  static let numbersAsTensors: [ScalarAdapter] =
    [
      "__and__", "__lshift__", "__or__", "__rshift__", "__xor__", "bitwise_and", "bitwise_or", "bitwise_xor",
      "copysign", "div", "divide", "eq", "fmod", "ge", "greater", "greater_equal", "gt", "le", "less",
      "less_equal",
      "lt", "mul", "multiply", "ne", "not_equal", "remainder",
    ].map { asTensors("\($0).Scalar", "\($0).Tensor") }
    + [
      "chebyshev_polynomial_t", "chebyshev_polynomial_u", "chebyshev_polynomial_v", "chebyshev_polynomial_w",
      "hermite_polynomial_h", "hermite_polynomial_he", "laguerre_polynomial_l", "legendre_polynomial_p",
      "shifted_chebyshev_polynomial_t", "shifted_chebyshev_polynomial_u", "shifted_chebyshev_polynomial_v",
      "shifted_chebyshev_polynomial_w",
    ].flatMap { name in
      ["n_scalar", "x_scalar"].map { asTensors("special_\(name).\($0)", "special_\(name)") }
    }
    + [
      asTensors("bitwise_and.Scalar_Tensor", "bitwise_and.Tensor"),
      asTensors("bitwise_left_shift.Scalar_Tensor", "bitwise_left_shift.Tensor"),
      asTensors("bitwise_left_shift.Tensor_Scalar", "bitwise_left_shift.Tensor"),
      asTensors("bitwise_or.Scalar_Tensor", "bitwise_or.Tensor"),
      asTensors("bitwise_right_shift.Scalar_Tensor", "bitwise_right_shift.Tensor"),
      asTensors("bitwise_right_shift.Tensor_Scalar", "bitwise_right_shift.Tensor"),
      asTensors("bitwise_xor.Scalar_Tensor", "bitwise_xor.Tensor"),
      asTensors("bucketize.Scalar", "bucketize.Tensor"),
      asTensors("clamp", "clamp.Tensor"),
      asTensors("clamp_max", "clamp_max.Tensor"),
      asTensors("clamp_min", "clamp_min.Tensor"),
      asTensors("clip", "clip.Tensor"),
      asTensors("div.Scalar_mode", "div.Tensor_mode"),
      asTensors("divide.Scalar_mode", "divide.Tensor_mode"),
      asTensors("fill.Scalar", "fill.Tensor"),
      asTensors("float_power.Scalar", "float_power.Tensor_Tensor"),
      asTensors("float_power.Tensor_Scalar", "float_power.Tensor_Tensor"),
      asTensors("floor_divide.Scalar", "floor_divide"),
      asTensors("hardtanh", "clamp.Tensor"),
      asTensors("isin.Scalar_Tensor", "isin.Tensor_Tensor"),
      asTensors("isin.Tensor_Scalar", "isin.Tensor_Tensor"),
      asTensors("masked_fill.Scalar", "masked_fill.Tensor"),
      asTensors("pow.Scalar", "pow.Tensor_Tensor"),
      ScalarAdapter("pow.Tensor_Scalar", integerPower),
      asTensors("remainder.Scalar_Tensor", "remainder.Tensor"),
      asTensors("searchsorted.Scalar", "searchsorted.Tensor"),
      asTensors("special_xlog1py.other_scalar", "special_xlog1py"),
      asTensors("special_xlog1py.self_scalar", "special_xlog1py"),
      asTensors("special_xlogy.other_scalar", "special_xlogy"),
      asTensors("special_xlogy.self_scalar", "special_xlogy"),
      asTensors("special_zeta.other_scalar", "special_zeta"),
      asTensors("special_zeta.self_scalar", "special_zeta"),
      asTensors("true_divide.Scalar", "true_divide.Tensor"),
      asTensors("where.Scalar", "where.self"),
      asTensors("where.ScalarOther", "where.self"),
      asTensors("where.ScalarSelf", "where.self"),
      asTensors("xlogy.Scalar_Other", "xlogy.Tensor"),
      asTensors("xlogy.Scalar_Self", "xlogy.Tensor"),
      ScalarAdapter("index_fill.int_Scalar") { (call) throws(LibTorchError) in
        let value = try call.library.tensor(try call.number(3), try call.tensor(0).dtype)
        return try call.call("index_fill.int_Tensor", call[0], call[1], call[2], .value(value))
      },
      ScalarAdapter("lerp.Scalar") { (call) throws(LibTorchError) in
        let weight = try call.library.tensor(try call.number(2), try call.tensor(0).dtype)
        return try call.call("lerp.Tensor", call[0], call[1], .value(weight))
      },
    ]

  /// A row that calls `overload` with the same arguments, numbers being tensors.
  private static func asTensors(_ name: String, _ overload: String) -> ScalarAdapter {
    let callee = "aten::\(overload)"
    return ScalarAdapter(name) { (call) throws(LibTorchError) in
      var arguments = call.arguments
      let tensors = call.called.promoting(arguments)
      for position in call.called.scalarPositions {
        if let number = try call.optionalNumber(position) {
          arguments[position] = .value(try call.dispatcher.wrapped(number, beside: tensors, of: call.called))
        }
      }
      guard case .value(let result) = try call.dispatcher.call(callee, arguments) else {
        throw LibTorchError(.raised("no tensor came back"))
      }
      return result
    }
  }

  /// `pow(self, exponent)`, which refuses negative powers of integers; the overload with tensors does not.
  @Sendable
  private static func integerPower(_ call: AdaptedCall) throws(LibTorchError) -> RealTensor {
    let (base, exponent) = (try call.tensor(0), try call.number(1))
    if case .int(let value) = exponent, value < 0, try base.dtype.isIntegral {
      throw LibTorchError(.raised("Integers to negative integer powers are not allowed."))
    }
    // Squares and roots are what the kernel for numbers computes, too.
    if exponent.equals(2), try base.dtype.isFloatingPoint { return try call.binary("mul.Tensor", base, base) }
    if exponent.equals(0.5), try base.dtype.isFloatingPoint { return try call.call("sqrt", .value(base)) }
    return try call.binary("pow.Tensor_Tensor", base, exponent)
  }
}
