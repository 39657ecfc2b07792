import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Average and max pooling with a window, and their gradients.
///
/// Sizes: `(n + 2·padding - dilation·(kernel - 1) - 1) // stride + 1`, rounded up with `ceil_mode`.
/// Rows are in alphabetical order.
let pooling: [OperatorRow] = [
  OperatorRow("avg_pool1d") { call in
    .tensor(try call.pool1d { try $0.averagePool(spatial: 2, input: $1, isLifted: true) })
  },
  OperatorRow("avg_pool2d") { .tensor(try $0.averagePool(spatial: 2, input: try $0.tensor(0))) },
  OperatorRow("avg_pool2d_backward") { .tensor(try $0.averagePoolBackward(spatial: 2)) },
  OperatorRow("avg_pool3d") { .tensor(try $0.averagePool(spatial: 3, input: try $0.tensor(0))) },
  OperatorRow("avg_pool3d_backward") { .tensor(try $0.averagePoolBackward(spatial: 3)) },
  OperatorRow("max_pool1d", maxPool1d),
  OperatorRow("max_pool1d_with_indices", maxPool1dWithIndices),
  OperatorRow("max_pool2d") { .tensor(try $0.maxPool(spatial: 2, input: try $0.tensor(0))) },
  OperatorRow("max_pool2d_with_indices") { call in
    let values = try call.maxPool(spatial: 2, input: try call.tensor(0))
    return .tensors(values, call.indices(like: values))
  },
  OperatorRow("max_pool2d_with_indices_backward") { .tensor(try $0.maxPoolBackward(spatial: 2)) },
  OperatorRow("max_pool3d") { .tensor(try $0.maxPool(spatial: 3, input: try $0.tensor(0))) },
  OperatorRow("max_pool3d_with_indices") { call in
    let values = try call.maxPool(spatial: 3, input: try call.tensor(0))
    return .tensors(values, call.indices(like: values))
  },
  OperatorRow("max_pool3d_with_indices_backward") { .tensor(try $0.maxPoolBackward(spatial: 3)) },
]

extension OperatorCall {
  /// A tensor for the indices of the maxima.
  func indices(like values: FakeTensor) -> FakeTensor {
    mode.tensor(values.sizes, strides: values.strides, dtype: .int64, device: values.device)
  }

  /// `avg_poolNd(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)`.
  ///
  /// - Source: `meta_avg_pool2d`, `meta_avg_pool3d`, `torch/_meta_registrations.py`.
  fileprivate func averagePool(spatial: Int, input: FakeTensor, isLifted: Bool = false) throws -> FakeTensor {
    var window = try PoolingWindow(self, spatial: isLifted ? 1 : spatial, first: 1)
    if isLifted { window.lift() }
    try require(
      ![.uint8, .uint16, .uint32, .uint64].contains(input.dtype),
      "\"avg_pool\(spatial)d\" not implemented for '\(input.dtype.name)'")
    window.isCeiling = try bool(4)
    if !isLifted, !isNone(6) { try require(try int(6) != 0, "divisor must be not zero") }
    // Found before the sizes are checked: a size that may be empty tells nothing about the format.
    let format: MemoryFormat = spatial == 2 ? shapes.geometry.suggestedMemoryFormat(input) : .contiguous
    let sizes = try pooledSizes(input, window, isAverage: true)
    return mode.tensor(
      sizes, strides: shapes.geometry.strides(sizes, format), dtype: input.dtype, device: input.device)
  }

  /// `avg_poolNd_backward(grad_output, self, kernel_size, stride, padding, ceil_mode, …)`.
  fileprivate func averagePoolBackward(spatial: Int) throws -> FakeTensor {
    let (gradient, input) = (try tensor(0), try tensor(1))
    var window = try PoolingWindow(self, spatial: spatial, first: 2)
    window.isCeiling = try bool(5)
    if !isNone(7) { try require(try int(7) != 0, "divisor must be not zero") }
    let sizes = try pooledSizes(input, window, isAverage: true)
    try checkFits(gradient, sizes, lastDims: spatial + 1)
    let format: MemoryFormat = spatial == 2 ? shapes.geometry.suggestedMemoryFormat(input) : .contiguous
    return mode.tensor(
      input.sizes, strides: shapes.geometry.strides(input.sizes, format), dtype: input.dtype,
      device: input.device)
  }

  /// `max_poolNd(input, kernel_size, stride, padding, dilation, ceil_mode)`.
  ///
  /// - Source: `meta_max_pool2d_with_indices`, `meta_max_pool3d_with_indices`, `_meta_registrations.py`.
  fileprivate func maxPool(spatial: Int, input: FakeTensor, isLifted: Bool = false) throws -> FakeTensor {
    var window = try PoolingWindow(self, spatial: isLifted ? 1 : spatial, first: 1, hasDilation: true)
    if isLifted { window.lift() }
    window.isCeiling = try bool(5)
    let format = poolingFormat(input, spatial)
    let sizes = try pooledSizes(input, window, isAverage: false)
    return mode.tensor(
      sizes, strides: shapes.geometry.strides(sizes, format), dtype: input.dtype, device: input.device)
  }

