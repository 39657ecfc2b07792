import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Operators that reinterpret the sizes: a view if the strides allow it, otherwise a copy.
///
/// Rows are in alphabetical order.
let reshaping: [OperatorRow] = [
  OperatorRow("_reshape_alias") { call in .tensor(try call.views.view(call.tensor(0), call.symInts(1))) },
  OperatorRow("_reshape_copy") { call in .tensor(try call.views.reshapeCopy(call.tensor(0), call.symInts(1)))
  },
  OperatorRow("_reshape_from_tensor", reshapeFromTensor),
  OperatorRow("_unsafe_view") { call in .tensor(try call.views.view(call.tensor(0), call.symInts(1))) },
  OperatorRow("flatten.using_ints") { call in
    .tensor(try call.views.flatten(call.tensor(0), call.int(1), call.int(2)))
  },
  OperatorRow("ravel") { call in .tensor(try call.views.reshape(call.contiguous(call.tensor(0)), [-1])) },
  OperatorRow("reshape") { call in .tensor(try call.views.reshape(call.tensor(0), call.symInts(1))) },
  OperatorRow("reshape_as") { call in .tensor(try call.views.reshape(call.tensor(0), call.tensor(1).sizes)) },
  OperatorRow("unflatten.int") { call in
    .tensor(try call.views.unflatten(call.tensor(0), call.int(1), call.symInts(2)))
  },
  OperatorRow("unflatten_dense_tensors", unflattenDenseTensors),
  OperatorRow("view") { call in .tensor(try call.views.view(call.tensor(0), call.symInts(1))) },
  OperatorRow("view.dtype", viewDtype),
  OperatorRow("view_as") { call in .tensor(try call.views.view(call.tensor(0), call.tensor(1).sizes)) },
]

extension Views {
  /// `view(Tensor(a) self, SymInt[] size) -> Tensor(a)`: `size` with its −1 inferred, sharing the storage.
  ///
  /// - Throws: a refusal if the numbers of elements differ or the strides do not allow a view.
  /// - Source: `_view_meta`, `torch/_subclasses/fake_impls.py`.
  func view(_ tensor: FakeTensor, _ size: Sizes) throws -> FakeTensor {
    let (sizes, strides) = try shapes.remembering(.view, tensor.sizes, tensor.strides, size) {
      let shape = try inferSize(size, shapes.geometry.numel(tensor))
      guard let geometry = try viewGeometry(tensor, shape) else {
        throw call.refusal(
          "Cannot view a tensor with shape \(shapes.shortText(of: tensor.sizes)) and strides "
            + "\(shapes.shortText(of: tensor.strides)) as a tensor with shape \(shapes.shortText(of: shape))!",
          hint: "use reshape, which copies where it must")
      }
      return (geometry.sizes, geometry.strides)
    }
    return mode.view(of: tensor, sizes: sizes, strides: strides)
  }

  /// `reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a)`: a view, or a view of a contiguous copy.
  ///
  /// - Source: `reshape_symint`, `aten/src/ATen/native/TensorShape.cpp`.
  func reshape(_ tensor: FakeTensor, _ size: Sizes) throws -> FakeTensor {
    if shapes.geometry.isContiguous(tensor) { return try view(tensor, size) }
    let shape = try inferSizeStrictly(size, shapes.geometry.numel(tensor))
    if try computeStride(tensor, shape, .assuming) != nil { return try view(tensor, shape) }
    return try view(call.clone(tensor, .contiguous), shape)
  }

  /// `_reshape_copy`: `reshape` into a new storage.
  func reshapeCopy(_ tensor: FakeTensor, _ size: Sizes) throws -> FakeTensor {
    let shape = try inferSize(size, shapes.geometry.numel(tensor))
    return try view(call.clone(tensor, .contiguous), shape)
  }

