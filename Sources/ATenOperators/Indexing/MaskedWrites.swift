import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Writes where a mask is true.
let maskedWrites: [OperatorRow] = [
  OperatorRow("masked_fill") { .tensor(try maskedFillChecked($0)) }.onOneDevice(),
  OperatorRow("masked_fill.Tensor", inplace: .copied) { .tensor(try maskedFillChecked($0)) }.onOneDevice(),
  OperatorRow("masked_scatter") { .tensor(try maskedScatter($0)) }.onOneDevice(),
  OperatorRow("masked_scatter_") { call in
    let (target, mask, source) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
    try requireScatterable(call, target, mask, source)
    call.mode.noteMutation(of: target)
    return .tensor(target)
  }.onOneDevice(),
  OperatorRow("masked_scatter_backward") { call in
    .tensor(try call.newEmpty(call.tensor(0), call.symInts(2)))
  }.onOneDevice(),
]

/// `where(mask, value, input)`, contiguous.
///
/// - Source: `masked_fill`, `torch/_refs/__init__.py`.
func maskedFill(
  _ call: OperatorCall, _ input: FakeTensor, _ mask: FakeTensor, value: FakeTensor? = nil
) throws -> FakeTensor {
  var operands = [mask, input]
  // A number, and a tensor without dims on the CPU, have no layout.
  if let value, value.device.type != .cpu {
    let sizes = try call.broadcast(mask.sizes, input.sizes)
    let spread = Sizes(repeating: 0, count: sizes.count)
    operands.insert(
      call.mode.tensor(sizes, strides: spread, dtype: input.dtype, device: input.device), at: 1)
  }
  let result = try call.pointwise(operands, dtype: input.dtype)
  if result.rank > 1, !call.shapes.geometry.isContiguous(result) {
    result.strides = call.shapes.geometry.contiguousStrides(result.sizes)
  }
  return result
}

/// `masked_fill(Tensor self, Tensor mask, Scalar or Tensor value) -> Tensor`: the broadcast sizes.
///
/// - Throws: a refusal for a complex value in a real tensor, and for a value that is not 0-dim.
private func maskedFillChecked(_ call: OperatorCall) throws -> FakeTensor {
  let (input, mask) = (try call.tensor(0), try call.tensor(1))
  let isComplex: Bool
  if case .tensor(let value) = call[2] {
    try call.require(
      value.rank == 0,
      "only supports a 0-dimensional value tensor, but got tensor with \(value.rank) dimension")
    isComplex = value.dtype.isComplex
  } else {
    isComplex = try call.scalarCategory(2) == .complex
    let hasNoInteger = input.dtype.isIntegral && call[2].knownDouble?.isFinite == false
    try call.require(!hasNoInteger, "an infinity or a NaN has no value of type \(input.dtype.name)")
  }
  try call.require(
    !isComplex || input.dtype.isComplex, "could not convert to type \(input.dtype.name) without overflow")
  try call.require(
    mask.dtype.isBool, "masked_fill only supports boolean masks, but got \(mask.dtype.name)")
  return try maskedFill(call, input, mask, value: call[2].tensor)
}

/// `masked_scatter(Tensor self, Tensor mask, Tensor source) -> Tensor`: the broadcast sizes, contiguous.
///
/// - Source: `meta_masked_scatter`, `torch/_meta_registrations.py`.
private func maskedScatter(_ call: OperatorCall) throws -> FakeTensor {
  let (input, mask, source) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  call.askWhetherOnes(input.sizes)
  let sizes = try call.broadcast(input.sizes, mask.sizes)
  try requireScatterable(call, input, mask, source)
  return call.mode.tensor(sizes, dtype: input.dtype, device: input.device)
}

/// The checks of `masked_scatter_`; whether the mask broadcasts is checked at run time only.
private func requireScatterable(
  _ call: OperatorCall, _ input: FakeTensor, _ mask: FakeTensor, _ source: FakeTensor
) throws {
  try call.require(mask.dtype == .bool || mask.dtype == .uint8, "Mask must be bool or uint8")
  try call.require(
    input.dtype == source.dtype,
    "masked_scatter: expected self and source to have same dtypes but got \(input.dtype.name) and "
      + source.dtype.name)
}
