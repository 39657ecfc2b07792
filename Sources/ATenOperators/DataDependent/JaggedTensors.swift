import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// `_jagged_to_padded_dense_forward(Tensor values, Tensor[] offsets, SymInt[] max_lengths, …) -> Tensor`: `[total, …]`
/// and `[B + 1]` offsets to `[B, max_length, …]`.
///
/// - Source: `meta__jagged_to_padded_dense_forward`, `torch/_meta_registrations.py`.
func paddedDense(_ call: OperatorCall) throws -> FakeTensor {
  let (values, offsets, lengths) = (try call.tensor(0), try onlyOffsets(call), try call.symInts(2))
  try call.require(
    lengths.count == 1, "Only one jagged dim is supported, got \(lengths.count) max_lengths")
  try call.require(values.rank > 0, "values must have a dim")
  var sizes: Sizes = [call.shapes.sub(try call.size(offsets, 0), 1), lengths[0]]
  for size in values.sizes.dropFirst() { sizes.append(size) }
  return try call.newEmpty(values, sizes)
}

/// `_padded_dense_to_jagged_forward(Tensor dense, Tensor[] offsets, SymInt? total_L) -> Tensor`: `[B, L, …]` to
/// `[total_L, …]`, otherwise `[u, …]`, `0 ≤ u ≤ numel`.
///
/// - Throws: `dynamicOutputShape` if no fresh symbols are allowed.
/// - Source: `_padded_dense_to_jagged_forward`, `torch/_subclasses/fake_impls.py`.
func jagged(_ call: OperatorCall) throws -> FakeTensor {
  let dense = try call.tensor(0)
  _ = try onlyOffsets(call)
  try call.require(dense.rank >= 2, "the padded tensor must have two dims")
  let limit = call.shapes.geometry.numel(dense).constant ?? Int.max - 1
  var sizes: Sizes = [try call.optionalSymInt(2) ?? call.freshSize(limit: limit)]
  for size in dense.sizes.dropFirst(2) { sizes.append(size) }
  return try call.newEmpty(dense, sizes)
}

private func onlyOffsets(_ call: OperatorCall) throws -> FakeTensor {
  let offsets = try call.tensors(1)
  guard let first = offsets.first, offsets.count == 1 else {
    throw call.refusal("Only one jagged dim is supported, got \(offsets.count) offsets")
  }
  return first
}
