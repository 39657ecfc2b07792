import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// The sizes and the memory format of a convolution's result.
extension OperatorCall {
  /// The result of a convolution of an input with a batch dim.
  ///
  /// Sizes: `(n + 2·padding - dilation·(kernel - 1) - 1) // stride + 1`, or for the transposed form
  /// `(n - 1)·stride - 2·padding + dilation·(kernel - 1) + output_padding + 1`.
  ///
  /// - Throws: a refusal if channels, kernel or parameters do not fit.
  /// - Source: `conv`, `torch/_subclasses/fake_impls.py`; `calc_conv_nd_return_shape`,
  ///   `torch/_meta_registrations.py`; `check_shape_forward`, `aten/src/ATen/native/Convolution.cpp`.
  func convolution(_ arguments: Convolution) throws -> FakeTensor {
    let (input, weight) = (arguments.input, arguments.weight)
    try require(
      input.dtype == weight.dtype,
      "Input type (\(input.dtype.name)) and weight type (\(weight.dtype.name)) should be the same")
    try require(
      weight.rank >= 3 && weight.rank == input.rank,
      "Expected \(weight.rank)-dimensional input for \(weight.rank)-dimensional weight "
        + "\(shapes.shortText(of: weight.sizes)), but got \(input.rank)-dimensional input of size "
        + "\(shapes.shortText(of: input.sizes)) instead")
    let format = try convolutionFormat(arguments)
    var sizes: Sizes = [input.sizes[0], try outputChannels(arguments)]
    let spatial = try spatialSizes(arguments)
    for size in spatial { sizes.append(size) }
    try checkNotEmpty(spatial)
    if arguments.isTransposed, has(.transposedConvolutionsCheck), let bias = arguments.biasSizes {
      try check(
        bias.count == 1 ? shapes.eq(bias[0], sizes[1]) : false,
        "expected bias to be 1-dimensional with \(shapes.text(of: sizes[1])) elements, but got bias of size "
          + shapes.shortText(of: bias))
    }
    if shapes.guardOrFalse(shapes.eq(input.sizes[1], 0)) { sizes[1] = 0 }
    // Without data-dependent sizes, the result of the kernel is converted to the chosen format.
    if !weight.sizes.contains(where: shapes.isUnbacked) {
      try askForFormat(sizes)
      if format != .contiguous, shapes.isOpenWhetherOne(sizes) {
        askWhetherDense(newTensor(sizes, like: input))
      }
    }
    return mode.tensor(
      sizes, strides: convolutionStrides(sizes, format), dtype: input.dtype, device: input.device)
  }

  private func outputChannels(_ arguments: Convolution) throws -> SymInt {
    let (input, weight) = (arguments.input, arguments.weight)
    if arguments.isTransposed { return shapes.mul(arguments.groups, weight.sizes[1]) }
    try check(
      shapes.eq(shapes.mul(weight.sizes[1], arguments.groups), input.sizes[1]),
      "Given groups=\(shapes.text(of: arguments.groups)), weight of size \(shapes.shortText(of: weight.sizes)), "
        + "expected input\(shapes.shortText(of: input.sizes)) to have "
        + "\(shapes.text(of: shapes.mul(weight.sizes[1], arguments.groups))) channels, but got "
        + "\(shapes.text(of: input.sizes[1])) channels instead")
    return weight.sizes[0]
  }

