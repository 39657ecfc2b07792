import FakeTensors
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Operators that read elements as data-dependent numbers and bools.
let scalarReads: [OperatorRow] = [
  OperatorRow("_local_scalar_dense") { try $0.localScalar($0.tensor(0)) },
  OperatorRow("allclose") { throw $0.error(.dataDependentOutput) },
  OperatorRow("equal") { throw $0.error(.dataDependentOutput) },
  OperatorRow("is_nonzero") { .bool(try isNonzero($0)) },
  OperatorRow("item") { try $0.item($0.tensor(0)) },
]

/// `is_nonzero(Tensor self) -> bool`: whether the only element differs from zero, which must be known.
///
/// - Source: `is_nonzero`, `aten/src/ATen/native/TensorProperties.cpp`.
private func isNonzero(_ call: OperatorCall) throws -> Bool {
  switch try call.item(call.tensor(0)) {
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
