import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Elementwise operators of three operands: the result has their broadcast sizes.
///
/// Rows are in alphabetical order.
let pointwiseTernary: [OperatorRow] = [
  OperatorRow("addcdiv", inplace: .kernel(.unchecked), addcdiv),
  OperatorRow("addcmul", inplace: .kernel(.unchecked)) { call in .tensor(try addedProduct(call)) },
  OperatorRow("clamp", inplace: .reference, clamp),
  OperatorRow("complex", complexFromParts),
  OperatorRow("lerp", lerp),
  OperatorRow("polar", complexFromParts),
  OperatorRow("where.Scalar", whereElements),
  OperatorRow("where.ScalarOther", whereElements),
  OperatorRow("where.ScalarSelf", whereElements),
  OperatorRow("where.self", whereElements),
]

/// `addcdiv(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1)`: integer operands are refused.
///
/// Source: `addcdiv`, `_refs/__init__.py`.
@Sendable
private func addcdiv(_ call: OperatorCall) throws -> FakeValue {
  let (dividend, divisor) = (try call.tensor(1), try call.tensor(2))
  try call.require(
    !(dividend.dtype.isIntegral && divisor.dtype.isIntegral),
    "Integer division with addcdiv is no longer supported")
  return .tensor(try addedProduct(call))
}

/// `addcmul(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1)`: the product is formed first.
private func addedProduct(_ call: OperatorCall) throws -> FakeTensor {
  let result = try call.pointwise(0..<3)
  let (first, factor, other) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  let isKnown = !factor.sizes.contains(where: \.isSymbolic) && !other.sizes.contains(where: \.isSymbolic)
  guard isKnown || factor.sizes == other.sizes else { return result }
  let product = try call.pointwise(1..<3)
  return try call.pointwise([first, product], dtype: result.dtype)
}

/// `clamp(Tensor self, Scalar? min=None, Scalar? max=None)`, and with tensor bounds: at least one is given.
@Sendable
private func clamp(_ call: OperatorCall) throws -> FakeValue {
  try call.require(!(call.isNone(1) && call.isNone(2)), "At least one of 'min' or 'max' must not be None")
  return .tensor(try call.pointwise(0..<3))
}

/// `complex(Tensor real, Tensor imag)`, `polar(Tensor abs, Tensor angle)`: floats, to the corresponding
/// complex dtype.
@Sendable
private func complexFromParts(_ call: OperatorCall) throws -> FakeValue {
  let (first, second) = (try call.tensor(0), try call.tensor(1))
  guard first.dtype.isFloatingPoint, second.dtype.isFloatingPoint,
    let parts = ScalarType.promote(first.dtype, second.dtype), let dtype = call.complexType(of: parts)
  else {
    throw call.refusal(
      "Expected both inputs to be Half, Float or Double tensors but got \(first.dtype.name) and \(second.dtype.name)"
    )
  }
  return .tensor(try call.pointwise([first, second], dtype: dtype))
}

/// `lerp(Tensor self, Tensor end, Tensor weight)`, or with a number as weight: all tensors have the same dtype.
@Sendable
private func lerp(_ call: OperatorCall) throws -> FakeValue {
  let (start, end) = (try call.tensor(0), try call.tensor(1))
  var tensors = [start, end]
  if let weight = call[2].tensor { tensors.append(weight) } else { _ = try call.scalarCategory(2) }
  for (position, tensor) in tensors.enumerated() where position < 2 || tensor.rank > 0 {
    try call.require(
      tensor.dtype == start.dtype,
      "expected dtype \(start.dtype.name) for all tensors but got \(tensor.dtype.name)")
  }
  return .tensor(try call.pointwise(tensors, dtype: start.dtype))
}

/// `where.self(Tensor condition, Tensor self, Tensor other)`, and with numbers: `condition` broadcasts and
/// does not promote.
@Sendable
private func whereElements(_ call: OperatorCall) throws -> FakeValue {
  let condition = try call.tensor(0)
  try call.require(
    condition.dtype.isBool,
    "where expected condition to be a boolean tensor, but got a tensor with dtype \(condition.dtype.name)")
  var promotion = TypePromotion(call.shapes.profile)
  var tensors = [condition]
  for position in 1...2 {
    if let tensor = call[position].tensor {
      promotion.add(tensor)
      tensors.append(tensor)
    } else {
      promotion.add(try call.scalarCategory(position))
    }
  }
  return .tensor(try call.pointwise(tensors, dtype: promotion.result))
}
