import FakeTensors
import OperatorSchemas
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Resampling of `[N, C, *]` to other spatial sizes, and the gradients.
///
/// Rows are in alphabetical order.
let upsampling: [OperatorRow] = [
  .antialiased("_upsample_bicubic2d_aa"),
  .backward("_upsample_bicubic2d_aa_backward", spatial: 2, keepsFormat: false),
  .antialiased("_upsample_bicubic2d_aa.vec"),
  .antialiased("_upsample_bilinear2d_aa"),
  .antialiased("_upsample_bilinear2d_aa.vec"),
  .backward("_upsample_bilinear2d_aa_backward", spatial: 2, isFixed: false),
  .antialiased("_upsample_lanczos2d_aa"),
  .antialiased("_upsample_lanczos2d_aa.vec"),
  .backward("_upsample_lanczos2d_aa_backward", spatial: 2, isFixed: false),
  .nearest("_upsample_nearest_exact1d", spatial: 1),
  .backward("_upsample_nearest_exact1d_backward", spatial: 1),
  .nearest("_upsample_nearest_exact2d", spatial: 2),
  .backward("_upsample_nearest_exact2d_backward", spatial: 2, isFixed: false),
  .nearest("_upsample_nearest_exact3d", spatial: 3),
  .backward("_upsample_nearest_exact3d_backward", spatial: 3, keepsFormat: false),
  .linear("upsample_bicubic2d", spatial: 2),
  .backward("upsample_bicubic2d_backward", spatial: 2, keepsFormat: false),
  .linear("upsample_bilinear2d", spatial: 2),
  .backward("upsample_bilinear2d_backward", spatial: 2),
  .linear("upsample_linear1d", spatial: 1),
  .backward("upsample_linear1d_backward", spatial: 1),
  .nearest("upsample_nearest1d", spatial: 1),
  .backward("upsample_nearest1d_backward", spatial: 1),
  .nearest("upsample_nearest2d", spatial: 2),
  .backward("upsample_nearest2d_backward", spatial: 2, isFixed: false),
  .nearest("upsample_nearest3d", spatial: 3),
  .backward("upsample_nearest3d_backward", spatial: 3, keepsFormat: false),
  .linear("upsample_trilinear3d", spatial: 3),
  .backward("upsample_trilinear3d_backward", spatial: 3),
]

extension OperatorRow {
  /// `(input, output_size, scales…)`, and `vec`: `(input, output_size?, scale_factors?)`.
  fileprivate static func nearest(_ name: String, spatial: Int) -> OperatorRow {
    OperatorRow(name) { call in .tensor(try call.nearest(spatial: spatial)) }
  }

  /// `(input, output_size, align_corners, scales…)`, and `vec`: `(input, output_size?, align_corners,
  /// scale_factors?)`.
  ///
  /// Source: `_upsample_linear`, `torch/_decomp/decompositions.py`.
  fileprivate static func linear(_ name: String, spatial: Int) -> OperatorRow {
    OperatorRow(name) { call in .tensor(try call.interpolated(spatial: spatial)) }
  }

  /// Like linear, with the kernel's checks.
  ///
  /// Source: `meta_upsample_bimode2d_aa`, `_meta_registrations.py`.
  fileprivate static func antialiased(_ name: String) -> OperatorRow {
    OperatorRow(name) { call in
      let input = try call.tensor(0)
      let sizes = try call.checkedSizes(input, try call.resampledSizes(input, 3), spatial: 2)
      try call.requireFilled(input)
      try call.requireDecidedFormat(sizes)
      return .tensor(call.resampled(input, sizes, keepsAmbiguous: false))
    }
  }

  /// `(grad_output, output_size, input_size, …)`: the input's sizes; all are specialized if the only rule is in C++.
  fileprivate static func backward(
    _ name: String, spatial: Int, keepsFormat: Bool = true, isFixed: Bool = true
  ) -> OperatorRow {
    OperatorRow(name) { call in
      .tensor(try call.resamplingGradient(spatial: spatial, keepsFormat: keepsFormat, isFixed: isFixed))
    }
  }
}

extension OperatorCall {
  private var isVectorForm: Bool { schema.name.overload.hasPrefix("vec") }

