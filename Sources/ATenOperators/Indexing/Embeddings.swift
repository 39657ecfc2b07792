import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Lookup of rows in a table.
let embeddings: [OperatorRow] = [
  OperatorRow("embedding") { .tensor(try embedding($0)) }.onOneDevice(),
  OperatorRow("embedding_backward") { call in .tensor(try embeddingBackward(call)) },
  OperatorRow("embedding_dense_backward") { call in .tensor(try embeddingBackward(call)) }.onOneDevice(),
  OperatorRow("embedding_renorm") { call in .tensor(call.emptyLike(try renormed(call))) },
  OperatorRow("embedding_renorm_") { call in
    let weight = try renormed(call)
    call.mode.noteMutation(of: weight)
    return .tensor(weight)
  },
]

/// `embedding(Tensor weight, Tensor indices, …) -> Tensor`: `[rows, features]`, `[…] → […, features]`.
///
/// - Throws: a refusal unless `weight` is a matrix and the indices are int32 or int64.
/// - Source: `embedding`, `torch/_meta_registrations.py`.
private func embedding(_ call: OperatorCall) throws -> FakeTensor {
  let (weight, indices) = (try call.tensor(0), try call.tensor(1))
  try call.require(weight.rank == 2, "'weight' must be 2-D, got \(weight.rank)-D")
  try call.require(
    indices.dtype == .int64 || indices.dtype == .int32,
    "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got "
      + "\(indices.dtype.name) instead")
  var sizes = indices.sizes
  sizes.append(weight.sizes[1])
  return call.newTensor(sizes, like: weight)
}

/// `embedding_dense_backward(Tensor grad, Tensor indices, SymInt num_weights, …) -> Tensor`: `[num_weights,
/// features]`.
private func embeddingBackward(_ call: OperatorCall) throws -> FakeTensor {
  let grad = try call.tensor(0)
  guard let features = grad.sizes.last else { throw call.refusal("grad_output must have at least one dim") }
  return try call.newEmpty(grad, [call.symInt(2), features])
}

/// `embedding_renorm_(Tensor(a!) self, Tensor indices, float max_norm, float norm_type) -> Tensor(a!)`.
///
/// - Source: `embedding_renorm_cpu_`, `aten/src/ATen/native/Embedding.cpp`.
private func renormed(_ call: OperatorCall) throws -> FakeTensor {
  let (weight, indices) = (try call.tensor(0), try call.tensor(1))
  try call.require(
    weight.rank == 2, "Expected 2-dimensional tensor, but got \(weight.rank)-dimensional tensor for 'self'")
  try call.require(
    indices.dtype == .int64 || indices.dtype == .int32, "Expected 'indices' to be of type Long or Int")
  return weight
}
