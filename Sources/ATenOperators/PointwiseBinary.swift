import FakeTensors
import OperatorSchemas
import TensorVocabulary

/// Elementwise operators of two operands, tensors or numbers: the result has their broadcast sizes.
///
/// Rows are in alphabetical order.
let pointwiseBinary: [OperatorRow] = [
  .binary("__and__"),
  .binary("__lshift__", refuses: [.bool, .float, .complex]),
  .binary("__or__"),
  .binary("__rshift__", refuses: [.bool, .float, .complex]),
  .binary("__xor__"),
  OperatorRow("add", inplaceCast: .checkedButComplex, add),
  .binary("atan2", .intToFloat),
  .binary("bitwise_and"),
  .binary("bitwise_left_shift"),
  .binary("bitwise_or"),
  .binary("bitwise_right_shift"),
  .binary("bitwise_xor"),
  .binary("clamp_max"),
  .binary("clamp_min"),
  .binary("copysign", .intToFloat),
  OperatorRow("div", div),
  .binary("eq", .alwaysBool, inplaceCast: .unchecked),
  OperatorRow("float_power", floatPower),
  .binary("floor_divide", refuses: [.bool, .complex]),
  .binary("fmax"),
  .binary("fmin"),
  .binary("fmod"),
  .binary("gcd"),
  .binary("ge", .alwaysBool, inplaceCast: .unchecked),
  .binary("gt", .alwaysBool, inplaceCast: .unchecked),
  .binary("heaviside"),
  .binary("hypot"),
  .binary("igamma", .intToFloat),
  .binary("igammac", .intToFloat),
  OperatorRow("isclose", isclose),
  .binary("lcm", refuses: .bool),
  .binary("ldexp", .intToFloat, inplaceCast: .unchecked),
  .binary("le", .alwaysBool, inplaceCast: .unchecked),
  .binary("logaddexp", refuses: .bool),
  .binary("logaddexp2", refuses: [.bool, .complex]),
  .binary("logical_and", .alwaysBool, inplaceCast: .unchecked),
  .binary("logical_or", .alwaysBool, inplaceCast: .unchecked),
  .binary("logical_xor", .alwaysBool, inplaceCast: .unchecked),
  .binary("lt", .alwaysBool, inplaceCast: .unchecked),
  .binary("max.other"),
  .binary("maximum"),
  .binary("min.other"),
  .binary("minimum"),
  .binary("mul", inplaceCast: .unchecked),
  .binary("ne", .alwaysBool, inplaceCast: .unchecked),
  .binary("nextafter"),
  .binary("pow", .boolToLong),
  .binary("remainder"),
  OperatorRow("rsub", rsub),
  OperatorRow("sub", inplaceCast: .checkedButComplex, sub),
  .binary("true_divide", .intToFloat),
  .binary("xlogy", .intToFloat),
]

/// `add(Tensor self, Tensor other, *, Scalar alpha=1)`: `alpha` must be of the result's category or a lower one.
///
/// Source: `add`, `_refs/__init__.py`; in place the category is not checked.
@Sendable
private func add(_ call: OperatorCall) throws -> FakeValue {
  let result = try call.pointwise(0..<2)
  if !call.schema.isInplace, !result.dtype.isBool { try requireFactor(call, result.dtype) }
  return .tensor(result)
}

/// `sub(Tensor self, Tensor other, *, Scalar alpha=1)`: two truth values have no difference.
///
/// Source: `sub`, `_refs/__init__.py`; neither in place nor with a number is anything checked.
@Sendable
private func sub(_ call: OperatorCall) throws -> FakeValue {
  if call.schema.isInplace || call[1].tensor == nil { return .tensor(try call.pointwise(0..<2)) }
  let result = try call.pointwise(0..<2, refuses: .bool)
  try requireFactor(call, result.dtype)
  return .tensor(result)
}

/// `rsub(Tensor self, Tensor other, *, Scalar alpha=1)`: `other - alpha * self`.
@Sendable
private func rsub(_ call: OperatorCall) throws -> FakeValue {
  let result = try call.pointwise(0..<2, refuses: call[1].tensor == nil ? [] : .bool)
  if !result.dtype.isBool { try requireFactor(call, result.dtype) }
  return .tensor(result)
}

private func requireFactor(_ call: OperatorCall, _ dtype: ScalarType) throws {
  let factor = try call.scalarCategory(2)
  try call.require(
    factor <= dtype.category ?? .complex,
    "alpha argument of type \(factor) cannot be safely cast to type \(dtype.name)")
}

/// `div(Tensor self, Tensor other, *, str? rounding_mode=None)`: a float without a mode; `trunc` keeps the
/// common dtype, and so does `floor`, which refuses truth values and complex numbers.
@Sendable
private func div(_ call: OperatorCall) throws -> FakeValue {
  switch try call.optionalString(2) {
  case nil: return .tensor(try call.pointwise(0..<2, .intToFloat))
  case "trunc": return .tensor(try call.pointwise(0..<2))
  case "floor": return .tensor(try call.pointwise(0..<2, refuses: [.bool, .complex]))
  case let mode?:
    throw call.refusal("div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '\(mode)'")
  }
}

/// `isclose(Tensor self, Tensor other, float rtol=1e-05, float atol=1e-08, bool equal_nan=False)`: of one dtype,
/// and no negative tolerances.
@Sendable
private func isclose(_ call: OperatorCall) throws -> FakeValue {
  let (a, b) = (try call.tensor(0), try call.tensor(1))
  try call.require(a.dtype == b.dtype, "Attempting to compare tensors of different dtypes \(a.dtype.name) and \(b.dtype.name)!")
  try call.require(try call.double(2) >= 0, "rtol must be greater than or equal to zero")
  try call.require(try call.double(3) >= 0, "atol must be greater than or equal to zero")
  return .tensor(try call.pointwise(0..<2, .alwaysBool))
}

/// `float_power(Tensor self, Tensor exponent)`: in float64, or in complex128.
///
/// In place, `self` must have that dtype already.
@Sendable
private func floatPower(_ call: OperatorCall) throws -> FakeValue {
  let isComplex = [call[0], call[1]].contains { $0.tensor?.dtype.isComplex ?? ($0.scalarCategory == .complex) }
  let dtype: ScalarType = isComplex ? .complex128 : .float64
  if call.schema.isInplace {
    let target = try call.tensor(0)
    try call.require(
      target.dtype == dtype,
      "the base given to float_power_ has dtype \(target.dtype.name) but the operation's result requires dtype \(dtype.name)")
  }
  return .tensor(try call.pointwise(0..<2, dtype: dtype))
}