  private func spatialSizes(_ arguments: Convolution) throws -> Sizes {
    let (input, weight) = (arguments.input, arguments.weight)
    let count = weight.rank - 2
    let stride = try spatialList(arguments.stride, "stride", count)
    let padding = try spatialList(arguments.padding, "padding", count)
    let dilation = try spatialList(arguments.dilation, "dilation", count)
    let extra = try spatialList(
      arguments.outputPadding.isEmpty ? [0] : arguments.outputPadding, "output_padding", count)
    if arguments.isTransposed, has(.transposedConvolutionsCheck), !arguments.outputPadding.isEmpty {
      for dim in 0..<count {
        let fits =
          try evaluate(shapes.lt(extra[dim], stride[dim]))
          ? true : evaluate(shapes.lt(extra[dim], dilation[dim]))
        try require(fits, "output padding must be smaller than either stride or dilation")
      }
    }
    var (sizes, fits) = (Sizes(), SymBool(true))
    for (dim, reach) in try reaches(arguments).enumerated() {
      if arguments.isTransposed {
        let spread = shapes.mul(shapes.sub(shapes.resolve(input.sizes[dim + 2]), 1), stride[dim])
        let trimmed = shapes.sub(spread, shapes.mul(2, padding[dim]))
        sizes.append(shapes.add(shapes.add(trimmed, reach.kernel), extra[dim]))
      } else {
        fits = shapes.and(fits, shapes.ge(reach.padded, reach.kernel))
        try require(stride[dim] != 0, "non-positive stride is not supported")
        sizes.append(shapes.add(shapes.floorDiv(shapes.sub(reach.padded, reach.kernel), stride[dim]), 1))
      }
    }
    try check(fits, kernelLaw(arguments))
    return sizes
  }

  /// For each spatial dim, the size of the padded input, and how far the dilated kernel reaches.
  private func reaches(_ arguments: Convolution) throws -> [(padded: SymInt, kernel: SymInt)] {
    let count = arguments.weight.rank - 2
    let padding = try spatialList(arguments.padding, "padding", count)
    let dilation = try spatialList(arguments.dilation, "dilation", count)
    return (0..<count).map { dim in
      // Choosing the format may have specialized a size.
      let size = shapes.resolve(arguments.input.sizes[dim + 2])
      let kernel = shapes.sub(shapes.resolve(arguments.weight.sizes[dim + 2]), 1)
      return (
        shapes.add(size, shapes.mul(2, padding[dim])), shapes.add(shapes.mul(dilation[dim], kernel), 1)
      )
    }
  }

  private func kernelLaw(_ arguments: Convolution) -> String {
    "Calculated padded input size per channel is smaller than the kernel: input "
      + "\(shapes.shortText(of: arguments.input.sizes)), weight \(shapes.shortText(of: arguments.weight.sizes)). "
      + "Kernel size can't be greater than actual input size"
  }

  /// Requires that at least one spatial size is positive and none is negative.
  private func checkNotEmpty(_ sizes: Sizes) throws {
    var somePositive = SymBool(false)
    for size in sizes { somePositive = shapes.or(somePositive, shapes.gt(size, 0)) }
    func law() -> String {
      "Calculated output size per channel: \(shapes.shortText(of: sizes)). Output size is too small"
    }
    try check(somePositive, law())
    for size in sizes { try check(shapes.ge(size, 0), law()) }
  }

  /// One value per spatial dim; a single value applies to all.
  ///
  /// - Source: `expand_param_if_needed`, `aten/src/ATen/native/ConvUtils.h`.
  func spatialList(_ values: Sizes, _ name: String, _ count: Int) throws -> Sizes {
    if values.count == 1 { return Sizes(repeating: values[0], count: count) }
    try require(
      values.count == count,
      "expected \(name) to be a single integer value or a list of \(count) values to match the convolution "
        + "dimensions, but got \(name)=\(shapes.shortText(of: values))")
    return values
  }

  func convolutionStrides(_ sizes: Sizes, _ format: MemoryFormat) -> Sizes {
    guard format == .channelsLast, sizes.count == 3 else { return shapes.geometry.strides(sizes, format) }
    return shapes.geometry.strides(sizes, fromInnermost: [1, 2, 0])
  }
}

