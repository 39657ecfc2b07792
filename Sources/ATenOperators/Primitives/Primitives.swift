import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Primitives that create, copy, convert, reduce and join tensors.
///
/// Rows are in alphabetical order. Source: `torch/_prims/__init__.py`.
let primitives: [OperatorRow] = [
  OperatorRow("prims._make_token") { call in .tensor(call.mode.tensor([0], dtype: .float32)) },
  OperatorRow("prims._sink_tokens") { _ in .none },
  .primitiveReduction("prims.amax"),
  .primitiveReduction("prims.amin"),
  OperatorRow("prims.cat", primitiveCat),
  OperatorRow("prims.clone") { call in
    .tensor(try call.clone(try call.tensor(0), try call.optionalMemoryFormat(1)))
  },
  OperatorRow("prims.convert_element_type") { call in
    .tensor(try call.convertedCopy(try call.tensor(0), try call.optionalDtype(1), nil, nil))
  },
  OperatorRow("prims.copy_strided") { call in
    let input = try call.tensor(0)
    return .tensor(
      call.mode.tensor(input.sizes, strides: try call.symInts(1), dtype: input.dtype, device: input.device))
  },
  OperatorRow("prims.copy_to", primitiveCopyTo),
  OperatorRow("prims.device_put", primitiveDevicePut),
  .primitiveFactory("prims.empty", dtype: 1),
  OperatorRow("prims.empty_permuted", primitiveEmptyPermuted),
  OperatorRow("prims.empty_strided", primitiveEmptyStrided),
  OperatorRow("prims.fft_c2c") { call in
    let input = try call.tensor(0)
    return .tensor(call.mode.tensor(input.sizes, dtype: input.dtype, device: input.device))
  },
  OperatorRow("prims.fft_c2r", primitiveComplexToReal),
  OperatorRow("prims.fft_r2c", primitiveRealToComplex),
  OperatorRow("prims.frexp", primitiveFrexp),
  .primitiveFactory("prims.full", dtype: 2),
  OperatorRow("prims.full_like", primitiveFullLike),
  OperatorRow("prims.iota", primitiveIota),
  OperatorRow("prims.item") { call in try call.item(try call.tensor(0)) },
  OperatorRow("prims.maximum_value", primitiveExtreme),
  OperatorRow("prims.minimum_value", primitiveExtreme),
  .primitiveFactory("prims.normal", dtype: 3, refuses: [.bool, .integer]),
  .primitiveReduction("prims.prod"),
  OperatorRow("prims.reshape", primitiveReshape),
  OperatorRow("prims.rev", primitiveReverse),
  OperatorRow("prims.scalar_tensor") { call in
    .tensor(
      call.mode.tensor(
        [], dtype: try call.dtype(1), device: try call.optionalDevice(2) ?? .cpu))
  },
  .primitiveReduction("prims.sum"),
  OperatorRow("prims.svd", primitiveSVD),
  OperatorRow("prims.uniform", primitiveUniform),
  .primitiveReduction("prims.var", output: 3),
  .primitiveReduction("prims.xor_sum"),
]

extension OperatorRow {
  /// A contiguous tensor of the sizes at position 0; the device follows the dtype.
  fileprivate static func primitiveFactory(
    _ name: String, dtype: Int, refuses: DtypeCategories = []
  ) -> OperatorRow {
    OperatorRow(name) { call in
      let result = call.mode.tensor(
        try call.sizesArgument(0), dtype: try call.dtype(dtype), device: try call.device(dtype + 1))
      try call.require(result.dtype, isNotIn: refuses)
      return .tensor(result)
    }
  }

  /// A reduction over the dims at position 1, which it drops; over all dims if none are given.
  ///
  /// Source: `_reduction_meta`, `_var_reduction_meta`.
  fileprivate static func primitiveReduction(_ name: String, output: Int = 2) -> OperatorRow {
    OperatorRow(name) { call in
      let input = try call.tensor(0)
      let dims = try call.reducing.reductionDims(1, of: input, emptyMeansAll: false)
      let own = output == 3 ? input.dtype.toReal : input.dtype
      let sizes = call.reducing.reducedSizes(input.sizes, dims, keepdim: false)
      return .tensor(
        call.mode.tensor(sizes, dtype: try call.optionalDtype(output) ?? own, device: input.device))
    }
  }
}

