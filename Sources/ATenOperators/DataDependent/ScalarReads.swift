import FakeTensors
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Operators that read elements as data-dependent numbers and bools.
let scalarReads: [OperatorRow] = [
  OperatorRow("_local_scalar_dense") { try localScalar($0) },
  OperatorRow("allclose") { throw $0.error(.dataDependentOutput) },
  OperatorRow("equal") { throw $0.error(.dataDependentOutput) },
  OperatorRow("is_nonzero") { .bool(try isNonzero($0)) },
  OperatorRow("item") { try item($0) },
]

/// `item(Tensor self) -> Scalar`: the only element.
///
/// - Throws: a refusal unless there is exactly one element.
/// - Guards: `Eq(numel, 1)` when backed; a runtime assert when unbacked.
/// - Source: `item`, `aten/src/ATen/native/Scalar.cpp`.
func item(_ call: OperatorCall) throws -> FakeValue {
  let numel = call.shapes.geometry.numel(try call.tensor(0))
  try call.check(
    call.shapes.eq(numel, 1),
    "a Tensor with \(call.shapes.text(of: numel)) elements cannot be converted to Scalar: select one element first"
  )
  return try localScalar(call)
}

/// `_local_scalar_dense(Tensor self) -> Scalar`: a known value, or a fresh symbol that the tensor memoizes.
///
/// - Throws: `dataDependentOutput` without a shape environment; a refusal for complex numbers.
/// - Source: `local_scalar_dense`, `torch/_subclasses/fake_impls.py`.
func localScalar(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  if let value = input.constant?.values.first, input.constant?.values.count == 1 { return FakeValue(value) }
  if let known = call.mode.memo(.item, of: input) { return known }
  guard call.mode.allowsDynamicOutputs else { throw call.error(.dataDependentOutput) }
  let value: FakeValue
  if input.dtype.isFloatingPoint {
    value = .symFloat(call.shapes.createUnbackedFloat())
  } else if input.dtype.isIntegral {
    value = .symInt(call.shapes.createUnbackedInt())
  } else if input.dtype.isBool {
    value = .symBool(call.shapes.createUnbackedBool())
  } else {
    throw call.refusal("item() of a tensor of \(input.dtype.name) is not known before the run")
  }
  call.mode.setMemo(.item, of: input, to: value)
  return value
}

/// `is_nonzero(Tensor self) -> bool`: whether the only element differs from zero, which must be known.
///
/// - Source: `is_nonzero`, `aten/src/ATen/native/TensorProperties.cpp`.
private func isNonzero(_ call: OperatorCall) throws -> Bool {
  switch try item(call) {
  case .bool(let value): return value
  case .float(let value): return value != 0
  case .complex(let real, let imaginary): return real != 0 || imaginary != 0
  case .symInt(let value): return try call.evaluate(call.shapes.ne(value, 0))
  case .symBool(let value): return try call.evaluate(value)
  case .symFloat(let value):
    return try call.evaluate(SymBool(call.shapes.arena.ne(value.expression, .zero)))
  default: throw call.refusal("is_nonzero() needs a number")
  }
}

extension FakeValue {
  /// Creates a known number.
  init(_ scalar: Scalar) {
    switch scalar {
    case .int(let value): self = .int(value)
    case .float(let value): self = .float(value)
    case .bool(let value): self = .bool(value)
    case .complex(let real, let imaginary): self = .complex(real, imaginary)
    }
  }
}