/// The memory format that the kernel of a convolution returns.
///
/// With an unbacked size, no kernel is selected: the result is contiguous and parameters are not checked.
extension OperatorCall {
  /// - Throws: a refusal for parameters that no kernel supports.
  /// - Source: `_select_conv_backend`, `determine_backend_memory_format`, `aten/src/ATen/native/Convolution.cpp`.
  func convolutionFormat(_ arguments: Convolution) throws -> MemoryFormat {
    let (input, weight) = (arguments.input, arguments.weight)
    for size in input.sizes where shapes.isUnbacked(size) { return .contiguous }
    for size in weight.sizes where shapes.isUnbacked(size) { return .contiguous }
    try checkParameters(arguments)
    if shapes.guardOrFalse(shapes.eq(input.sizes[0], 0)) || shapes.guardOrFalse(shapes.eq(input.sizes[1], 0))
    {
      return .contiguous
    }
    try require(
      try !evaluate(shapes.eq(shapes.geometry.numel(input), 0)),
      "Only zero batch or zero channel inputs are supported, but got input shape: "
        + shapes.shortText(of: input.sizes))
    guard input.device.type == .cpu else { return try cuDNNFormat(arguments) }
    let usesMKLDNN = usesMKLDNN(arguments)
    if !usesMKLDNN { try guardOnNNPACK(arguments) }
    switch weight.rank {
    case 3: return try widenedFormat(arguments)
    case 4:
      let suggested = [
        shapes.geometry.suggestedMemoryFormat(input), shapes.geometry.suggestedMemoryFormat(weight),
      ]
      return suggested.contains(.channelsLast) ? .channelsLast : .contiguous
    case 5:
      let suggested = [
        shapes.geometry.suggestedMemoryFormat(input), shapes.geometry.suggestedMemoryFormat(weight),
      ]
      let usesChannelsLast = suggested.contains(.channelsLast3d) && usesMKLDNN
      return usesChannelsLast ? .channelsLast3d : .contiguous
    default: return .contiguous
    }
  }

  /// The memory format of cuDNN: channels-last if that of the input or the weight is, except for float64.
  ///
  /// Convolutions that cuDNN does not support, and those of other accelerators, are contiguous.
  ///
  /// - Source: `cudnn_conv_suggest_memory_format`, `aten/src/ATen/native/ConvUtils.h`; `ConvParams::use_cudnn`.
  private func cuDNNFormat(_ arguments: Convolution) throws -> MemoryFormat {
    let (input, weight) = (arguments.input, arguments.weight)
    guard input.device.type == .cuda, computedDtype(arguments) != .float64, !hasBigOutputPadding(arguments)
    else { return .contiguous }
    if weight.rank == 3 { return try widenedFormat(arguments) }
    let suggested = [
      shapes.geometry.suggestedMemoryFormat(input), shapes.geometry.suggestedMemoryFormat(weight),
    ]
    return suggested.first { $0 != .contiguous } ?? .contiguous
  }

  /// Whether an output padding reaches its stride, which only the general kernels support.
  private func hasBigOutputPadding(_ arguments: Convolution) -> Bool {
    guard arguments.isTransposed else { return false }
    return zip(arguments.outputPadding, arguments.stride).contains { holds(shapes.ge($0, $1)) }
  }

  /// The format of a weight `[O, C, K]` seen as `[O, C, 1, K]`; the input, made contiguous, is seen so, too.
  private func widenedFormat(_ arguments: Convolution) throws -> MemoryFormat {
    _ = try views.unsqueeze(contiguous(arguments.input), 2)
    let weight = try views.unsqueeze(arguments.weight, 2)
    return shapes.geometry.suggestedMemoryFormat(weight) == .channelsLast ? .channelsLast : .contiguous
  }