/// `prims.cat(Tensor[] tensors, int dim)`: contiguous.
@Sendable
private func primitiveCat(_ call: OperatorCall) throws -> FakeValue {
  let tensors = try call.tensors(0)
  guard let first = tensors.first else { throw call.refusal("cat needs at least one tensor") }
  let dim = try call.int(1)
  try call.require(
    dim >= 0 && dim < first.rank, "dim must be in the range of the first tensor's dims, got \(dim)")
  var sizes = first.sizes
  for tensor in tensors.dropFirst() {
    try call.require(tensor.rank == first.rank, "All tensors must have the same number of dimensions.")
    for other in sizes.indices where other != dim {
      try call.check(
        call.shapes.eq(tensor.sizes[other], first.sizes[other]),
        "Sizes of tensors must match except in dimension \(dim).")
    }
  }
  sizes[dim] = call.shapes.sum(tensors.map { $0.sizes[dim] })
  return .tensor(call.mode.tensor(sizes, dtype: first.dtype, device: first.device))
}

/// `prims.copy_to(Tensor(a!) a, Tensor b)`: the same number of elements.
@Sendable
private func primitiveCopyTo(_ call: OperatorCall) throws -> FakeValue {
  let (target, source) = (try call.tensor(0), try call.tensor(1))
  try call.check(
    call.shapes.eq(call.shapes.geometry.numel(target), call.shapes.geometry.numel(source)),
    "Attempting to copy a tensor of another number of elements!")
  call.mode.noteMutation(of: target)
  return .tensor(target)
}

/// `prims.device_put(Tensor a, Device device, bool non_blocking=False)`: keeps the strides.
@Sendable
private func primitiveDevicePut(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  return .tensor(
    call.mode.tensor(
      input.sizes, strides: input.strides, dtype: input.dtype,
      device: try call.device(1)))
}

/// `prims.empty_permuted(SymInt[] shape, int[] physical_layout, *, …)`.
@Sendable
private func primitiveEmptyPermuted(_ call: OperatorCall) throws -> FakeValue {
  let sizes = try call.sizesArgument(0)
  let order = try call.ints(1)
  try call.require(
    order.sorted() == Array(sizes.indices), "Duplicate or out-of-range dim in physical_layout \(order)")
  return .tensor(
    call.mode.tensor(
      sizes, strides: call.shapes.geometry.strides(sizes, fromInnermost: order.reversed()),
      dtype: try call.dtype(2), device: try call.device(3)))
}

/// `prims.empty_strided(SymInt[] shape, SymInt[] strides, *, …)`.
@Sendable
private func primitiveEmptyStrided(_ call: OperatorCall) throws -> FakeValue {
  let sizes = try call.sizesArgument(0)
  let strides = try call.symInts(1)
  try call.require(strides.count == sizes.count, "there must be as many strides as sizes")
  return .tensor(
    call.mode.tensor(
      sizes, strides: strides, dtype: try call.dtype(2), device: try call.device(3)))
}

/// `prims.fft_c2r(Tensor self, *, int[] dim, SymInt last_dim_size)`.
@Sendable
private func primitiveComplexToReal(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  var sizes = input.sizes
  if let last = try call.wrapped(try call.ints(1), rank: input.rank).last, last < sizes.count {
    sizes[last] = try call.symInt(2)
  }
  return .tensor(call.mode.tensor(sizes, dtype: input.dtype.toReal, device: input.device))
}

/// `prims.fft_r2c(Tensor self, *, int[] dim, bool onesided)`: the last dim is halved if one-sided.
@Sendable
private func primitiveRealToComplex(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  guard let dtype = call.complexType(of: input.dtype) else {
    throw call.refusal("no complex dtype for \(input.dtype.name)")
  }
  var sizes = input.sizes
  let dims = try call.wrapped(try call.ints(1), rank: input.rank)
  if try call.bool(2), let last = dims.last, last < sizes.count {
    sizes[last] = call.shapes.add(call.shapes.floorDiv(sizes[last], 2), 1)
  }
  return .tensor(call.mode.tensor(sizes, dtype: dtype, device: input.device))
}

