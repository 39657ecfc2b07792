import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Elementwise operators of two operands, tensors or numbers: the result has their broadcast sizes.
///
/// Rows are in alphabetical order.
let pointwiseBinary: [OperatorRow] = [
  .binary("__and__"),
  OperatorRow("__lshift__", shift),
  .binary("__or__"),
  OperatorRow("__rshift__", shift),
  .binary("__xor__"),
  .binary("_add_relu"),
  OperatorRow("add", inplace: .kernel(.checkedButComplex), add),
  .binary("atan2", .intToFloat),
  .binary("bitwise_and"),
  .binary("bitwise_left_shift"),
  .binary("bitwise_or"),
  .binary("bitwise_right_shift"),
  .binary("bitwise_xor"),
  .binary("clamp_max"),
  .binary("clamp_min"),
  OperatorRow("copysign", inplace: .reference, copysign),
  OperatorRow("div", inplace: .kernel, div),
  OperatorRow("div.Scalar_mode", inplace: .reference, div),
  OperatorRow("div.Tensor_mode", inplace: .reference, div),
  .binary("eq", .alwaysBool),
  OperatorRow("float_power", inplace: .reference, floatPower),
  OperatorRow("floor_divide", inplace: .reference, { call in .tensor(try floorDivided(call)) }),
  .binary("fmax"),
  .binary("fmin"),
  .binary("fmod"),
  .binary("gcd"),
  .binary("ge", .alwaysBool),
  .binary("gt", .alwaysBool),
  OperatorRow("heaviside", inplace: .reference, heaviside),
  .binary("hypot"),
  .binary("igamma", .intToFloat),
  .binary("igammac", .intToFloat),
  OperatorRow("isclose", isclose),
  .binary("lcm", refuses: .bool, endsInArithmetic: true),
  .binary("ldexp", .intToFloat, inplace: .copied, endsInArithmetic: true),
  .binary("le", .alwaysBool),
  .binary("logaddexp", refuses: .bool),
  .binary("logaddexp2", refuses: [.bool, .complex]),
  .logical("logical_and"),
  .logical("logical_or"),
  .logical("logical_xor"),
  .binary("lt", .alwaysBool),
  .binary("max.other"),
  .binary("maximum"),
  .binary("min.other"),
  .binary("minimum"),
  OperatorRow("mul", inplace: .kernel(.unchecked), mul),
  .binary("ne", .alwaysBool),
  OperatorRow.binary("nextafter").onOneDevice(.equal),
  OperatorRow("pow", inplace: .reference, pow),
  .binary("remainder"),
  OperatorRow("rsub", rsub),
  OperatorRow("sub", inplace: .kernel(.checkedButComplex), sub),
  .binary("true_divide", .intToFloat, inplace: .kernel),
  OperatorRow("xlogy", inplace: .reference, timesLogarithm),
]

extension OperatorRow {
  /// A logical operator of two operands; PyTorch's references first compare a non-bool operand with zero.
  fileprivate static func logical(_ name: String) -> OperatorRow {
    OperatorRow(name, inplace: .kernel(.unchecked)) { call in
      let result = try call.pointwise(0..<2, .alwaysBool)
      let operands = [try call.tensor(0), try call.tensor(1)]
      if operands.allSatisfy(\.dtype.isBool) { return .tensor(result) }
      let layers = operands.map { $0.dtype.isBool ? $0 : call.densified($0, to: result.sizes) }
      result.strides = call.shapes.geometry.elementwiseStrides(layers, result.sizes)
      return .tensor(result)
    }
  }
}

/// `__lshift__(Tensor self, Tensor other)`, `__rshift__`: integers only.
///
/// Source: `shift_dtype_check`, `torch/_meta_registrations.py`.
@Sendable
private func shift(_ call: OperatorCall) throws -> FakeValue {
  for position in 0...1 {
    if let tensor = call[position].tensor {
      try call.require(tensor.dtype, isNotIn: [.bool, .float, .complex])
    }
  }
  return .tensor(try call.pointwise(0..<2))
}

