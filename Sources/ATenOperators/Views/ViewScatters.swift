import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Copies with a part replaced, and gradients of views, which replace a part of zeros.
///
/// Rows are in alphabetical order.
let viewScatters: [OperatorRow] = [
  OperatorRow("as_strided_scatter", asStridedScatter),
  .zeros("diagonal_backward", sizes: 1),
  OperatorRow("diagonal_scatter") { call in .tensor(try call.copyKeepingStrides(call.tensor(0))) },
  .zeros("select_backward", sizes: 1),
  OperatorRow("select_scatter") { call in .tensor(try call.copyKeepingStrides(call.tensor(0))) }
    .onOneDevice(),
  .zeros("slice_backward", sizes: 1),
  OperatorRow("slice_inverse", sliceInverse),
  OperatorRow("slice_scatter") { call in .tensor(try call.copyKeepingStrides(call.tensor(0))) },
  OperatorRow("trace_backward", traceBackward),
  OperatorRow("unfold_backward", unfoldBackward),
  .zeros("value_selecting_reduction_backward", sizes: 3),
]

extension OperatorRow {
  /// A contiguous tensor like the first argument, with the given sizes.
  ///
  /// - Source: `select_backward` and its relatives, `torch/_decomp/decompositions.py`; they do not check what
  ///   is written into the zeros.
  fileprivate static func zeros(_ name: String, sizes position: Int) -> OperatorRow {
    OperatorRow(name) { call in .tensor(try call.zeros(like: call.tensor(0), call.symInts(position))) }
  }
}

extension OperatorCall {
  fileprivate func zeros(like tensor: FakeTensor, _ sizes: Sizes) throws -> FakeTensor {
    for size in sizes { try check(shapes.ge(size, 0), "a size is negative") }
    return mode.tensor(sizes, dtype: tensor.dtype, device: tensor.device)
  }

  /// Whether a dim of more than one element has the stride 0.
  fileprivate func repeatsElements(_ tensor: FakeTensor) -> Bool {
    (0..<tensor.rank).contains { dim in
      tensor.strides[dim] == 0 && shapes.guardOrFalse(shapes.gt(tensor.sizes[dim], 1))
    }
  }

  /// A copy with the strides and the offset of `tensor`; dense strides if elements overlap.
  ///
  /// - Source: `_scatter_meta_output`, `torch/_meta_registrations.py`.
  fileprivate func copyKeepingStrides(_ tensor: FakeTensor) throws -> FakeTensor {
    let isUnbacked = tensor.sizes.contains(where: shapes.isUnbacked)
    if !isUnbacked, !shapes.geometry.isNonOverlappingAndDense(tensor), repeatsElements(tensor) {
      return try clone(tensor)
    }
    let reach = extent(tensor.sizes, tensor.strides, tensor.storageOffset)
    try check(shapes.ge(reach, 0), "the memory of a tensor is not negative")
    let copy = mode.tensor(tensor.sizes, strides: tensor.strides, dtype: tensor.dtype, device: tensor.device)
    copy.storageOffset = tensor.storageOffset
    return copy
  }
}

/// `as_strided_scatter(Tensor self, Tensor src, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None)
/// -> Tensor`: keeps the strides and the offset of `self`; up to PyTorch 2.13 even when elements overlap.
///
/// - Throws: a refusal if the part reaches beyond the elements of `self`, or if the sizes of `src` differ.
/// - Source: `as_strided_scatter`, `torch/_refs`; `_as_strided_scatter_meta`, `torch/_prims`.
@Sendable
private func asStridedScatter(_ call: OperatorCall) throws -> FakeValue {
  let (tensor, source) = (try call.tensor(0), try call.tensor(1))
  let (size, stride) = (try call.symInts(2), try call.symInts(3))
  let (shapes, offset) = (call.shapes, try call.optionalSymInt(4) ?? 0)
  try call.require(
    size.count == stride.count, "mismatch in length of strides and shape: \(size.count) and \(stride.count)")
  for value in Array(size) + Array(stride) {
    try call.check(shapes.ge(value, 0), "a size or a stride is negative")
  }
  try call.check(
    shapes.ge(shapes.geometry.numel(tensor), call.extent(size, stride, offset)),
    "as_strided_scatter: sizes \(shapes.shortText(of: size)), strides \(shapes.shortText(of: stride)), storage offset "
      + "\(shapes.text(of: offset)) are out of bounds for a tensor of \(shapes.text(of: shapes.geometry.numel(tensor))) elements"
  )
  func law() -> String {
    "expected src to have a size equal to the slice of self. src size = "
      + shapes.shortText(of: source.sizes) + ", slice size = " + shapes.shortText(of: size)
  }
  try call.require(source.rank == size.count, law())
  if source.sizes != size { try call.check(call.views.allEqual(source.sizes, size), law()) }
  if call.has(.scattersDropOverlap), call.repeatsElements(tensor) { return .tensor(try call.clone(tensor)) }
  let copy = call.mode.tensor(
    tensor.sizes, strides: tensor.strides, dtype: tensor.dtype, device: tensor.device)
  copy.storageOffset = tensor.storageOffset
  return .tensor(copy)
}

extension OperatorCall {
  /// The number of storage elements that a tensor spans.
  ///
  /// Source: `compute_required_storage_length`.
  fileprivate func extent(_ sizes: Sizes, _ strides: Sizes, _ offset: SymInt) -> SymInt {
    if shapes.guardOrFalse(shapes.eq(shapes.product(sizes), 0)) { return 0 }
    var reach = shapes.add(offset, 1)
    for (size, stride) in zip(sizes, strides) {
      reach = shapes.add(reach, shapes.mul(shapes.sub(size, 1), stride))
    }
    return reach
  }
}

/// `slice_inverse(Tensor(a) self, Tensor src, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) ->
/// Tensor(a)`: the storage of `self` with the geometry of `src`.
@Sendable
private func sliceInverse(_ call: OperatorCall) throws -> FakeValue {
  let (tensor, source) = (try call.tensor(0), try call.tensor(1))
  return .tensor(try call.views.asStrided(tensor, source.sizes, source.strides, source.storageOffset))
}

/// `trace_backward(Tensor grad, SymInt[] sizes) -> Tensor`: a matrix.
@Sendable
private func traceBackward(_ call: OperatorCall) throws -> FakeValue {
  let sizes = try call.symInts(1)
  try call.require(sizes.count == 2, "expected matrix input")
  return .tensor(try call.zeros(like: call.tensor(0), sizes))
}

/// `unfold_backward(Tensor grad_in, SymInt[] input_sizes, int dim, int size, int step) -> Tensor`.
///
/// - Source: `unfold_backward`, `torch/_decomp/decompositions.py`.
@Sendable
private func unfoldBackward(_ call: OperatorCall) throws -> FakeValue {
  let (gradient, sizes) = (try call.tensor(0), try call.symInts(1))
  let (size, step) = (try call.symInt(3), try call.symInt(4))
  let shapes = call.shapes
  try call.check(shapes.gt(step, 0), "step is \(shapes.text(of: step)) but must be > 0")
  if sizes.isEmpty { return .tensor(try call.clone(call.views.squeeze(gradient, [0]), .contiguous)) }
  let dim = try call.wrapped(call.int(2), rank: sizes.count)
  let result = try call.zeros(like: gradient, sizes)
  // Windows that do not overlap are written in one step, which requires the unfolded input to exist.
  if try call.evaluate(shapes.ge(step, size)) {
    try call.check(shapes.le(size, sizes[dim]), "the window is larger than the dim")
  }
  return .tensor(result)
}