  /// `size` with the −1 replaced so that the product is `numel`.
  ///
  /// - Throws: a refusal if −1 occurs twice, or no size fits.
  /// - Guards: all other entries are non-negative; their product divides `numel`.
  /// - Source: `infer_size`, `torch/_prims_common`.
  func inferSize(_ size: Sizes, _ numel: SymInt) throws -> Sizes {
    var open: Int?
    var known: SymInt = 1
    for (dim, length) in size.enumerated() {
      if shapes.guardOrFalse(shapes.eq(length, -1)) {
        try call.require(open == nil, "only one dimension can be inferred")
        open = dim
      } else {
        try call.check(shapes.ge(length, 0), "invalid shape dimension \(shapes.text(of: length))")
        known = shapes.mul(known, length)
      }
    }
    func misfit() -> String {
      "shape '\(shapes.shortText(of: size))' is invalid for input of size \(shapes.text(of: numel))"
    }
    guard let open else {
      try call.check(shapes.eq(numel, known), misfit())
      return size
    }
    try call.check(shapes.ne(known, 0), misfit())
    try call.check(shapes.divides(known, numel), misfit())
    var result = size
    result[open] = shapes.floorDiv(numel, known)
    try call.check(shapes.ge(result[open], 0), misfit())
    return result
  }

  /// Like `inferSize`, but it must be known whether the product of the given sizes is zero.
  ///
  /// - Source: `infer_size_impl`, `aten/src/ATen/InferSize.h`.
  private func inferSizeStrictly(_ size: Sizes, _ numel: SymInt) throws -> Sizes {
    let open = size.indices.filter { shapes.guardOrFalse(shapes.eq(size[$0], -1)) }
    guard open.count == 1 else { return try inferSize(size, numel) }
    var known: SymInt = 1
    for dim in size.indices where dim != open[0] {
      try call.check(shapes.gt(size[dim], -1), "invalid shape dimension \(shapes.text(of: size[dim]))")
      known = shapes.mul(known, size[dim])
    }
    func law() -> String {
      "shape '\(shapes.shortText(of: size))' is invalid for input of size \(shapes.text(of: numel))"
    }
    let divides = shapes.and(shapes.gt(known, 0), shapes.divides(known, numel))
    try call.check(shapes.or(shapes.eq(numel, known), divides), law())
    try call.require(try call.evaluate(shapes.ne(known, 0)), law())
    var result = size
    result[open[0]] = shapes.floorDiv(numel, known)
    return result
  }

  /// `flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)`: merges the dims of
  /// the range.
  ///
  /// - Source: `flatten`, `aten/src/ATen/native/TensorShape.cpp`.
  func flatten(_ tensor: FakeTensor, _ start: Int, _ end: Int) throws -> FakeTensor {
    let (start, end) = (try call.wrapped(start, rank: tensor.rank), try call.wrapped(end, rank: tensor.rank))
    try call.require(start <= end, "flatten() has invalid args: start_dim cannot come after end_dim")
    if tensor.rank == 0 { return try reshape(tensor, [1]) }
    if start == end { return tensor }
    let merged = shapes.product(tensor.sizes[start...end])
    return try reshape(tensor, Sizes(tensor.sizes[..<start] + [merged] + tensor.sizes[(end + 1)...]))
  }

  /// `unflatten.int(Tensor(a) self, int dim, SymInt[] sizes) -> Tensor(a)`: splits one dim into several.
  ///
  /// - Source: `unflatten_impl`, `aten/src/ATen/native/TensorShape.cpp`.
  func unflatten(_ tensor: FakeTensor, _ dim: Int, _ sizes: Sizes) throws -> FakeTensor {
    try call.require(!sizes.isEmpty, "unflatten: sizes must be non-empty")
    let dim = try call.wrapped(dim, rank: tensor.rank)
    try call.require(dim < tensor.rank, "unflatten: a tensor without dims has nothing to unflatten")
    let inner = try inferSizeStrictly(sizes, tensor.sizes[dim])
    return try view(tensor, Sizes(tensor.sizes[..<dim] + Array(inner) + tensor.sizes[(dim + 1)...]))
  }
}

