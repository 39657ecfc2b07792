import FakeTensors
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Views of a part of a tensor: one index, a range, a window, a diagonal.
///
/// Rows are in alphabetical order.
let slicing: [OperatorRow] = [
  .view("as_strided") { call, tensor in
    try call.views.asStrided(tensor, call.symInts(1), call.symInts(2), call.optionalSymInt(3))
  },
  .view("diagonal") { call, tensor in
    try call.views.diagonal(tensor, call.int(1), call.int(2), call.int(3))
  },
  .view("linalg_diagonal") { call, tensor in
    try call.views.diagonal(tensor, call.int(1), call.int(2), call.int(3))
  },
  .view("narrow") { call, tensor in
    try call.views.narrow(tensor, call.int(1), call.symInt(2), call.symInt(3))
  },
  .view("narrow.Tensor") { call, tensor in
    let start = try call.tensor(2)
    try call.require(
      start.rank == 0 && start.dtype.isIntegral, "start must be an 0-dim integral Tensor.")
    return try call.views.narrow(tensor, call.int(1), call.integerItem(start), call.symInt(3))
  },
  .view("select") { call, tensor in try call.views.select(tensor, call.int(1), call.symInt(2)) },
  .view("slice") { call, tensor in
    try call.views.slice(tensor, call.int(1), call.optionalSymInt(2), call.optionalSymInt(3), call.symInt(4))
  },
  .view("unfold") { call, tensor in
    try call.views.unfold(tensor, call.int(1), call.symInt(2), call.symInt(3))
  },
]

extension Views {
  /// `slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor(a)`.
  ///
  /// - Throws: a refusal for a 0-dim tensor and for `step <= 0`.
  /// - Guards: where `start` and `end` lie, if backed. If unbacked, the size and the offset are expressions with `Min`
  ///   and `Max`, or fresh symbols with asserts.
  /// - Source: `slice_forward`, `torch/_subclasses/fake_impls.py`.
  func slice(
    _ tensor: FakeTensor, _ dim: Int, _ start: SymInt?, _ end: SymInt?, _ step: SymInt
  ) throws -> FakeTensor {
    try call.require(tensor.rank > 0, "slice() cannot be applied to a 0-dim tensor.")
    let dim = try call.wrapped(dim, rank: tensor.rank)
    try call.require(try call.evaluate(shapes.gt(step, 0)), "slice step must be positive")
    let size = tensor.sizes[dim]
    let first = if let start { sliceIndex(size, start) } else { SymInt?.some(0) }
    let last = if let end, end.constant != .max { sliceIndex(size, end) } else { SymInt?.some(size) }
    return try slice(tensor, along: dim, first, last, by: step)
  }

  /// The elements from `first` to `last`, both inside the dim; `nil` is an undecidable bound.
  func slice(
    _ tensor: FakeTensor, along dim: Int, _ first: SymInt?, _ last: SymInt?, by step: SymInt = 1
  ) throws -> FakeTensor {
    let size = tensor.sizes[dim]
    var length: SymInt?
    if let first, let last {
      let extent: SymInt
      if shapes.guardOrFalse(shapes.ge(last, first)) {
        extent = shapes.sub(last, first)
      } else if shapes.guardOrFalse(shapes.ge(first, last)) {
        extent = 0
      } else {
        extent = shapes.max(shapes.sub(last, first), 0)
      }
      length = step == 1 ? extent : shapes.ceilDiv(extent, step)
    }
    var (sizes, strides) = (tensor.sizes, tensor.strides)
    sizes[dim] = try length ?? freshLength(atMost: size)
    strides[dim] = shapes.mul(strides[dim], step)
    let offset =
      try first.map { shapes.add(tensor.storageOffset, shapes.mul($0, tensor.strides[dim])) } ?? freshOffset()
    return mode.view(of: tensor, sizes: sizes, strides: strides, offset: offset)
  }

  /// `index` counted from the front and clamped to `0…size`; `nil` if its sign is undecidable.
  private func sliceIndex(_ size: SymInt, _ index: SymInt) -> SymInt? {
    let shapes = shapes
    if let index = index.constant, let size = size.constant {
      return SymInt(Swift.min(Swift.max(index < 0 ? index + size : index, 0), size))
    }
    let zero: SymInt = 0
    if shapes.guardOrFalse(shapes.and(shapes.ge(index, zero), shapes.le(index, size))) { return index }
    let negated = shapes.neg(size)
    if shapes.guardOrFalse(shapes.and(shapes.lt(index, zero), shapes.ge(index, negated))) {
      return shapes.add(index, size)
    }
    if shapes.guardOrFalse(shapes.lt(index, negated)) { return 0 }
    if shapes.guardOrFalse(shapes.gt(index, size)) { return size }
    if shapes.guardOrFalse(shapes.ge(index, zero)) { return shapes.min(index, size) }
    if shapes.guardOrFalse(shapes.lt(index, zero)) { return shapes.max(shapes.add(index, size), 0) }
    return nil
  }

