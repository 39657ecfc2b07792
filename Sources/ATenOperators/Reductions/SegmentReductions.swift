import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Reductions over segments of a dim.
///
/// Rows are in alphabetical order.
let segmentReductions: [OperatorRow] = [
  OperatorRow("_segment_reduce_backward", segmentReduceBackward),
  OperatorRow("segment_reduce", segmentReduce),
]

/// `segment_reduce(Tensor data, str reduce, *, lengths, indices, offsets, int axis, …) -> Tensor`: the number of
/// lengths, or of offsets minus one, replaces the size at `axis`; contiguous.
///
/// Source: `meta_segment_reduce`, `torch/_meta_registrations.py`.
@Sendable
private func segmentReduce(_ call: OperatorCall) throws -> FakeValue {
  let data = try call.tensor(0)
  try call.require(call.isNone(3), "segment_reduce(): indices based reduction is not supported yet.")
  let axis = try call.int(5)
  let count: SymInt
  if let lengths = try call.optionalTensor(2) {
    count = try axisSize(call, lengths, axis)
  } else if let offsets = try call.optionalTensor(4) {
    count = call.shapes.sub(try axisSize(call, offsets, axis), 1)
    try call.check(call.shapes.ge(count, 0), "Trying to create tensor with negative dimension")
  } else {
    throw call.refusal("segment_reduce(): Either lengths or offsets must be defined.")
  }
  var sizes = data.sizes
  _ = try axisSize(call, data, axis)
  sizes[try call.wrapped(axis, rank: data.rank)] = count
  return .tensor(call.newTensor(sizes, like: data))
}

private func axisSize(_ call: OperatorCall, _ tensor: FakeTensor, _ axis: Int) throws -> SymInt {
  try call.require(tensor.rank > 0, "segment_reduce(): axis \(axis) is out of range")
  return tensor.sizes[try call.wrapped(axis, rank: tensor.rank)]
}

/// `_segment_reduce_backward(grad, output, data, reduce, *, lengths, offsets, axis, initial) -> Tensor`:
/// the sizes of `data`, contiguous.
@Sendable
private func segmentReduceBackward(_ call: OperatorCall) throws -> FakeValue {
  let (gradient, data) = (try call.tensor(0), try call.tensor(2))
  try call.require(
    !call.isNone(4) || !call.isNone(5), "segment_reduce(): Either lengths or offsets must be defined")
  return .tensor(call.newTensor(data.sizes, like: data, dtype: gradient.dtype))
}