/// `view.dtype(Tensor(a) self, ScalarType dtype) -> Tensor(a)`: the same bytes with another dtype; the last dim grows
/// or shrinks with the item size.
///
/// - Throws: a refusal if the last dim is not dense, or if sizes, strides or offset are not divisible.
/// - Source: `view_dtype`, `aten/src/ATen/native/TensorConversions.cpp`.
@Sendable
private func viewDtype(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  guard let dtype = try call.optionalDtype(1) else { throw call.refusal("view needs a dtype") }
  if dtype == tensor.dtype { return .tensor(call.alias(tensor)) }
  try call.require(!tensor.isConjugate, "torch.Tensor.view is not supported for conjugate view tensors")
  try call.require(!tensor.isNegative, "torch.Tensor.view is not supported for tensors with negative bit set")
  let (old, new) = (tensor.dtype.itemSize, dtype.itemSize)
  var (sizes, strides, offset) = (tensor.sizes, tensor.strides, tensor.storageOffset)
  if old != new {
    let last = tensor.rank - 1
    try call.require(last >= 0, "self.dim() cannot be 0 to view a dtype of another item size")
    let shapes = call.shapes
    let isDense = { try call.isEqual(tensor.strides[last], 1) }
    let sparse = "self.stride(-1) must be 1 to view a dtype of another item size"
    if old > new {
      try call.require(try isDense(), sparse)
      let ratio = SymInt(old / new)
      sizes[last] = shapes.mul(sizes[last], ratio)
      for dim in 0..<last { strides[dim] = shapes.mul(strides[dim], ratio) }
      offset = shapes.mul(offset, ratio)
    } else {
      let ratio = SymInt(new / old)
      for (position, value) in ([sizes[last], offset] + strides.dropLast()).enumerated() {
        if position == 1 { try call.require(try isDense(), sparse) }
        try call.require(
          try call.evaluate(shapes.eq(shapes.mod(value, ratio), 0)),
          "sizes, strides and storage offset must be divisible by \(new / old) to view as \(dtype.name)")
      }
      sizes[last] = shapes.floorDiv(sizes[last], ratio)
      for dim in 0..<last { strides[dim] = shapes.floorDiv(strides[dim], ratio) }
      offset = shapes.floorDiv(offset, ratio)
    }
  }
  return .tensor(call.mode.view(of: tensor, sizes: sizes, strides: strides, offset: offset, dtype: dtype))
}

/// `_reshape_from_tensor(Tensor self, Tensor shape) -> Tensor`: the shape must be known.
@Sendable
private func reshapeFromTensor(_ call: OperatorCall) throws -> FakeValue {
  let shape = try call.tensor(1)
  try call.require(shape.rank == 1, "shape must be a 1-D tensor")
  return .tensor(try call.views.reshape(call.tensor(0), try call.knownIntegers(shape)))
}

/// `unflatten_dense_tensors(Tensor flat, Tensor[] tensors) -> Tensor[]`: slices of `flat` in the tensors'
/// sizes.
///
/// - Source: `unflatten_dense_tensors`, `torch/csrc/utils/tensor_flatten.h`.
@Sendable
private func unflattenDenseTensors(_ call: OperatorCall) throws -> FakeValue {
  let flat = try call.tensor(0)
  var start: SymInt = 0
  return .list(
    try call.tensors(1).map { like in
      let count = call.shapes.geometry.numel(like)
      if call.shapes.guardOrFalse(call.shapes.eq(count, 0)) {
        return .tensor(call.mode.tensor(like.sizes, dtype: flat.dtype, device: flat.device))
      }
      let part = try call.views.narrow(flat, 0, start, count)
      start = call.shapes.add(start, count)
      return .tensor(try call.views.view(part, like.sizes))
    })
}