  /// Source: `check_shape_forward`, `aten/src/ATen/native/Convolution.cpp`.
  private func checkParameters(_ arguments: Convolution) throws {
    let (input, weight, groups) = (arguments.input, arguments.weight, arguments.groups)
    try require(try evaluate(shapes.gt(groups, 0)), "non-positive groups is not supported")
    for value in arguments.padding {
      try require(try evaluate(shapes.ge(value, 0)), "negative padding is not supported")
    }
    for value in arguments.outputPadding {
      try require(try evaluate(shapes.ge(value, 0)), "negative output_padding is not supported")
    }
    for value in arguments.stride {
      try require(try evaluate(shapes.gt(value, 0)), "non-positive stride is not supported")
    }
    for value in arguments.dilation {
      try require(try evaluate(shapes.gt(value, 0)), "dilation should be greater than zero")
    }
    try require(
      weight.rank >= 3 && input.rank == weight.rank,
      "Expected \(weight.rank)-dimensional input for \(weight.rank)-dimensional weight")
    try require(
      try evaluate(shapes.ge(weight.sizes[0], groups)),
      "Given groups=\(shapes.text(of: groups)), expected weight to be at least \(shapes.text(of: groups)) at "
        + "dimension 0, but got weight of size \(shapes.shortText(of: weight.sizes)) instead")
    try require(
      try isEqual(shapes.mod(weight.sizes[0], groups), 0),
      "Given groups=\(shapes.text(of: groups)), expected weight to be divisible by it at dimension 0")
    let channels = arguments.isTransposed ? weight.sizes[0] : shapes.mul(weight.sizes[1], groups)
    try require(
      try isEqual(input.sizes[1], channels),
      "Given weight of size \(shapes.shortText(of: weight.sizes)), expected input"
        + "\(shapes.shortText(of: input.sizes)) to have \(shapes.text(of: channels)) channels")
    if let bias = arguments.biasSizes {
      let expected = arguments.isTransposed ? shapes.mul(weight.sizes[1], groups) : weight.sizes[0]
      let fits = bias.count == 1 ? try isEqual(bias[0], expected) : false
      try require(fits, "expected bias to be 1-dimensional with \(shapes.text(of: expected)) elements")
    }
    if !arguments.isTransposed {
      var fits = true
      for reach in try reaches(arguments) where try !evaluate(shapes.ge(reach.padded, reach.kernel)) {
        fits = false
      }
      try require(fits, kernelLaw(arguments))
    }
  }

  /// Guards as PyTorch does when it tests whether NNPACK supports a convolution that oneDNN does not; the format does
  /// not depend on the result.
  ///
  /// - Throws: a refusal if the padding has a different number of dims.
  /// - Guards: for float32 and at most two spatial dims: each kernel size is below 17, the padding is smaller
  ///   than the kernel, the batch size is at least 16.
  /// - Source: `ConvParams::use_nnpack`, `aten/src/ATen/native/Convolution.cpp`.
  private func guardOnNNPACK(_ arguments: Convolution) throws {
    guard !arguments.isTransposed, arguments.weight.rank <= 4, computedDtype(arguments) == .float32,
      !arguments.dilation.contains(where: { holds(shapes.ne($0, 1)) })
    else { return }
    let kernel = arguments.weight.sizes.dropFirst(2)
    for size in kernel where !holds(shapes.lt(size, 17)) { return }
    let padding = try spatialList(arguments.padding, "padding", kernel.count)
    for (padding, size) in zip(padding, kernel) where !holds(shapes.lt(padding, size)) { return }
    _ = holds(shapes.ge(arguments.input.sizes[0], 16))
  }

  private func holds(_ condition: SymBool) -> Bool { shapes.guardOrFalse(condition) }

  /// The dtype of the computation: the real dtype if a complex convolution is split.
  private func computedDtype(_ arguments: Convolution) -> ScalarType {
    arguments.isSplitComplex ? matrices.real(arguments.input.dtype) : arguments.input.dtype
  }

  /// Whether oneDNN handles a convolution on the CPU.
  ///
  /// - Guards: for float32: whether the batch size is at least 16, or above 1, or the input is large.
  /// - Source: `ConvParams::use_mkldnn`, `aten/src/ATen/native/Convolution.cpp`, with one thread.
  private func usesMKLDNN(_ arguments: Convolution) -> Bool {
    let (input, weight) = (arguments.input, arguments.weight)
    if hasBigOutputPadding(arguments) { return false }
    let dtype = computedDtype(arguments)
    guard dtype == .float32 else { return dtype == .bfloat16 || dtype == .float16 }
    let (height, width) = (weight.rank > 3 ? weight.sizes[weight.rank - 2] : 1, weight.sizes[weight.rank - 1])
    let isWorthwhile =
      arguments.stride.contains { holds(shapes.ne($0, 1)) }
      || arguments.dilation.contains { holds(shapes.ne($0, 1)) }
      || holds(shapes.ge(input.sizes[0], 16)) || holds(shapes.ne(width, 1)) || holds(shapes.ne(height, 1))
    guard isWorthwhile else { return false }
    return holds(shapes.gt(arguments.groups, 1))
      || (holds(shapes.gt(width, 3)) && holds(shapes.gt(height, 3)))
      || holds(shapes.gt(input.sizes[0], 1)) || holds(shapes.gt(shapes.product(input.sizes.prefix(4)), 20480))
  }
}
