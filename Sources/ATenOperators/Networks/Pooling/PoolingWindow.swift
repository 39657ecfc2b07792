import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// The kernel, stride, padding and dilation of a pooling window, one value per spatial dim.
struct PoolingWindow {
  var kernel: Sizes
  var stride: Sizes
  var padding: Sizes
  var dilation: Sizes
  var isCeiling = false

  /// Reads kernel, stride, padding and dilation, if there is one, starting at argument `first`.
  ///
  /// A single value applies to all dims; the stride defaults to the kernel.
  init(_ call: OperatorCall, spatial: Int, first: Int, hasDilation: Bool = false) throws {
    func values(_ position: Int) throws -> Sizes {
      let values = try call.symInts(position)
      try call.require(
        values.count == 1 || values.count == spatial,
        "pooling parameters must be a single int, or a tuple of \(spatial) ints")
      return values.count == 1 ? Sizes(repeating: values[0], count: spatial) : values
    }
    kernel = try values(first)
    stride = try call.symInts(first + 1).isEmpty ? kernel : try values(first + 1)
    padding = try values(first + 2)
    dilation = hasDilation ? try values(first + 3) : Sizes(repeating: 1, count: spatial)
  }

  /// Turns a window over one dim into one over two, of height 1.
  mutating func lift() {
    kernel.insert(1, at: 0)
    stride.insert(1, at: 0)
    padding.insert(0, at: 0)
    dilation.insert(1, at: 0)
  }
}

extension OperatorCall {
  /// The sizes of `input` after pooling its last dims; `given` overrides the pooled sizes.
  ///
  /// - Throws: a refusal for windows that do not fit and for empty inputs or results.
  /// - Source: `pooling_output_shape`, `pool2d_shape_check`, `pool3d_shape_check`, `_meta_registrations.py`.
  func pooledSizes(
    _ input: FakeTensor, _ window: PoolingWindow, isAverage: Bool, given: Sizes? = nil
  ) throws -> Sizes {
    let count = window.kernel.count
    try require(
      input.rank == count + 1 || input.rank == count + 2,
      "Expected \(count + 1)D or \(count + 2)D (batch mode) tensor for input, but got: "
        + shapes.shortText(of: input.sizes))
    var sizes = input.sizes
    let first = input.rank - count
    for dim in 0..<count {
      sizes[first + dim] = try given?[dim] ?? pooledSize(input.sizes[first + dim], window, dim)
    }
    for (values, name) in [
      (window.kernel, "kernel size"), (window.stride, "stride"),
      (
        window.dilation,
        "dilation"
      ),
    ] {
      for value in values {
        try require(try evaluate(shapes.gt(value, 0)), "\(name) should be greater than zero")
      }
    }
    if count == 2 { try checkNotEmpty2d(input) } else { try checkNotEmpty3d(input) }
    if isAverage, count == 3 {
      var fits = SymBool(true)
      for dim in 0..<count {
        fits = shapes.and(fits, shapes.ge(input.sizes[first + dim], window.kernel[dim]))
      }
      try check(fits, "input image \(shapes.shortText(of: input.sizes)) smaller than kernel size")
    }
    var (isHalf, isPositive) = (SymBool(true), SymBool(true))
    for dim in 0..<count {
      isHalf = shapes.and(isHalf, shapes.ge(shapes.floorDiv(window.kernel[dim], 2), window.padding[dim]))
      isPositive = shapes.and(isPositive, shapes.ge(sizes[first + dim], 1))
    }
    try check(isHalf, "pad should be smaller than or equal to half of kernel size")
    try check(
      isPositive,
      "Given input size: \(shapes.shortText(of: input.sizes)). Calculated output size: "
        + "\(shapes.shortText(of: sizes)). Output size is too small")
    return sizes
  }

  private func pooledSize(_ size: SymInt, _ window: PoolingWindow, _ dim: Int) throws -> SymInt {
    let (kernel, stride, padding) = (window.kernel[dim], window.stride[dim], window.padding[dim])
    try check(shapes.ne(stride, 0), "stride should not be zero")
    try check(shapes.ge(padding, 0), "pad must be non-negative, but got pad: \(shapes.text(of: padding))")
    let reach = shapes.mul(window.dilation[dim], shapes.sub(kernel, 1))
    try check(
      shapes.le(padding, shapes.floorDiv(shapes.add(reach, 1), 2)),
      "pad should be at most half of effective kernel size, but got pad=\(shapes.text(of: padding)), "
        + "kernel_size=\(shapes.text(of: kernel)) and dilation=\(shapes.text(of: window.dilation[dim]))")
    try require(stride != 0, "stride should not be zero")
    let padded = shapes.add(shapes.add(size, padding), padding)
    var steps = shapes.sub(shapes.sub(padded, reach), 1)
    if window.isCeiling { steps = shapes.add(steps, shapes.sub(stride, 1)) }
    let result = shapes.add(shapes.floorDiv(steps, stride), 1)
    guard window.isCeiling else { return result }
    // The last window must start inside the input or its left padding.
    let start = shapes.mul(shapes.sub(result, 1), stride)
    return try evaluate(shapes.ge(start, shapes.add(size, padding))) ? shapes.sub(result, 1) : result
  }

  /// Requires every dim except the batch to be non-empty.
  private func checkNotEmpty2d(_ input: FakeTensor) throws {
    var isFilled = SymBool(true)
    for size in input.sizes.suffix(3) { isFilled = shapes.and(isFilled, shapes.ne(size, 0)) }
    try check(
      isFilled,
      "Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got: "
        + shapes.shortText(of: input.sizes))
  }

  private func checkNotEmpty3d(_ input: FakeTensor) throws {
    for size in input.sizes.suffix(4) {
      try check(
        shapes.gt(size, 0),
        "Expected input's non-batch dimensions to have positive length, but input has a shape of "
          + shapes.shortText(of: input.sizes))
    }
  }
}
