import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Condition numbers of matrices.
let conditionNumbers: [OperatorRow] = [
  OperatorRow("linalg_cond", condition)
]

/// `linalg_cond(self, p)`: one number per matrix.
///
/// - Guards: whether the input is empty.
/// - Source: `linalg_cond`, `aten/src/ATen/native/LinearAlgebra.cpp`.
@Sendable
private func condition(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.matrices.requireMatrix(input, "linalg.cond")
  let result = call.newTensor(call.matrices.batch(input), like: input, dtype: call.matrices.real(input.dtype))
  var needsInverse = false
  switch call[1] {
  case .none: break
  case .string(let name):
    try call.require(name == "fro" || name == "nuc", "linalg.cond: got invalid norm type: \(name)")
    try call.matrices.requireSquare(input, "linalg.cond(ord=\(name))")
    try call.require(
      !input.sizes.contains(where: \.isSymbolic), "Cannot call numel() on tensor with symbolic sizes/strides")
    needsInverse = true
  default:
    let order = abs(try call.double(1))
    try call.require(order == 1 || order == 2 || order == .infinity, "linalg.cond: got invalid norm type")
    needsInverse = order != 2
  }
  if try call.evaluate(call.shapes.eq(call.shapes.geometry.numel(input), 0)) { return .tensor(result) }
  try call.matrices.requireFloating(input, "linalg.cond")
  if needsInverse { try call.matrices.checkSquare(input, "linalg.cond") }
  return .tensor(result)
}