/// `heaviside(Tensor self, Tensor values)`: `self` is compared with zero first.
@Sendable
private func heaviside(_ call: OperatorCall) throws -> FakeValue {
  let result = try call.pointwise(0..<2)
  result.strides = call.shapes.geometry.denseStrides(expanding: try call.tensor(0), to: result.sizes)
  return .tensor(result)
}

/// `copysign(Tensor self, Tensor other)`: sizes and layout follow the sign before `self`.
@Sendable
private func copysign(_ call: OperatorCall) throws -> FakeValue {
  let result = try call.pointwise([1, 0], .intToFloat)
  if let sign = call[1].tensor { _ = try signBits(call, call.pointwise([sign], dtype: sign.dtype)) }
  let layers = [call[1].tensor, call[0].tensor].compactMap { $0.map { call.densified($0, to: result.sizes) } }
  result.strides = call.shapes.geometry.elementwiseStrides(layers, result.sizes)
  return .tensor(result)
}

/// `xlogy(Tensor self, Tensor other)`, `special_xlog1py`:
/// `where(isnan(other), nan, where(self == 0, 0, self * log(other)))`.
@Sendable
func timesLogarithm(_ call: OperatorCall) throws -> FakeValue {
  let product = try call.pointwise(0..<2, .intToFloat)
  guard let first = call[0].tensor, let second = call[1].tensor, first.strides != second.strides else {
    return .tensor(product)
  }
  let inner = try call.pointwise([first, product], dtype: product.dtype)
  return .tensor(try call.pointwise([second, inner], dtype: product.dtype))
}

/// `add(Tensor self, Tensor other, *, Scalar alpha=1)`: `alpha` must be of the result's category or a lower one.
///
/// Source: `add`, `_refs/__init__.py`; in place the category is not checked.
@Sendable
private func add(_ call: OperatorCall) throws -> FakeValue {
  let result = try call.pointwise(0..<2, isFast: hasFastForm(call))
  if !call.isInplace, !result.dtype.isBool { try requireFactor(call, result) }
  return .tensor(result)
}

/// `sub(Tensor self, Tensor other, *, Scalar alpha=1)`: two bool operands are refused.
///
/// Source: `sub`, `_refs/__init__.py`; nothing is checked in place or with a number.
@Sendable
private func sub(_ call: OperatorCall) throws -> FakeValue {
  if call.isInplace || call[1].tensor == nil { return .tensor(try call.pointwise(0..<2)) }
  let result = try call.pointwise(0..<2, isFast: hasFastForm(call))
  if !result.dtype.isBool {
    try requireFactor(call, result)
  } else if !isAnsweredFast(call, result) {
    try call.require(result.dtype, isNotIn: .bool)
  }
  return .tensor(result)
}

/// `rsub(Tensor self, Tensor other, *, Scalar alpha=1)`: `other - alpha * self`.
@Sendable
private func rsub(_ call: OperatorCall) throws -> FakeValue {
  let result = try call.pointwise([1, 0], isFast: true)
  if !result.dtype.isBool {
    try requireFactor(call, result)
  } else if call[1].tensor != nil, !isAnsweredFast(call, result) {
    try call.require(result.dtype, isNotIn: .bool)
  }
  return .tensor(result)
}

private func requireFactor(_ call: OperatorCall, _ result: FakeTensor) throws {
  let factor = try call.scalarCategory(2)
  if factor <= result.dtype.category ?? .complex { return }
  try call.require(
    isAnsweredFast(call, result),
    "alpha argument of type \(factor) cannot be safely cast to type \(result.dtype.name)")
}

/// Whether `FakeTensor` answered without the reference, and so without its checks: tensors with symbolic sizes whose
/// layout is obvious.
private func isAnsweredFast(_ call: OperatorCall, _ result: FakeTensor) -> Bool {
  guard hasFastForm(call), let first = call[0].tensor, let second = call[1].tensor else { return false }
  return call.shapes.geometry.obviousStrides([first, second], result.sizes) != nil
}

/// Whether `FakeTensor` computes the layout without the reference: `add`, `sub`, `mul`, `div` of tensors.
private func hasFastForm(_ call: OperatorCall) -> Bool {
  !call.isInplace && !call.isOut && call.schema.name.overload == "Tensor"
}

