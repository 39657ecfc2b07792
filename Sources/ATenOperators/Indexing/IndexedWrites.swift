import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Writing at indices: the result is the first argument with some elements replaced.
let indexedWrites: [OperatorRow] = [
  OperatorRow("_index_put_impl") { .tensor(try indexPut($0)) },
  OperatorRow("_unsafe_index_put") { call in .tensor(call.emptyLike(try call.tensor(0))) },
  OperatorRow("_unsafe_masked_index_put_accumulate") { .tensor(try maskedIndexPutAccumulate($0)) },
  OperatorRow("index_add") { .tensor(try indexAdd($0)) }.onOneDevice(.equal),
  OperatorRow("index_copy") { .tensor(try indexCopy($0)) }.onOneDevice(.equal),
  OperatorRow("index_fill") { .tensor(try indexFill($0)) }.onOneDevice(),
  OperatorRow("index_put") { .tensor(try indexPut($0)) },
  OperatorRow("index_reduce") { call in
    let input = try call.tensor(0)
    return .tensor(call.mode.tensor(input.sizes, dtype: input.dtype, device: input.device))
  }.onOneDevice(),
  OperatorRow("put", inplace: .kernel) { call in
    let input = try call.tensor(0)
    return .tensor(call.isWrittenInPlace ? call.newTensor(input.sizes, like: input) : try call.clone(input))
  }.onOneDevice(),
]

/// `index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate) -> Tensor`: the layout of
/// `self`.
///
/// PyTorch does not check the indices or that `values` broadcasts.
///
/// - Source: `meta_index_put`, `torch/_meta_registrations.py`; `index_put_impl`,
///   `torch/_subclasses/fake_impls.py`.
func indexPut(_ call: OperatorCall) throws -> FakeTensor {
  let (input, values) = (try call.tensor(0), try call.tensor(2))
  try call.require(
    input.device == values.device || values.rank == 0,
    "Mismatching index_put device between self (\(input.device)) and values (\(values.device))")
  return call.emptyLike(input)
}

/// `_unsafe_masked_index_put_accumulate(Tensor self, Tensor mask, Tensor?[] indices, Tensor values) ->
/// Tensor`.
///
/// - Throws: `dataDependent` if it is unknown whether `self` is empty.
/// - Source: `_unsafe_masked_index_put_accumulate`, `torch/_decomp/decompositions.py`.
private func maskedIndexPutAccumulate(_ call: OperatorCall) throws -> FakeTensor {
  let (input, mask) = (try call.tensor(0), try call.tensor(1))
  try requireMaskedIndices(call, mask, call.optionalTensors(2))
  if try !call.isEqual(call.shapes.geometry.numel(input), 0) {
    let values = try call.tensor(3)
    _ = try call.commonDevice([values, mask])
    _ = try maskedFill(call, values, mask)
  }
  return call.emptyLike(input)
}

/// `index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha) -> Tensor`: contiguous.
///
/// - Throws: a refusal unless `index` has at most one dim and as many entries as `source` has rows; for an
///   `alpha` of a higher category than the dtype.
/// - Source: `_index_add`, `torch/_decomp/decompositions.py`.
private func indexAdd(_ call: OperatorCall) throws -> FakeTensor {
  let (input, index, source) = (try call.tensor(0), try call.tensor(2), try call.tensor(3))
  let dim = try call.wrapped(call.int(1), rank: input.rank)
  try requireVector(call, index)
  try call.require(
    source.rank == 0 || dim < source.rank,
    "Dimension out of range: source has \(source.rank) dims, dim is \(dim)")
  let rows: SymInt = source.rank > 0 ? source.sizes[dim] : 1
  try requireRows(call, index, rows)
  let alpha = try call.scalarCategory(4)
  try call.require(
    input.dtype.isBool || input.dtype.category.map { alpha <= $0 } != false,
    "alpha argument of type \(alpha) cannot be safely cast to type \(input.dtype.name)!")
  return contiguousUnlessAlready(call, input)
}

/// `index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor`: contiguous.
///
/// - Throws: a refusal unless the sizes outside `dim` are equal and `source` has one row per index.
/// - Source: `_index_copy`, `torch/_decomp/decompositions.py`.
private func indexCopy(_ call: OperatorCall) throws -> FakeTensor {
  let (input, index, source) = (try call.tensor(0), try call.tensor(2), try call.tensor(3))
  let dim = try call.wrapped(call.int(1), rank: input.rank)
  try requireVector(call, index)
  if source.rank == 0 {
    try call.check(
      call.shapes.eq(call.shapes.geometry.numel(index), 1),
      "index_copy_(): When source is scalar, index should have one element")
  } else if input.rank != 0 {
    try call.require(
      source.rank == input.rank,
      "index_copy_(): When source and destination are not scalars, their dimensionality must match. Source "
        + "dimensionality (\(source.rank)), destination dimensionality (\(input.rank))")
  }
  let law = "index_copy_(): Source/destination tensor must have same slice shapes"
  try call.require(source.rank == 0 ? input.rank <= 1 : source.rank == max(input.rank, 1), law)
  for other in input.sizes.indices where other != dim && source.rank > 0 {
    try call.check(call.shapes.eq(input.sizes[other], source.sizes[other]), law)
  }
  if source.rank > 0 { try requireRows(call, index, source.sizes[dim]) }
  return contiguousUnlessAlready(call, input)
}

/// `index_fill(Tensor self, int dim, Tensor index, Scalar or Tensor value) -> Tensor`: the layout of `self`.
///
/// - Source: `_index_fill`, `torch/_refs/__init__.py`.
private func indexFill(_ call: OperatorCall) throws -> FakeTensor {
  let (input, index) = (try call.tensor(0), try call.tensor(2))
  let dim = try call.wrapped(call.int(1), rank: input.rank)
  try requireVector(call, index)
  if case .tensor(let value) = call[3] {
    try call.require(
      value.rank == 0,
      "Only supports 0-dimensional value tensor. Got a tensor with \(value.rank) dimensions.")
  }
  // The value is expanded to the rows that it fills.
  var filled = input.sizes
  if input.rank > 0 { filled[dim] = call.shapes.geometry.numel(index) }
  call.askWhetherOnes(filled)
  let result = contiguousUnlessAlready(call, input)
  // Compared as tuples: until two strides differ, each must be decided.
  let differs = try zip(result.strides, input.strides).contains { try !call.isEqual($0, $1) }
  if differs, call.shapes.geometry.isNonOverlappingAndDense(input) { result.strides = input.strides }
  return result
}

private func requireVector(_ call: OperatorCall, _ index: FakeTensor) throws {
  try call.require(index.rank <= 1, "Index should have dimension 1 or 0 (got \(index.rank))")
}

private func requireRows(_ call: OperatorCall, _ index: FakeTensor, _ rows: SymInt) throws {
  let count = call.shapes.geometry.numel(index)
  try call.check(
    call.shapes.eq(rows, count),
    "Number of indices (\(call.shapes.text(of: count))) should be equal to source.size(dim) "
      + "(\(call.shapes.text(of: rows)))")
}

/// A copy of `input` made by `index_put`: strides that count as contiguous are kept, otherwise it is contiguous.
private func contiguousUnlessAlready(_ call: OperatorCall, _ input: FakeTensor) -> FakeTensor {
  let copy = call.emptyLike(input)
  if !call.shapes.geometry.isContiguous(copy) {
    copy.strides = call.shapes.geometry.contiguousStrides(copy.sizes)
  }
  return copy
}
