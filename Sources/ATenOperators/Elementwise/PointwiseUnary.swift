import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Elementwise operators of one tensor: the result has the input's sizes.
///
/// A row names the operator, how the result's dtype is chosen and the dtypes it refuses. Rows are in
/// alphabetical order.
let pointwiseUnary: [OperatorRow] = [
  OperatorRow("abs", inplace: .reference, abs),
  .unary("acos", .intToFloat),
  .unary("acosh", .intToFloat),
  .unary("asin", .intToFloat),
  .unary("asinh", .intToFloat),
  .unary("atan", .intToFloat),
  .unary("atanh", .intToFloat),
  .unary("bitwise_not"),
  .unary("ceil"),
  .unary("cos", .intToFloat),
  .unary("cosh", .intToFloat),
  .unary("deg2rad", .intToFloat, refuses: .complex, endsInArithmetic: true),
  .unary("digamma", .intToFloat),
  .unary("erf", .intToFloat),
  .unary("erfc", .intToFloat),
  .unary("erfinv", .intToFloat),
  .unary("exp", .intToFloat),
  .unary("exp2", .intToFloat),
  .unary("expm1", .intToFloat),
  .unary("floor"),
  .unary("frac", refuses: .bool, endsInArithmetic: true),
  OperatorRow("frexp", frexp),
  .unary("i0", .intToFloat),
  .unary("isfinite", .alwaysBool, asking: .onesAndLayout),
  .unary("isinf", .alwaysBool, asking: .ones),
  .unary("isnan", .alwaysBool),
  .unary("isneginf", .alwaysBool, refuses: .complex, asking: .ones),
  .unary("isposinf", .alwaysBool, refuses: .complex, asking: .ones),
  .unary("isreal", .alwaysBool),
  .unary("lgamma", .intToFloat),
  .unary("log", .intToFloat),
  .unary("log10", .intToFloat),
  .unary("log1p", .intToFloat),
  .unary("log2", .intToFloat),
  OperatorRow("logical_not", inplace: .kernel(.unchecked)) { .tensor(try $0.negated($0.tensor(0))) },
  .unary("logit", .intToFloat, inplace: .copied, endsInArithmetic: true),
  OperatorRow("mvlgamma", inplace: .reference, mvlgamma),
  OperatorRow("nan_to_num", inplace: .reference, nanToNum),
  .unary("neg", refuses: .bool),
  OperatorRow("polygamma", inplace: .reference, polygamma),
  OperatorRow("positive", positive),
  .unary("rad2deg", .intToFloat, refuses: .complex, endsInArithmetic: true),
  .unary("reciprocal", .intToFloat),
  .unary("round", asking: .ones),
  .unary("rsqrt", .intToFloat),
  .unary("sgn"),
  .unary("sigmoid", .intToFloat),
  .unary("sign"),
  OperatorRow("signbit", inplace: .reference) { .tensor(try signBits($0, $0.pointwise(0..<1))) },
  .unary("sin", .intToFloat),
  .unary("sinc", .intToFloat, endsInArithmetic: true),
  .unary("sinh", .intToFloat),
  .unary("sqrt", .intToFloat),
  .unary("square", .boolToLong, endsInArithmetic: true),
  .unary("tan", .intToFloat),
  .unary("tanh", .intToFloat),
  .unary("trunc"),
]

extension OperatorCall {
  /// `logical_not(Tensor self)`: values that are no truth values are compared with 0.
  func negated(_ tensor: FakeTensor) throws -> FakeTensor {
    try pointwise(
      [tensor], dtype: .bool, computing: tensor.dtype.computationType,
      asking: tensor.dtype.isBool ? .none : .ones)
  }
}

/// `signbit(Tensor self)` of a dense tensor: the kernel's result is converted to bool.
func signBits(_ call: OperatorCall, _ values: FakeTensor) throws -> FakeTensor {
  values.dtype.isBool ? values : try call.convertedCopy(values, .bool, nil, nil)
}

/// `abs(Tensor self)`: the magnitude of a complex number is real, so there is no in-place form for complex
/// tensors.
@Sendable
private func abs(_ call: OperatorCall) throws -> FakeValue {
  .tensor(try call.pointwise(0..<1, .complexToFloat, refuses: call.isInplace ? .complex : []))
}

/// `nan_to_num(Tensor self, float? nan=None, float? posinf=None, float? neginf=None)`.
///
/// Source: `_refs.nan_to_num`; `nan_to_num_` refuses complex numbers.
@Sendable
private func nanToNum(_ call: OperatorCall) throws -> FakeValue {
  .tensor(try call.pointwise(0..<1, refuses: call.isInplace ? .complex : []))
}

/// `positive(Tensor(a) self) -> Tensor(a)`: returns `self`.
@Sendable
private func positive(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.require(input.dtype, isNotIn: .bool)
  return .tensor(input)
}

/// `frexp(Tensor self) -> (Tensor mantissa, Tensor exponent)`: the exponent is int32.
@Sendable
private func frexp(_ call: OperatorCall) throws -> FakeValue {
  let mantissa = try call.pointwise(0..<1, refuses: [.bool, .integer, .complex])
  return .tuple([.tensor(mantissa), .tensor(try call.pointwise(0..<1, dtype: .int32))])
}

/// `polygamma(int n, Tensor self)`, in place `polygamma_(Tensor self, int n)`: `n ≥ 0`.
@Sendable
private func polygamma(_ call: OperatorCall) throws -> FakeValue {
  let (order, operand) = call.isInplace ? (1, 0) : (0, 1)
  try call.require(try call.int(order) >= 0, "polygamma(n, x) does not support negative n.")
  return .tensor(try call.pointwise(operand..<operand + 1, .intToFloat))
}

/// `mvlgamma(Tensor self, int p)`: `p ≥ 0`; a sum, so it is contiguous.
@Sendable
private func mvlgamma(_ call: OperatorCall) throws -> FakeValue {
  try call.require(try call.int(1) >= 0, "p has to be greater than or equal to 1")
  let result = try call.pointwise(0..<1, .intToFloat)
  result.strides = call.shapes.geometry.contiguousStrides(result.sizes)
  return .tensor(result)
}