  private func freshLength(atMost size: SymInt) throws -> SymInt {
    let length = shapes.createUnbackedInt()
    try call.check(shapes.ge(length, 0), "the length of a slice is at least 0")
    try call.check(shapes.le(length, size), "the length of a slice is at most the size of the dim")
    return length
  }

  private func freshOffset() throws -> SymInt {
    let offset = shapes.createUnbackedInt()
    try call.check(shapes.ge(offset, 0), "a storage offset is at least 0")
    return offset
  }

  /// `select.int(Tensor(a) self, int dim, SymInt index) -> Tensor(a)`: the slice at `index`, without `dim`.
  ///
  /// - Throws: a refusal if the index is out of range, or if its sign is unknown and no fresh symbols are allowed.
  /// - Guards: the range of the index. If its sign is undecidable, the offset is a fresh symbol.
  /// - Source: `meta_select`, `torch/_subclasses/fake_impls.py`.
  func select(_ tensor: FakeTensor, _ dim: Int, _ index: SymInt) throws -> FakeTensor {
    try call.require(tensor.rank > 0, "select() cannot be applied to a 0-dim tensor.")
    let dim = try call.wrapped(dim, rank: tensor.rank)
    let size = tensor.sizes[dim]
    let isOutside =
      shapes.guardOrFalse(shapes.ge(index, size)) || shapes.guardOrFalse(shapes.lt(index, shapes.neg(size)))
    if isOutside {
      throw call.refusal(
        "select(): index \(shapes.text(of: index)) out of range for tensor of size "
          + "\(shapes.shortText(of: tensor.sizes)) at dimension \(dim)")
    }
    var (sizes, strides) = (tensor.sizes, tensor.strides)
    let stride = strides.remove(at: dim)
    sizes.remove(at: dim)
    let offset: SymInt
    if shapes.guardOrFalse(shapes.ge(index, 0)) {
      offset = shapes.add(tensor.storageOffset, shapes.mul(index, stride))
    } else if shapes.guardOrFalse(shapes.lt(index, 0)) {
      offset = shapes.add(tensor.storageOffset, shapes.mul(shapes.add(index, size), stride))
    } else if mode.allowsDynamicOutputs {
      offset = shapes.createUnbackedInt()
    } else {
      throw call.error(.dataDependentOutput)
    }
    return mode.view(of: tensor, sizes: sizes, strides: strides, offset: offset)
  }

  /// `narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a)`.
  ///
  /// - Throws: a refusal if `start … start + length` is not inside the dim.
  /// - Guards: `length >= 0`, `-size <= start <= size`, `start <= size - length`; runtime asserts if unbacked.
  /// - Source: `narrow_symint`, `aten/src/ATen/native/TensorShape.cpp`.
  func narrow(_ tensor: FakeTensor, _ dim: Int, _ start: SymInt, _ length: SymInt) throws -> FakeTensor {
    try call.require(tensor.rank > 0, "narrow() cannot be applied to a 0-dim tensor.")
    let dim = try call.wrapped(dim, rank: tensor.rank)
    let size = tensor.sizes[dim]
    try call.check(shapes.ge(length, 0), "narrow(): length must be non-negative.")
    try call.check(
      shapes.and(shapes.le(shapes.neg(size), start), shapes.le(start, size)),
      "start out of range (expected to be in range of [-\(shapes.text(of: size)), \(shapes.text(of: size))], "
        + "but got \(shapes.text(of: start)))")
    func misfit() -> String {
      "start (\(shapes.text(of: start))) + length (\(shapes.text(of: length))) exceeds dimension size "
        + "(\(shapes.text(of: size)))."
    }
    let isNegative = shapes.guardOrFalse(shapes.lt(start, 0))
    if isNegative || shapes.guardOrFalse(shapes.ge(start, 0)) {
      let start = isNegative ? shapes.add(start, size) : start
      try call.check(shapes.le(start, shapes.sub(size, length)), misfit())
      return try slice(tensor, dim, start, shapes.add(start, length), 1)
    }
    let end = shapes.add(start, length)
    let (before, after) = (shapes.lt(start, 0), shapes.ge(start, 0))
    try call.check(
      shapes.or(
        shapes.and(before, shapes.le(end, 0)), shapes.and(after, shapes.le(end, size))), misfit())
    if shapes.guardOrFalse(shapes.ne(end, 0)) { return try slice(tensor, dim, start, end, 1) }
    // A negative start with an end of 0 reaches to the end of the dim; a slice would be empty.
    let wraps = shapes.and(before, shapes.eq(end, 0))
    let extra = shapes.mul(shapes.symInt(shapes.arena.where(wraps.expression, .one, .zero)), size)
    let result = try slice(tensor, dim, start, shapes.add(end, extra), 1)
    try call.check(shapes.eq(result.sizes[dim], length), misfit())
    return result
  }

