import FakeTensors
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Operators whose result has a data-dependent size: a fresh unbacked symbol.
///
/// Rows are in alphabetical order.
let dataDependentSizes: [OperatorRow] = [
  OperatorRow("_jagged_to_padded_dense_forward") { .tensor(try paddedDense($0)) },
  OperatorRow("_pack_padded_sequence") { .tuple(try packPaddedSequence($0)) },
  OperatorRow("_padded_dense_to_jagged_forward") { .tensor(try jagged($0)) },
  OperatorRow("argwhere") { .tensor(try nonzero($0, $0.tensor(0))) },
  OperatorRow("bincount") { .tensor(try bincount($0)) },
  OperatorRow("masked_select") { .tensor(try maskedSelect($0)) },
  OperatorRow("nonzero") { .tensor(try nonzero($0, $0.tensor(0))) },
  OperatorRow("nonzero_numpy") { .list(try nonzeroNumpy($0)) },
  OperatorRow("nonzero_static") { .tensor(try nonzeroStatic($0)) },
  OperatorRow("repeat_interleave.Tensor") { call in
    .tensor(try repeatInterleaveIndex(call, repeats: call.tensor(0), outputSize: call.optionalSymInt(1)))
  },
  OperatorRow("where.default") { .list(try nonzeroNumpy($0)) },
]

/// `nonzero(Tensor self) -> Tensor`: `[u, rank]`, column-major, `0 ≤ u ≤ numel`; the tensor memoizes `u`.
///
/// - Throws: `dynamicOutputShape` without a shape environment.
/// - Source: `nonzero`, `torch/_subclasses/fake_impls.py`.
func nonzero(_ call: OperatorCall, _ input: FakeTensor) throws -> FakeTensor {
  guard call.mode.allowsDynamicOutputs else { throw call.error(.dynamicOutputShape) }
  let count: SymInt
  if case .symInt(let known)? = call.mode.memo(.nonzero, of: input) {
    count = known
  } else {
    let numel = call.shapes.geometry.numel(input)
    count = numel == 0 ? 0 : try call.freshSize(limit: mostElements(call, numel))
    call.mode.setMemo(.nonzero, of: input, to: .symInt(count))
  }
  let strides: Sizes? = call.has(.nonzeroIsRowMajor) ? nil : [1, count]
  return call.mode.tensor([count, SymInt(input.rank)], strides: strides, dtype: .int64, device: input.device)
}

/// The upper bound of `numel`; 2⁶³ − 2 if there is none.
private func mostElements(_ call: OperatorCall, _ numel: SymInt) -> Int {
  let upper = call.shapes.bound(of: numel).upper
  return upper == .max ? .max - 1 : upper
}

/// `nonzero_numpy(Tensor self) -> Tensor[]`: the columns of `nonzero`, one per dim; one column for a 0-dim
/// tensor.
private func nonzeroNumpy(_ call: OperatorCall) throws -> [FakeValue] {
  var input = try call.tensor(0)
  if input.rank == 0 { input = call.mode.view(of: input, sizes: [1], strides: [1]) }
  let indices = try nonzero(call, input)
  return (0..<input.rank).map { column in
    .tensor(
      call.mode.view(
        of: indices, sizes: [indices.sizes[0]], strides: [1],
        offset: call.shapes.mul(indices.strides[1], SymInt(column))))
  }
}

/// `nonzero_static(Tensor self, *, SymInt size, int fill_value=-1) -> Tensor`: `[size, rank]`, column-major for the
/// CUDA kernel.
///
/// - Source: `nonzero_static`, `torch/_meta_registrations.py`.
private func nonzeroStatic(_ call: OperatorCall) throws -> FakeTensor {
  let (input, count) = (try call.tensor(0), try call.symInt(1))
  let sizes: Sizes = [count, SymInt(input.rank)]
  try call.requireSizes(sizes)
  let isRowMajor = [.cpu, .mps, .xpu].contains(input.device.type)
  return call.mode.tensor(
    sizes, strides: isRowMajor ? nil : [1, count], dtype: .int64, device: input.device)
}

/// `masked_select(Tensor self, Tensor mask) -> Tensor`: `[u]`, `0 ≤ u ≤ numel`; `u` is not memoized.
///
/// - Source: `masked_select`, `torch/_subclasses/fake_impls.py`, which bounds `u` only if `numel` may exceed 2.
private func maskedSelect(_ call: OperatorCall) throws -> FakeTensor {
  let input = try call.tensor(0)
  let limit = mostElements(call, call.shapes.geometry.numel(input))
  return call.mode.tensor(
    [try call.freshSize(limit: limit > 2 ? limit : .max - 1)], dtype: input.dtype, device: input.device)
}

/// `bincount(Tensor self, Tensor? weights, SymInt minlength) -> Tensor`: `[u]`, `u ≥ minlength`.
///
/// - Source: `bincount`, `torch/_subclasses/fake_impls.py`.
private func bincount(_ call: OperatorCall) throws -> FakeTensor {
  let input = try call.tensor(0)
  let weights = try call.optionalTensor(1)
  let least = try call.symInt(2)
  let count = try call.freshSize()
  try call.check(call.shapes.ge(count, least), "bincount has at least minlength bins")
  let dtype: ScalarType = weights.map { $0.dtype == .float32 ? .float32 : .float64 } ?? .int64
  return call.mode.tensor([count], dtype: dtype, device: input.device)
}

/// `repeat_interleave.Tensor(Tensor repeats, *, SymInt? output_size) -> Tensor`: `[output_size]`, otherwise `[u]`.
///
/// - Source: `repeat_interleave_tensor`, `torch/_subclasses/fake_impls.py`.
func repeatInterleaveIndex(
  _ call: OperatorCall, repeats: FakeTensor, outputSize: SymInt?
) throws -> FakeTensor {
  try call.newEmpty(repeats, [try outputSize ?? call.freshSize()])
}

/// `_pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first) -> (Tensor, Tensor)`: `[B, …]`,
/// `[u]`.
///
/// - Source: `_pack_padded_sequence`, `torch/_subclasses/fake_impls.py`.
private func packPaddedSequence(_ call: OperatorCall) throws -> [FakeValue] {
  let input = try call.tensor(0)
  try call.require(input.rank >= 2, "input must have a batch and a sequence dim")
  let batches = try call.freshSize()
  var sizes = input.sizes
  if try !call.bool(2) { sizes.swapAt(0, 1) }
  sizes.remove(at: 0)
  return [
    .tensor(call.mode.tensor(sizes, dtype: input.dtype, device: input.device)),
    .tensor(call.mode.tensor([batches], dtype: input.dtype, device: input.device)),
  ]
}
