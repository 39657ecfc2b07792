import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Pooling to given sizes, and its gradients; fractional pooling; max unpooling.
///
/// Rows are in alphabetical order.
let adaptivePooling: [OperatorRow] = [
  OperatorRow("_adaptive_avg_pool2d") { call in
    .tensor(try call.adaptiveAverage(try call.tensor(0), try call.symInts(1), spatial: 2))
  },
  OperatorRow("_adaptive_avg_pool2d_backward") { .tensor(try $0.adaptiveAverageBackward(spatial: 2)) },
  OperatorRow("_adaptive_avg_pool3d") { call in
    .tensor(try call.adaptiveAverage(try call.tensor(0), try call.symInts(1), spatial: 3))
  },
  OperatorRow("_adaptive_avg_pool3d_backward") { .tensor(try $0.adaptiveAverageBackward(spatial: 3)) },
  OperatorRow("adaptive_avg_pool1d", adaptiveAveragePool1d),
  OperatorRow("adaptive_avg_pool2d") { call in
    .tensor(try call.averageToSizes(try call.tensor(0), try call.symInts(1), spatial: 2))
  },
  OperatorRow("adaptive_avg_pool3d") { call in
    .tensor(try call.averageToSizes(try call.tensor(0), try call.symInts(1), spatial: 3))
  },
  OperatorRow("adaptive_max_pool1d", adaptiveMaxPool1d),
  OperatorRow("adaptive_max_pool2d") { call in
    let values = try call.adaptiveMax(try call.tensor(0), try call.symInts(1), spatial: 2)
    return .tensors(values, call.indices(like: values))
  },
  OperatorRow("adaptive_max_pool2d_backward") { .tensor(try $0.adaptiveMaxBackward(spatial: 2)) },
  OperatorRow("adaptive_max_pool3d") { call in
    let values = try call.adaptiveMax(try call.tensor(0), try call.symInts(1), spatial: 3)
    return .tensors(values, call.indices(like: values))
  },
  OperatorRow("adaptive_max_pool3d_backward") { .tensor(try $0.adaptiveMaxBackward(spatial: 3)) },
  OperatorRow("fractional_max_pool2d", fractionalMaxPool2d),
  OperatorRow("fractional_max_pool2d_backward") { .tensor(try $0.fractionalBackward(spatial: 2)) },
  OperatorRow("fractional_max_pool3d", fractionalMaxPool3d),
  OperatorRow("fractional_max_pool3d_backward") { .tensor(try $0.fractionalBackward(spatial: 3)) },
  OperatorRow("max_unpool2d") { .tensor(try $0.maxUnpool(spatial: 2)) },
  OperatorRow("max_unpool3d") { .tensor(try $0.maxUnpool(spatial: 3)) },
]

extension OperatorCall {
  /// `[*, C, …] → [*, C, …output_size]` with an optional batch dim.
  private func sizes(_ input: FakeTensor, poolingTo output: Sizes, spatial: Int) throws -> Sizes {
    try require(
      input.rank == spatial + 1 || input.rank == spatial + 2,
      "Expected \(spatial + 1)D or \(spatial + 2)D tensor, but got \(shapes.shortText(of: input.sizes))")
    var sizes = input.sizes.leading(droppingLast: spatial)
    for size in output {
      try check(
        shapes.ge(size, 0),
        "Trying to create tensor with negative dimension \(shapes.text(of: size))")
      sizes.append(size)
    }
    return sizes
  }

  private func result(_ sizes: Sizes, like input: FakeTensor, spatial: Int) -> FakeTensor {
    let format: MemoryFormat = spatial == 2 ? shapes.geometry.suggestedMemoryFormat(input) : .contiguous
    return mode.tensor(
      sizes, strides: shapes.geometry.strides(sizes, format), dtype: input.dtype, device: input.device)
  }

  /// Source: `meta_adaptive_avg_pool2d`, `meta_adaptive_avg_pool3d`, `torch/_meta_registrations.py`.
  fileprivate func adaptiveAverage(_ input: FakeTensor, _ output: Sizes, spatial: Int) throws -> FakeTensor {
    result(try sizes(input, poolingTo: output, spatial: spatial), like: input, spatial: spatial)
  }

