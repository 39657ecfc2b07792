import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Gated linear units: one half of a dim gates the other.
///
/// Rows are in alphabetical order.
let gatedLinearUnits: [OperatorRow] = [
  OperatorRow("glu", glu),
  OperatorRow("glu_backward", gluBackward),
  OperatorRow("glu_jvp", gluTangent),
]

extension OperatorCall {
  fileprivate func requireHalves(_ tensor: FakeTensor, _ dim: Int) throws -> (dim: Int, law: String) {
    try require(tensor.rank > 0, "glu does not support 0-dimensional tensors")
    let dim = try wrapped(dim, rank: tensor.rank)
    return (
      dim,
      "Halving dimension must be even, but dimension \(dim) is size \(shapes.text(of: tensor.sizes[dim]))"
    )
  }
}

/// `glu(Tensor self, int dim) -> Tensor`: the size of `dim` is halved.
///
/// - Throws: a refusal if that size is odd.
/// - Source: `glu`, `torch/_refs/nn/functional`.
@Sendable
private func glu(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let (dim, law) = try call.requireHalves(tensor, try call.int(1))
  try call.check(call.shapes.eq(call.shapes.mod(tensor.sizes[dim], 2), 0), law)
  let halves = try call.aten("tensor_split.sections", .tensor(tensor), .int(2), .int(dim)).elements
  guard let halves, halves.count == 2, let value = halves[0].tensor, let gate = halves[1].tensor else {
    throw call.refusal(law)
  }
  return .tensor(try call.combined([value, gate], dtype: tensor.dtype))
}

/// `glu_backward(Tensor grad_output, Tensor self, int dim) -> Tensor`: the gradients of both halves, joined.
///
/// Source: `glu_backward`, `torch/_decomp/decompositions.py`.
@Sendable
private func gluBackward(_ call: OperatorCall) throws -> FakeValue {
  let (gradient, tensor) = (try call.tensor(0), try call.tensor(1))
  let (dim, law) = try call.requireHalves(tensor, try call.int(2))
  let size = tensor.sizes[dim]
  try call.require(try call.evaluate(call.shapes.eq(call.shapes.mod(size, 2), 0)), law)
  let half = call.shapes.floorDiv(size, 2)
  let value = try call.views.narrow(tensor, dim, 0, half)
  let gate = try call.views.narrow(tensor, dim, half, half)
  let second = try call.elementwise(try call.elementwise(gate, value), gradient)
  let first = try call.elementwise(gate, gradient)
  return .tensor(try call.views.cat([first, second], dim))
}

/// `glu_jvp(Tensor glu, Tensor x, Tensor dx, int dim) -> Tensor`: the sizes of `glu`.
@Sendable
private func gluTangent(_ call: OperatorCall) throws -> FakeValue {
  let value = try call.tensor(0)
  return .tensor(call.newTensor(value.sizes, like: value))
}