/// `prims.frexp(Tensor self) -> (Tensor mantissa, Tensor exponent)`.
@Sendable
private func primitiveFrexp(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.require(input.dtype, isNotIn: [.bool, .integer, .complex])
  return .tuple([.tensor(call.emptyLike(input)), .tensor(call.emptyLike(input, dtype: .int32))])
}

/// `prims.full_like(Tensor a, Scalar fill_value, *, ScalarType dtype, Device device, bool requires_grad)`.
@Sendable
private func primitiveFullLike(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let isEmpty = try call.isEqual(call.shapes.geometry.numel(input), 0)
  return .tensor(
    call.mode.tensor(
      input.sizes, strides: isEmpty ? input.strides : call.preservedStrides(input),
      dtype: try call.dtype(2), device: try call.device(3)))
}

/// `prims.iota(SymInt length, *, SymInt start, SymInt step, ScalarType dtype, …)`: integers, `step ≠ 0`.
@Sendable
private func primitiveIota(_ call: OperatorCall) throws -> FakeValue {
  let dtype = try call.dtype(3)
  try call.require(dtype.isIntegral, "prims.iota only supports integer dtypes")
  try call.check(call.shapes.ne(try call.symInt(2), 0), "step must be nonzero")
  let length = try call.symInt(0)
  try call.check(
    call.shapes.ge(length, 0),
    "Trying to create tensor with negative dimension \(call.shapes.text(of: length))")
  return .tensor(call.mode.tensor([length], dtype: dtype, device: try call.device(4)))
}

/// `prims.maximum_value(ScalarType dtype)`, `prims.minimum_value`: a number of the dtype's category; always
/// -1 in propagation.
@Sendable
private func primitiveExtreme(_ call: OperatorCall) throws -> FakeValue {
  switch try call.dtypeOrNumber(0).category {
  case .bool: .bool(true)
  case .float: .float(-1)
  case .complex: .complex(-1, 0)
  default: .int(-1)
  }
}

/// `prims.reshape(Tensor a, SymInt[] shape)`: contiguous, the same number of elements.
@Sendable
private func primitiveReshape(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let sizes = try call.sizesArgument(1)
  try call.check(
    call.shapes.eq(call.shapes.geometry.numel(input), call.shapes.product(sizes)),
    "Attempting to reshape a tensor to a shape with another number of elements!")
  return .tensor(call.mode.tensor(sizes, dtype: input.dtype, device: input.device))
}

/// `prims.rev(Tensor a, int[] dims)`.
@Sendable
private func primitiveReverse(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  _ = try call.wrapped(try call.ints(1), rank: input.rank)
  return .tensor(call.emptyLike(input))
}

/// `prims.svd(Tensor A, *, bool full_matrices) -> (Tensor U, Tensor S, Tensor Vh)`.
@Sendable
private func primitiveSVD(_ call: OperatorCall) throws -> FakeValue {
  let matrix = try call.tensor(0)
  try call.require(matrix.rank >= 2, "linalg.svd: The input tensor must have at least 2 dimensions.")
  try call.require(matrix.dtype, isNotIn: [.bool, .integer])
  let shapes = call.shapes
  let (rows, columns) = (matrix.sizes[matrix.rank - 2], matrix.sizes[matrix.rank - 1])
  let rank = shapes.min(rows, columns)
  let isFull = try call.bool(1)
  let batch = matrix.sizes.leading(droppingLast: 2)
  let right = batch.appending(isFull ? columns : rank, columns)
  let vh =
    matrix.device.type == .cuda
    ? call.newTensor(right, like: matrix) : call.newColumnMajor(right, like: matrix)
  return .tuple([
    .tensor(call.newColumnMajor(batch.appending(rows, isFull ? rows : rank), like: matrix)),
    .tensor(call.newTensor(batch.appending(rank), like: matrix, dtype: matrix.dtype.toReal)), .tensor(vh),
  ])
}

/// `prims.uniform(SymInt[] shape, *, Scalar low, Scalar high, ScalarType dtype, Device device, SymInt[] stride, …)`.
@Sendable
private func primitiveUniform(_ call: OperatorCall) throws -> FakeValue {
  let sizes = try call.sizesArgument(0)
  let strides = try call.symInts(5)
  try call.require(strides.count == sizes.count, "there must be as many strides as sizes")
  return .tensor(
    call.mode.tensor(
      sizes, strides: strides, dtype: try call.dtype(3),
      device: try call.device(4)))
}