  /// The public form: a mean if all output sizes are 1.
  ///
  /// - Guards: output sizes are non-negative; whether they are 1.
  /// - Source: `adaptive_avg_pool2d_symint`, `aten/src/ATen/native/AdaptiveAveragePooling.cpp`.
  fileprivate func averageToSizes(_ input: FakeTensor, _ output: Sizes, spatial: Int) throws -> FakeTensor {
    try require(output.count == spatial, "adaptive_avg_pool\(spatial)d: output_size must be \(spatial)")
    for size in output {
      try require(
        try evaluate(shapes.ge(size, 0)),
        "adaptive_avg_pool\(spatial)d: elements of output_size must be greater than or equal to 0")
    }
    for size in output where try !isEqual(size, 1) {
      return try adaptiveAverage(input, output, spatial: spatial)
    }
    try require(
      input.dtype.isFloatingPoint || input.dtype.isComplex,
      "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype.")
    try require(input.rank >= spatial, "Dimension out of range")
    var sizes = input.sizes.leading(droppingLast: spatial)
    for _ in 0..<spatial { sizes.append(1) }
    let isBatched = input.rank == spatial + 2
    let isChannelsLast = isBatched ? try hasDecidedChannelsLast(input.sizes, input.strides) : false
    guard isChannelsLast else { return newTensor(sizes, like: input) }
    var strides = Sizes(repeating: sizes[1], count: sizes.count)
    strides[1] = 1
    return mode.tensor(sizes, strides: strides, dtype: input.dtype, device: input.device)
  }

  /// Source: `meta__adaptive_avg_pool2d_backward`, `meta__adaptive_avg_pool3d_backward`.
  fileprivate func adaptiveAverageBackward(spatial: Int) throws -> FakeTensor {
    let (gradient, input) = (try tensor(0), try tensor(1))
    try checkFilled(gradient)
    if spatial == 2 {
      try require(
        gradient.rank == 3 || gradient.rank == 4,
        "adaptive_avg_pool2d_backward(): Expected 3D or 4D tensor, but got \(shapes.shortText(of: input))")
      try require(
        input.dtype == gradient.dtype,
        "expected dtype \(input.dtype.name) for `grad_output` but got dtype \(gradient.dtype.name)")
      try requireDecidedFormat(input.sizes)
    }
    return result(input.sizes, like: input, spatial: spatial)
  }

  /// Requires every dim except the first to be non-empty.
  private func checkFilled(_ tensor: FakeTensor) throws {
    for dim in tensor.sizes.indices.dropFirst() {
      try check(
        shapes.gt(tensor.sizes[dim], 0),
        "Expected non-zero size for non-batch dimensions, but got \(shapes.shortText(of: tensor.sizes)) "
          + "with dimension \(dim) being empty")
    }
  }

  /// Source: `meta_adaptive_max_pool2d`, `meta_adaptive_max_pool3d`, `torch/_meta_registrations.py`.
  fileprivate func adaptiveMax(_ input: FakeTensor, _ output: Sizes, spatial: Int) throws -> FakeTensor {
    try require(
      input.rank == spatial + 1 || input.rank == spatial + 2,
      "Expected \(spatial + 1)D or \(spatial + 2)D tensor, but got: \(shapes.shortText(of: input.sizes))")
    try checkFilled(input)
    try require(output.count == spatial, "output_size.size() must be \(spatial)")
    let sizes = try sizes(input, poolingTo: output, spatial: spatial)
    if spatial == 2 { try requireDecidedFormat(sizes) }
    return result(sizes, like: input, spatial: spatial)
  }

  /// Source: `meta_adaptive_max_pool2d_backward`, `meta_adaptive_max_pool3d_backward`.
  fileprivate func adaptiveMaxBackward(spatial: Int) throws -> FakeTensor {
    let (gradient, input) = (try tensor(0), try tensor(1))
    if spatial == 2 {
      try require(
        gradient.rank == 3 || gradient.rank == 4, "Expected 3D or 4D grad_output, but got \(gradient.rank)D")
    }
    try checkFilled(gradient)
    if spatial == 2 {
      try require(
        input.dtype == gradient.dtype,
        "expected dtype \(input.dtype.name) for `grad_output` but got dtype \(gradient.dtype.name)")
      try requireDecidedFormat(input.sizes)
    }
    return result(input.sizes, like: input, spatial: spatial)
  }