  /// `as_strided(Tensor(a) self, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None) -> Tensor(a)`.
  func asStrided(_ tensor: FakeTensor, _ size: Sizes, _ stride: Sizes, _ offset: SymInt?) throws -> FakeTensor
  {
    try call.require(
      size.count == stride.count,
      "mismatch in length of strides and shape: \(size.count) and \(stride.count)")
    for value in size { try call.check(shapes.ge(value, 0), "as_strided: a size is negative") }
    for value in stride {
      try call.check(shapes.ge(value, 0), "as_strided: negative strides are not supported")
    }
    if let offset { try call.check(shapes.ge(offset, 0), "as_strided: the storage offset is negative") }
    return mode.view(of: tensor, sizes: size, strides: stride, offset: offset)
  }

  /// `unfold(Tensor(a) self, int dimension, int size, int step) -> Tensor(a)`: all windows of `size` along a
  /// dim, `step` apart; the window becomes the last dim.
  ///
  /// `out.size(d) = (self.size(d) − size) // step + 1`.
  ///
  /// - Throws: a refusal if the window is larger than the dim, or `step <= 0`.
  /// - Source: `_get_unfold_shape_stride`, `torch/_refs`.
  func unfold(_ tensor: FakeTensor, _ dim: Int, _ size: SymInt, _ step: SymInt) throws -> FakeTensor {
    let dim = try call.wrapped(dim, rank: tensor.rank)
    let whole = tensor.rank == 0 ? 1 : tensor.sizes[dim]
    let stride = tensor.rank == 0 ? 1 : tensor.strides[dim]
    try call.check(shapes.ge(size, 0), "size is \(shapes.text(of: size)) but must be >= 0")
    try call.check(
      shapes.le(size, whole),
      "Maximum size for tensor at dimension \(dim) is \(shapes.text(of: whole)) but size is \(shapes.text(of: size))"
    )
    try call.check(shapes.gt(step, 0), "Step is \(shapes.text(of: step)) but must be > 0")
    var (sizes, strides) = (tensor.sizes, tensor.strides)
    sizes.append(size)
    strides.append(stride)
    if tensor.rank > 0 {
      sizes[dim] = shapes.add(shapes.floorDiv(shapes.sub(whole, size), step), 1)
      strides[dim] = shapes.mul(stride, step)
    }
    return mode.view(of: tensor, sizes: sizes, strides: strides)
  }

  /// `diagonal(Tensor(a) self, int offset=0, int dim1=0, int dim2=1) -> Tensor(a)`: the diagonal as the last dim.
  ///
  /// - Source: `diagonal`, `torch/_refs`.
  func diagonal(_ tensor: FakeTensor, _ offset: Int, _ dim1: Int, _ dim2: Int) throws -> FakeTensor {
    let (a, b) = (try call.wrapped(dim1, rank: tensor.rank), try call.wrapped(dim2, rank: tensor.rank))
    try call.require(a != b, "diagonal dimensions cannot be identical \(dim1), \(dim2)")
    let (rows, columns) = (tensor.sizes[a], tensor.sizes[b])
    let shift = SymInt(offset)
    let reach =
      offset >= 0
      ? shapes.min(rows, shapes.sub(columns, shift)) : shapes.min(shapes.add(rows, shift), columns)
    let length = shapes.max(reach, 0)
    let start =
      offset >= 0
      ? shapes.add(tensor.storageOffset, shapes.mul(shift, tensor.strides[b]))
      : shapes.sub(tensor.storageOffset, shapes.mul(shift, tensor.strides[a]))
    let kept = tensor.sizes.indices.filter { $0 != a && $0 != b }
    return mode.view(
      of: tensor, sizes: Sizes(kept.map { tensor.sizes[$0] } + [length]),
      strides: Sizes(kept.map { tensor.strides[$0] } + [shapes.add(tensor.strides[a], tensor.strides[b])]),
      offset: start)
  }
}
