import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Searching for elements, and sampling.
let searching: [OperatorRow] = [
  OperatorRow("bucketize") { .tensor(try bucketize($0)) },
  OperatorRow("isin") { .tensor(try isIn($0)) }.onOneDevice(),
  OperatorRow("multinomial") { .tensor(try multinomial($0)) },
  OperatorRow("searchsorted") { .tensor(try searchSorted($0)) }.onOneDevice(),
]

/// `bucketize(Tensor or Scalar self, Tensor boundaries, *, bool out_int32, bool right) -> Tensor`: the sizes
/// of `self`.
///
/// - Source: `meta_bucketize`, `torch/_meta_registrations.py`.
private func bucketize(_ call: OperatorCall) throws -> FakeTensor {
  let boundaries = try call.tensor(1)
  return try call.newEmpty(boundaries, call[0].tensor?.sizes ?? [], dtype: call.bool(2) ? .int32 : .int64)
}

/// `searchsorted(Tensor sorted, Tensor or Scalar self, *, bool out_int32, bool right, str? side, Tensor?
/// sorter)`: the sizes of `self`.
///
/// - Guards: `Eq` of the compared sizes.
/// - Throws: a refusal unless all sizes except the last equal those of `sorted`, and `sorter` has its sizes.
/// - Source: `meta_searchsorted`, `torch/_meta_registrations.py`.
private func searchSorted(_ call: OperatorCall) throws -> FakeTensor {
  let (sequence, values, sorter) = (try call.tensor(0), call[1].tensor, try call.optionalTensor(5))
  if sequence.rank > 1 {
    try requireSame(
      call, Sizes(sequence.sizes.dropLast()), Sizes((values?.sizes ?? []).dropLast()),
      "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries "
        + "tensor and input value tensor must match")
  }
  if let sorter {
    try requireSame(
      call, sequence.sizes, sorter.sizes, "torch.searchsorted(): boundary and sorter must have the same size")
  }
  let isRight = try call.bool(3)
  if let side = try call.optionalString(4) {
    try call.require(
      side != "left" || !isRight, "torch.searchsorted(): side and right can't be set to opposites")
  }
  return try call.newEmpty(sequence, values?.sizes ?? [], dtype: call.bool(2) ? .int32 : .int64)
}

private func requireSame(_ call: OperatorCall, _ a: Sizes, _ b: Sizes, _ law: String) throws {
  try call.require(a.count == b.count, law)
  for dim in a.indices { try call.require(call.isEqual(a[dim], b[dim]), law) }
}

/// `isin(elements, test_elements, *, bool assume_unique, bool invert) -> Tensor`: bool, with the layout of
/// `elements`.
///
/// - Throws: a refusal if neither is a tensor, and for bool and complex.
/// - Source: `meta_isin`, `torch/_meta_registrations.py`.
private func isIn(_ call: OperatorCall) throws -> FakeTensor {
  let tensors = [call[0].tensor, call[1].tensor].compactMap { $0 }
  guard let any = tensors.first else {
    throw call.refusal("At least one of elements and test_elements must be a Tensor.")
  }
  for tensor in tensors {
    try call.require(
      !tensor.dtype.isBool && !tensor.dtype.isComplex,
      "Unsupported input type encountered for isin(): \(tensor.dtype.name)")
  }
  guard let elements = call[0].tensor else { return try call.newEmpty(any, [], dtype: .bool) }
  return call.emptyLike(elements, dtype: .bool)
}

/// `multinomial(Tensor self, SymInt num_samples, bool replacement, *, Generator?) -> Tensor`: `[samples]` or
/// `[rows, samples]`.
///
/// - Source: `meta_multinomial`, `torch/_meta_registrations.py`.
private func multinomial(_ call: OperatorCall) throws -> FakeTensor {
  let input = try call.tensor(0)
  let samples = try call.symInt(1)
  try call.require(
    input.rank == 1 || input.rank == 2,
    "The probability distributions dimensions must be 1 or 2, but got \(input.rank)")
  return try call.newEmpty(input, input.rank == 1 ? [samples] : [input.sizes[0], samples], dtype: .int64)
}