  /// `fractional_max_poolNd_backward(grad_output, self, kernel_size, output_size, indices)`.
  fileprivate func fractionalBackward(spatial: Int) throws -> FakeTensor {
    let (gradient, input, output) = (try tensor(0), try tensor(1), try symInts(3))
    try require(
      gradient.rank == input.rank && input.rank > spatial && output.count == spatial,
      "fractional_max_pool\(spatial)d_backward(): the gradient does not fit the input")
    for (size, expected) in zip(gradient.sizes.suffix(spatial), output) {
      try require(
        try isEqual(size, expected),
        "fractional_max_pool\(spatial)d_backward(): gradOutput unexpected")
    }
    return newTensor(Sizes(try input.sizes.map { SymInt(try evaluateInt($0)) }), like: input)
  }

  /// `max_unpool2d(self, indices, output_size)`, `max_unpool3d(self, indices, output_size, stride, padding)`.
  ///
  /// - Guards: the indices have the input's sizes; whether the result is empty.
  /// - Source: `max_unpool2d`, `max_unpool3d`, `_max_unpoolnd`, `torch/_decomp/decompositions.py`.
  fileprivate func maxUnpool(spatial: Int) throws -> FakeTensor {
    let (input, indices, output) = (try tensor(0), try tensor(1), try symInts(2))
    try require(indices.dtype == .int64, "elements in indices should be type int64")
    try require(output.count == spatial, "There should be exactly \(spatial) elements in output_size")
    try require(
      input.rank == spatial + 1 || input.rank == spatial + 2,
      "Input to max_unpooling\(spatial)d should be a \(spatial + 1)d or \(spatial + 2)d Tensor")
    if spatial == 3 {
      try require(
        try symInts(3).count == 3 && symInts(4).count == 3,
        "stride and padding need three elements")
    }
    try require(
      input.rank == indices.rank,
      "Expected shape of indices to be same as that of the input tensor")
    for (a, b) in zip(input.sizes, indices.sizes) {
      try require(try isEqual(a, b), "Expected shape of indices to be same as that of the input tensor")
    }
    try checkFilled(input)
    if spatial == 3 {
      for value in try symInts(3) {
        try require(try evaluate(shapes.gt(value, 0)), "strides should be greater than zero")
      }
    }
    let sizes = try sizes(input, poolingTo: output, spatial: spatial)
    for size in sizes where try isEqual(size, 0) { break }
    let keepsFormat = spatial == 2 && input.device.type == .cpu && has(.unpoolingKeepsFormat)
    let format = keepsFormat ? shapes.geometry.suggestedMemoryFormat(input) : .contiguous
    return mode.tensor(
      sizes, strides: shapes.geometry.strides(sizes, format), dtype: input.dtype, device: input.device)
  }
}

/// `adaptive_avg_pool1d(self, output_size)`: pooling of `[*, C, 1, L]`.
@Sendable
private func adaptiveAveragePool1d(_ call: OperatorCall) throws -> FakeValue {
  let output = try call.symInts(1)
  let lifted = try call.liftedInput()
  try call.require(output.count == 1, "adaptive_avg_pool1d() argument 'output_size' should contain one int")
  return .tensor(call.squeezedHeight(try call.averageToSizes(lifted, [1, output[0]], spatial: 2)))
}

/// `adaptive_max_pool1d(self, output_size)`: values and positions.
///
/// - Guards: no dim except the first is empty.
/// - Source: `adaptive_max_pool1d`, `aten/src/ATen/native/Pooling.cpp`.
@Sendable
private func adaptiveMaxPool1d(_ call: OperatorCall) throws -> FakeValue {
  let (input, output) = (try call.tensor(0), try call.symInts(1))
  let lifted = try call.liftedInput()
  try call.require(output.count == 1, "adaptive_max_pool1d() argument 'output_size' should contain one int")
  for size in input.sizes.dropFirst() {
    try call.require(
      try call.evaluate(call.shapes.gt(size, 0)),
      "Expected input to have non-zero size for non-batch dimensions")
  }
  let values = try call.adaptiveMax(lifted, [1, output[0]], spatial: 2)
  return .tensors(call.squeezedHeight(values), call.squeezedHeight(call.indices(like: values)))
}