  /// The given output sizes, or the input's times the `scale_factors` at `factors`, truncated.
  ///
  /// - Source: `upsample_compute_output_size`, `torch/_decomp/decompositions.py`.
  fileprivate func resampledSizes(_ input: FakeTensor, _ factors: Int) throws -> Sizes {
    let given = try optionalSymInts(1)
    guard isVectorForm else {
      guard let given else { throw refusal("output_size must be given") }
      return given
    }
    guard let scales = self[factors].elements else {
      guard let given else {
        throw refusal("Must specify exactly one of output_size and scale_factors")
      }
      try require(given.count == input.rank - 2, "output_size must have \(input.rank - 2) values")
      return given
    }
    try require(given == nil, "Must specify exactly one of output_size and scale_factors")
    try require(scales.count == input.rank - 2, "scale_factors must have \(input.rank - 2) values")
    var sizes = Sizes()
    for (size, factor) in zip(input.sizes.dropFirst(2), scales) { sizes.append(try scaled(size, factor)) }
    return sizes
  }

  private func scaled(_ size: SymInt, _ factor: FakeValue) throws -> SymInt {
    let scale: Double
    switch factor {
    case .float(let value): scale = value
    case .symInt(let value): return shapes.mul(size, value)
    case .symFloat(let value):
      return numbers.toInt(.float(shapes.arena.mul(numbers.toFloat(.int(size)), value.expression)))
    default: throw refusal("scale_factors must be numbers")
    }
    if let whole = Int(exactly: scale) { return shapes.mul(size, SymInt(whole)) }
    if let constant = size.constant {
      guard let result = Int(exactly: (Double(constant) * scale).rounded(.towardZero)) else {
        throw refusal("the scaled size is not an integer")
      }
      return SymInt(result)
    }
    return numbers.toInt(.float(shapes.arena.mul(numbers.toFloat(.int(size)), shapes.arena.float(scale))))
  }

  /// `[N, C, *output]` after the checks of the kernels.
  ///
  /// - Guards: input and output sizes are positive.
  /// - Source: `upsample_common_check`, `torch/_meta_registrations.py`.
  fileprivate func checkedSizes(_ inputSizes: Sizes, _ output: Sizes, spatial: Int) throws -> Sizes {
    try require(
      output.count == spatial,
      "It is expected output_size equals to \(spatial), but got size \(output.count)")
    try require(
      inputSizes.count == spatial + 2,
      "It is expected input_size equals to \(spatial + 2), but got size \(inputSizes.count)")
    for size in Array(inputSizes.dropFirst(2)) + Array(output) {
      try require(
        try evaluate(shapes.gt(size, 0)),
        "Input and output sizes should be greater than 0, but got input size "
          + "\(shapes.shortText(of: inputSizes)) and output size \(shapes.shortText(of: output))")
    }
    return Sizes(Array(inputSizes.prefix(2)) + Array(output))
  }

  fileprivate func checkedSizes(_ input: FakeTensor, _ output: Sizes, spatial: Int) throws -> Sizes {
    try checkedSizes(input.sizes, output, spatial: spatial)
  }

  /// Requires every dim except the batch to be non-empty.
  fileprivate func requireFilled(_ input: FakeTensor) throws {
    if try evaluate(shapes.ne(shapes.geometry.numel(input), 0)) { return }
    for size in input.sizes.dropFirst() {
      try require(
        try !isEqual(size, 0),
        "Non-empty data tensor expected but got a tensor with sizes \(shapes.shortText(of: input.sizes))")
    }
  }

  /// A result in the input's memory format.
  ///
  /// A result that is contiguous in several formats keeps contiguous strides if PyTorch calls `contiguous(format)`, but
  /// not if it calls `to(memory_format=…)`.
  fileprivate func resampled(
    _ input: FakeTensor, _ sizes: Sizes, keepsAmbiguous: Bool, isContiguous: Bool = false
  ) -> FakeTensor {
    let format = isContiguous ? .contiguous : shapes.geometry.suggestedMemoryFormat(input)
    let plain = newTensor(sizes, like: input)
    if keepsAmbiguous, shapes.geometry.isContiguous(plain, format) { return plain }
    return mode.tensor(
      sizes, strides: shapes.geometry.strides(sizes, format), dtype: input.dtype, device: input.device)
  }