/// `mul(Tensor self, Tensor other)`.
@Sendable
private func mul(_ call: OperatorCall) throws -> FakeValue {
  .tensor(try call.pointwise(0..<2, isFast: hasFastForm(call)))
}

/// Floor division; for floats, sizes and layout follow the divisor first.
///
/// Source: `_floor_divide_float`, `_floor_divide_integer`, `torch/_refs/__init__.py`.
private func floorDivided(_ call: OperatorCall) throws -> FakeTensor {
  let result = try call.pointwise(0..<2, refuses: [.bool, .complex])
  guard result.dtype.isFloatingPoint, let divisor = call[1].tensor else { return result }
  result.sizes = try call.pointwise([1, 0]).sizes
  let layers = [call.densified(divisor, to: result.sizes), result]
  result.strides = call.shapes.geometry.elementwiseStrides(layers, result.sizes)
  // A quotient of zero has the sign of the true quotient.
  _ = try signBits(call, result)
  return result
}

/// `pow(Tensor self, Tensor exponent)`, and with numbers.
@Sendable
private func pow(_ call: OperatorCall) throws -> FakeValue { .tensor(try power(call, .boolToLong)) }

/// A power: a copy for exponent 1, a product for exponent 2.
private func power(
  _ call: OperatorCall, _ kind: PromotionKind = .common, dtype: ScalarType? = nil
) throws -> FakeTensor {
  // A symbolic exponent is not guarded on: its power is neither a copy nor a product.
  let exponent = call[1].knownDouble
  let result = try call.pointwise(0..<2, kind, dtype: dtype, isFast: exponent == 2)
  if exponent == 1, let base = call[0].tensor { result.strides = call.preservedStrides(base) }
  return result
}

/// `div(Tensor self, Tensor other, *, str? rounding_mode=None)`: a float without a mode; `trunc` and `floor`
/// keep the common dtype, and `floor` refuses bool and complex.
@Sendable
private func div(_ call: OperatorCall) throws -> FakeValue {
  let mode =
    call.schema.arguments.count > 2 && call.schema.arguments[2].name == "rounding_mode"
    ? try call.optionalString(2) : nil
  switch mode {
  case nil: return .tensor(try call.pointwise(0..<2, .intToFloat, isFast: hasFastForm(call)))
  case "trunc": return .tensor(try call.pointwise(0..<2))
  case "floor": return .tensor(try floorDivided(call))
  case let mode?:
    throw call.refusal(
      "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '\(mode)'")
  }
}

/// `isclose(Tensor self, Tensor other, float rtol=1e-05, float atol=1e-08, bool equal_nan=False)`: both have the same
/// dtype, and tolerances are non-negative.
@Sendable
private func isclose(_ call: OperatorCall) throws -> FakeValue {
  let (a, b) = (try call.tensor(0), try call.tensor(1))
  try call.require(
    a.dtype == b.dtype,
    "Attempting to compare tensors of different dtypes \(a.dtype.name) and \(b.dtype.name)!")
  try call.require(try call.double(2) >= 0, "rtol must be greater than or equal to zero")
  try call.require(try call.double(3) >= 0, "atol must be greater than or equal to zero")
  return .tensor(try call.pointwise(0..<2, .alwaysBool))
}

/// `float_power(Tensor self, Tensor exponent)`: computed in float64 or complex128.
///
/// In place, `self` must already have that dtype.
@Sendable
private func floatPower(_ call: OperatorCall) throws -> FakeValue {
  let isComplex = [call[0], call[1]].contains {
    $0.tensor?.dtype.isComplex ?? ($0.scalarCategory == .complex)
  }
  let dtype: ScalarType = isComplex ? .complex128 : .float64
  if call.isInplace {
    let target = try call.tensor(0)
    try call.require(
      target.dtype == dtype,
      "the base given to float_power_ has dtype \(target.dtype.name) but the operation's result requires dtype \(dtype.name)"
    )
  }
  return .tensor(try power(call, dtype: dtype))
}