/// `fractional_max_pool2d(self, kernel_size, output_size, random_samples)`: values and positions.
///
/// - Source: `meta_fractional_max_pool2d`, `torch/_meta_registrations.py`.
@Sendable
private func fractionalMaxPool2d(_ call: OperatorCall) throws -> FakeValue {
  let (input, kernel, output) = (try call.tensor(0), try call.symInts(1), try call.symInts(2))
  let (samples, shapes) = (try call.tensor(3), call.shapes)
  try call.require(
    input.rank == 3 || input.rank == 4,
    "fractional_max_pool2d: Expected 3D or 4D tensor, but got: \(input.rank)")
  for size in input.sizes.suffix(3) {
    try call.check(shapes.gt(size, 0), "Expected input to have non-zero size for non-batch dimensions")
  }
  try call.require(kernel.count == 2 && output.count == 2, "kernel_size and output_size need two elements")
  try call.require(input.dtype == samples.dtype, "Expect _random_samples to have the same dtype as input")
  try call.require(samples.rank == 3, "Expect _random samples to have 3 dimensions got, \(samples.rank)")
  let batch: SymInt = input.rank == 4 ? input.sizes[0] : 1
  try call.check(
    shapes.ge(samples.sizes[0], batch), "Expect _random_samples.size(0) no less then input batch size.")
  try call.check(
    shapes.eq(samples.sizes[1], input.sizes[input.rank - 3]),
    "Expect _random_samples.size(1) equals to input channel size.")
  try call.check(shapes.eq(samples.sizes[2], 2), "Expect _random_samples.size(2) equals to 2")
  var sizes = input.sizes.leading(droppingLast: 2)
  for dim in 0..<2 {
    let size = input.sizes[input.rank - 2 + dim]
    try call.check(
      shapes.le(shapes.sub(shapes.add(output[dim], kernel[dim]), 1), size),
      "fractional_max_pool2d: kernel \(shapes.text(of: kernel[dim])) is too large relative to input "
        + shapes.text(of: size))
    try call.check(shapes.ge(output[dim], 0), "Trying to create tensor with negative dimension")
    sizes.append(output[dim])
  }
  let values = call.newTensor(sizes, like: input)
  return .tensors(values, call.indices(like: values))
}

/// `fractional_max_pool3d(self, kernel_size, output_size, random_samples)`: values and positions.
///
/// - Guards: specializes all sizes.
/// - Source: `TORCH_META_FUNC(fractional_max_pool3d)`, `aten/src/ATen/native/FractionalMaxPool3d.cpp`.
@Sendable
private func fractionalMaxPool3d(_ call: OperatorCall) throws -> FakeValue {
  let (input, kernel, output) = (try call.tensor(0), try call.ints(1), try call.ints(2))
  try call.require(kernel.count == 3 && output.count == 3, "kernel_size and output_size need three elements")
  try call.require(
    input.rank == 4 || input.rank == 5, "fractional_max_pool3d_out(): Expected 4D or 5D tensor")
  var sizes = try input.sizes.map { try call.evaluateInt($0) }
  try call.require(
    sizes.dropFirst().allSatisfy { $0 > 0 }, "Expected input to have non-zero size for non-batch dimensions")
  for dim in 0..<3 {
    let position = sizes.count - 3 + dim
    let (reach, overflows) = output[dim].addingReportingOverflow(kernel[dim])
    try call.require(
      !overflows && reach - 1 < sizes[position] && output[dim] >= 0,
      "fractional_max_pool3d_out(): pool \(kernel[dim]) too large relative to input \(sizes[position])")
    sizes[position] = output[dim]
  }
  let values = call.newTensor(Sizes(sizes.map { SymInt($0) }), like: input)
  return .tensors(values, call.indices(like: values))
}