  /// `max_poolNd_with_indices_backward(grad_output, self, kernel_size, stride, padding, dilation, ceil_mode,
  /// indices)`.
  fileprivate func maxPoolBackward(spatial: Int) throws -> FakeTensor {
    let (gradient, input, indices) = (try tensor(0), try tensor(1), try tensor(7))
    var window = try PoolingWindow(self, spatial: spatial, first: 2, hasDilation: true)
    window.isCeiling = try bool(6)
    if spatial == 2 {
      try require(
        input.dtype == gradient.dtype,
        "Expected dtype \(input.dtype.name) for `gradOutput` but got dtype \(gradient.dtype.name)")
    }
    // In three dims PyTorch takes the pooled sizes from the gradient.
    let given = spatial == 3 && gradient.rank >= 3 ? Sizes(gradient.sizes.suffix(3)) : nil
    let sizes = try pooledSizes(input, window, isAverage: false, given: given)
    try checkFits(gradient, sizes, lastDims: spatial + 1)
    try checkFits(indices, sizes, lastDims: spatial + 1)
    let format = poolingFormat(input, spatial)
    return mode.tensor(
      input.sizes, strides: shapes.geometry.strides(input.sizes, format), dtype: input.dtype,
      device: input.device)
  }

  /// Only batched inputs keep a channels-last format.
  private func poolingFormat(_ input: FakeTensor, _ spatial: Int) -> MemoryFormat {
    input.rank == spatial + 2 ? shapes.geometry.suggestedMemoryFormat(input) : .contiguous
  }

  /// Source: `check_dim_size`, `torch/_meta_registrations.py`.
  private func checkFits(_ tensor: FakeTensor, _ sizes: Sizes, lastDims count: Int) throws {
    try require(
      tensor.rank == sizes.count,
      "Expected a tensor of dimension \(sizes.count), but got dimension \(tensor.rank)")
    for dim in Swift.max(0, sizes.count - count)..<sizes.count {
      try check(
        shapes.eq(tensor.sizes[dim], sizes[dim]),
        "Expected tensor.size[\(dim)] to be \(shapes.text(of: sizes[dim])), but got "
          + shapes.text(of: tensor.sizes[dim]))
    }
  }

  /// Pools `[*, C, L]` as `[*, C, 1, L]` and drops the extra dim.
  func pool1d(_ pool: (OperatorCall, FakeTensor) throws -> FakeTensor) throws -> FakeTensor {
    squeezedHeight(try pool(self, try liftedInput()))
  }

  func liftedInput() throws -> FakeTensor {
    let input = try tensor(0)
    try require(
      input.rank == 2 || input.rank == 3,
      "Expected 2 to 3 dimensions, but got \(input.rank)-dimensional tensor")
    return try views.unsqueeze(input, -2)
  }

  /// `tensor.squeeze(-2)` if that dim is known to be 1.
  func squeezedHeight(_ tensor: FakeTensor) -> FakeTensor {
    guard tensor.rank >= 2 else { return tensor }
    var (sizes, strides) = (tensor.sizes, tensor.strides)
    sizes.remove(at: sizes.count - 2)
    strides.remove(at: strides.count - 2)
    return mode.view(of: tensor, sizes: sizes, strides: strides)
  }
}

/// `max_pool1d_with_indices(self, kernel_size, stride, padding, dilation, ceil_mode)`: values and positions.
@Sendable
private func maxPool1dWithIndices(_ call: OperatorCall) throws -> FakeValue {
  let values = try call.maxPool(spatial: 2, input: try call.liftedInput(), isLifted: true)
  return .tensors(call.squeezedHeight(values), call.squeezedHeight(call.indices(like: values)))
}

/// `max_pool1d(self, kernel_size, stride, padding, dilation, ceil_mode)`.
///
/// - Guards: no dim except the batch is empty; specializes the length.
/// - Source: `max_pool1d`, `aten/src/ATen/native/MaxPooling.cpp`.
@Sendable
private func maxPool1d(_ call: OperatorCall) throws -> FakeValue {
  let (input, shapes) = (try call.tensor(0), call.shapes)
  try call.require(input.rank == 2 || input.rank == 3, "max_pool1d: Expected 2D or 3D (batch mode) tensor")
  for size in input.sizes.suffix(2) {
    try call.require(
      try call.evaluate(shapes.ne(size, 0)),
      "max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got:"
        + shapes.shortText(of: input.sizes))
  }
  _ = try call.evaluateInt(input.sizes[input.rank - 1])
  return .tensor(try call.pool1d { try $0.maxPool(spatial: 2, input: $1, isLifted: true) })
}