  fileprivate func nearest(spatial: Int) throws -> FakeTensor {
    let input = try tensor(0)
    let output = try resampledSizes(input, 2)
    try require(
      input.rank >= output.count + 2,
      "too many indices for tensor of dimension \(input.rank) (got \(output.count + 2))")
    let hasScales = isVectorForm && self[2].elements != nil
    for (size, scaled) in zip(input.sizes.dropFirst(2), output) {
      try requireDivisor(hasScales ? size : scaled)
      try check(shapes.ge(scaled, 0), "sizes must not be negative")
    }
    askAboutPositions(output, .onesAndLayout)
    let sizes = Sizes(
      Array(input.sizes.prefix(2)) + Array(output) + Array(input.sizes.dropFirst(output.count + 2)))
    if input.rank == 3, let length = output.first {
      // Concrete sizes are handled by the kernel, all others by the Python form.
      if !isVectorForm, !isSymbolic { return newTensor(sizes, like: input) }
      let positions = mode.tensor([length], dtype: .int64, device: input.device)
      return try atenTensor(
        "_unsafe_index.Tensor", .tensor(input), .list([.none, .none, .tensor(positions)]))
    }
    let isContiguous = try input.rank == 4 && isSymbolic && hasFewChannels(input, below: 4)
    return resampled(input, sizes, keepsAmbiguous: true, isContiguous: isContiguous)
  }

  /// Whether a CUDA tensor has so few channels that PyTorch's Python form leaves the channels-last format.
  private func hasFewChannels(_ input: FakeTensor, below limit: SymInt) throws -> Bool {
    guard input.device.type == .cuda else { return false }
    return try evaluate(shapes.lt(input.sizes[1], limit))
  }

  private func requireRank(_ input: FakeTensor, _ spatial: Int) throws {
    try require(
      input.rank == spatial + 2,
      "expected a \(spatial + 2)-dimensional input, but got \(input.rank) dimensions")
  }

  /// - Guards: with `align_corners`, whether each output size is more than 1.
  fileprivate func interpolated(spatial: Int) throws -> FakeTensor {
    let input = try tensor(0)
    let isBicubic = schema.name.base == "upsample_bicubic2d"
    if isBicubic { try requireRank(input, spatial) }
    // An input with fewer spatial dims uses only that many sizes.
    let output = Sizes(try resampledSizes(input, 3).prefix(Swift.max(0, input.rank - 2)))
    try require(
      input.rank >= 2 && output.count == input.rank - 2, "output_size must have \(spatial) values")
    let alignsCorners = try bool(2)
    for size in output {
      if alignsCorners { _ = try evaluate(shapes.gt(size, 1)) } else if isNone(3) { try requireDivisor(size) }
      try check(shapes.ge(size, 0), "sizes must not be negative")
    }
    askAboutPositions(output, .layout)
    let sizes = Sizes(Array(input.sizes.prefix(2)) + Array(output))
    let isContiguous = try !isBicubic && hasFewChannels(input, below: 16)
    let result = resampled(input, sizes, keepsAmbiguous: true, isContiguous: isContiguous)
    // Integers are rounded at the end, which is an elementwise operator.
    return input.dtype.isFloatingPoint ? result : try pointwise([result], dtype: input.dtype)
  }

  /// The positions of the results along each dim are scaled numbers.
  private func askAboutPositions(_ output: Sizes, _ questions: SizeQuestions) {
    for size in output where size.isSymbolic { ask(questions, of: mode.tensor([size], dtype: .float32)) }
  }

  /// A scale is the quotient of two sizes, so the divisor must not be 0.
  private func requireDivisor(_ size: SymInt) throws {
    try require(!shapes.staticallyKnownTrue(shapes.eq(size, 0)), "division by zero")
  }

  /// Source: `upsample_nearest2d_backward`, `_meta_registrations.py`; `TORCH_META_FUNC(upsample_…_backward)`.
  fileprivate func resamplingGradient(spatial: Int, keepsFormat: Bool, isFixed: Bool) throws -> FakeTensor {
    let gradient = try tensor(0)
    var (inputSizes, outputSizes) = (try symInts(2), try symInts(1))
    if isFixed {
      inputSizes = Sizes(try inputSizes.map { SymInt(try evaluateInt($0)) })
      outputSizes = Sizes(try outputSizes.map { SymInt(try evaluateInt($0)) })
      for size in gradient.sizes { _ = try evaluateInt(size) }
    }
    let expected = try checkedSizes(inputSizes, outputSizes, spatial: spatial)
    try require(
      gradient.rank == spatial + 2,
      "Expected grad_output to be a tensor of dimension \(spatial + 2) but got: dimension \(gradient.rank)")
    for dim in expected.indices {
      try check(
        shapes.eq(gradient.sizes[dim], expected[dim]),
        "Expected grad_output to have the same shape as output")
    }
    if !isFixed { try requireDecidedFormat(inputSizes) }
    if keepsFormat { return resampled(gradient, inputSizes, keepsAmbiguous: false) }
    return newTensor(inputSizes, like: gradient)
  }
}
