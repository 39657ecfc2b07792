import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Convolutions of `[N, C, *]` with a weight `[O, C / groups, *kernel]`, their transposes and gradients.
///
/// Rows are in alphabetical order.
let convolutions: [OperatorRow] = [
  OperatorRow("_convolution") { call in .tensor(try call.convolution(try Convolution(call))) },
  OperatorRow("_convolution_mode") { call in
    let spatial = Swift.max(0, (try call.tensor(1)).rank - 2)
    return .tensor(try call.convolution(try Convolution(call, padding: spatial)))
  },
  .convolution("conv1d", spatial: 1),
  .convolution("conv2d", spatial: 2),
  .convolution("conv3d", spatial: 3),
  OperatorRow("conv_tbc", convTBC),
  .convolution("conv_transpose1d", spatial: 1, isTransposed: true),
  .convolution("conv_transpose2d", spatial: 2, isTransposed: true),
  .convolution("conv_transpose3d", spatial: 3, isTransposed: true),
  OperatorRow("convolution") { call in .tensor(try call.convolution(try Convolution(call))) },
  OperatorRow("convolution_backward", convolutionBackward),
  OperatorRow("convolution_overrideable") { call in .tensor(try call.convolution(try Convolution(call))) },
  .convolution("slow_conv3d", spatial: 3, kernelAt: 2),
  .convolution("thnn_conv2d", spatial: 2, kernelAt: 2),
]

extension OperatorRow {
  /// `convNd(input, weight, bias, stride, padding, dilation, groups)`, with or without a batch dim.
  ///
  /// `conv_transposeNd` has output padding and groups before the dilation; forms with `kernelAt` take the
  /// kernel size and have no groups.
  fileprivate static func convolution(
    _ name: String, spatial: Int, isTransposed: Bool = false, kernelAt: Int? = nil
  ) -> OperatorRow {
    OperatorRow(name) { call in
      let arguments = try Convolution(
        call, spatial: spatial, isTransposed: isTransposed, hasKernelSize: kernelAt != nil)
      return .tensor(try call.batchedConvolution(arguments, spatial: spatial))
    }
  }
}

/// The arguments of a convolution.
struct Convolution {
  var input: FakeTensor
  var weight: FakeTensor
  var bias: FakeTensor?
  var biasSizes: Sizes?
  var stride: Sizes
  var padding: Sizes
  var dilation: Sizes
  var isTransposed = false
  var outputPadding: Sizes = []
  var groups: SymInt
  /// `same` padding: keeps the spatial sizes.
  var isSamePadding = false
  /// Whether a complex convolution is computed as three real ones.
  var isSplitComplex = false
}

extension Convolution {
  /// `(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups, …)`.
  init(_ call: OperatorCall) throws {
    let bias = try call.optionalTensor(2)
    self.init(
      input: try call.tensor(0), weight: try call.tensor(1), bias: bias, biasSizes: bias?.sizes,
      stride: try call.symInts(3), padding: try call.symInts(4), dilation: try call.symInts(5),
      isTransposed: try call.bool(6), outputPadding: try call.symInts(7), groups: try call.symInt(8))
  }

  /// `_convolution_mode(input, weight, bias, stride, padding, dilation, groups)`, where the padding is a string.
  init(_ call: OperatorCall, padding spatial: Int) throws {
    try self.init(call, spatial: spatial, isTransposed: false, hasKernelSize: false)
  }

  /// The arguments of the forms for a given number of spatial dims.
  init(_ call: OperatorCall, spatial: Int, isTransposed: Bool, hasKernelSize: Bool) throws {
    let biasAt = hasKernelSize ? 3 : 2
    let bias = try call.optionalTensor(biasAt)
    self.init(
      input: try call.tensor(0), weight: try call.tensor(1), bias: bias, biasSizes: bias?.sizes,
      stride: try call.symInts(biasAt + 1), padding: [0],
      dilation: hasKernelSize ? [1] : try call.symInts(isTransposed ? 7 : 5), isTransposed: isTransposed,
      outputPadding: isTransposed ? try call.symInts(5) : Sizes(repeating: 0, count: spatial),
      groups: hasKernelSize ? 1 : try call.symInt(6))
    guard case .string(let mode) = call[biasAt + 2] else {
      padding = try call.symInts(biasAt + 2)
      return
    }
    try call.require(mode == "same" || mode == "valid", "Invalid padding string: '\(mode)'")
    isSamePadding = mode == "same"
  }
}

extension OperatorCall {
  /// A convolution whose batch dim is optional; complex ones are composed of real ones.
  ///
  /// - Source: `batchify`, `conv2d_symint`, `complex_convolution`, `aten/src/ATen/native/Convolution.cpp`.
  fileprivate func batchedConvolution(_ arguments: Convolution, spatial: Int) throws -> FakeTensor {
    var arguments = arguments
    let (input, weight) = (arguments.input, arguments.weight)
    try require(
      input.rank == spatial + 1 || input.rank == spatial + 2,
      "Expected \(spatial + 1)D (unbatched) or \(spatial + 2)D (batched) input to conv\(spatial)d, "
        + "but got input of size: \(shapes.shortText(of: input.sizes))")
    try require(
      input.dtype == weight.dtype,
      "Input type (\(input.dtype.name)) and weight type (\(weight.dtype.name)) should be the same")
    if let bias = arguments.bias {
      try require(
        input.dtype == bias.dtype,
        "Input type (\(input.dtype.name)) and bias type (\(bias.dtype.name)) should be the same")
    }
    let isBatched = input.rank == spatial + 2
    arguments.isSplitComplex = input.dtype.isComplex
    if !isBatched { arguments.input = unsqueezedFront(input) }
    if arguments.isSamePadding { try padSame(&arguments) }
    let result = try convolution(arguments)
    guard !isBatched else { return result }
    return mode.view(
      of: result, sizes: Sizes(result.sizes.dropFirst()), strides: Sizes(result.strides.dropFirst()))
  }

  private func unsqueezedFront(_ tensor: FakeTensor) -> FakeTensor {
    let stride = tensor.rank > 0 ? shapes.mul(tensor.sizes[0], tensor.strides[0]) : 1
    return mode.view(
      of: tensor, sizes: Sizes([1] + Array(tensor.sizes)), strides: Sizes([stride] + Array(tensor.strides)))
  }

  /// Replaces `same` by numbers: half of `dilation · (kernel - 1)` on each side, the odd one at the end.
  ///
  /// - Source: `_convolution_same`, `aten/src/ATen/native/Convolution.cpp`.
  private func padSame(_ arguments: inout Convolution) throws {
    let (input, weight) = (arguments.input, arguments.weight)
    let count = weight.rank - 2
    try require(count > 0, "weight should have at least three dimensions")
    try require(
      input.rank == weight.rank,
      "Expected \(weight.rank)-dimensional input for \(weight.rank)-dimensional weight")
    try require(try evaluate(shapes.gt(arguments.groups, 0)), "non-positive groups is not supported")
    let stride = try spatialList(arguments.stride, "stride", count)
    let dilation = try spatialList(arguments.dilation, "dilation", count)
    for value in stride {
      try require(
        try isEqual(value, 1), "padding='same' is not supported for strided convolutions")
    }
    arguments.padding = []
    var (sizes, isSymmetric) = (input.sizes, true)
    for dim in 0..<count {
      let total = shapes.mul(dilation[dim], shapes.sub(weight.sizes[dim + 2], 1))
      let left = shapes.floorDiv(total, 2)
      arguments.padding.append(left)
      let rest = shapes.sub(shapes.sub(total, left), left)
      if rest != 0 { sizes[dim + 2] = shapes.add(sizes[dim + 2], rest) }
      if isSymmetric, shapes.guardOrTrue(shapes.ne(rest, 0)) { isSymmetric = false }
    }
    guard !isSymmetric else { return }
    arguments.input = mode.tensor(
      sizes, strides: shapes.geometry.strides(sizes, shapes.geometry.suggestedMemoryFormat(input)),
      dtype: input.dtype,
      device: input.device)
  }
}

/// `convolution_backward(grad_output, input, weight, bias_sizes, stride, padding, dilation, transposed,
/// output_padding, groups, output_mask)`: gradients with the sizes of input, weight and bias, `None` where
/// masked out.
///
/// - Source: `meta_convolution_backward`, `torch/_meta_registrations.py`; `conv`, `fake_impls.py`.
@Sendable
private func convolutionBackward(_ call: OperatorCall) throws -> FakeValue {
  let gradient = try call.tensor(0)
  let arguments = Convolution(
    input: try call.tensor(1), weight: try call.tensor(2), biasSizes: try call.optionalSymInts(3),
    stride: try call.symInts(4), padding: try call.symInts(5), dilation: try call.symInts(6),
    isTransposed: try call.bool(7), outputPadding: try call.symInts(8), groups: try call.symInt(9))
  guard let mask = call[10].elements, mask.count == 3 else {
    throw call.refusal("output_mask must have three elements")
  }
  var shapesOnly = arguments
  shapesOnly.biasSizes = nil
  let format = try call.convolutionFormat(shapesOnly)
  for (value, sizes) in zip(mask, [arguments.input.sizes, arguments.weight.sizes]) {
    if case .bool(true) = value { try call.requireDecidedFormat(sizes) }
  }
  func result(_ position: Int, _ sizes: Sizes?, _ format: MemoryFormat) -> FakeValue {
    guard case .bool(true) = mask[position], let sizes else { return .none }
    return .tensor(
      call.mode.tensor(
        sizes, strides: call.convolutionStrides(sizes, format), dtype: gradient.dtype,
        device: gradient.device))
  }
  return .tuple([
    result(0, arguments.input.sizes, format), result(1, arguments.weight.sizes, format),
    result(2, arguments.biasSizes, .contiguous),
  ])
}

/// `conv_tbc(self[t, b, c], weight[k, c, o], bias[o], pad)`: `[t + 2·pad - k + 1, b, o]`.
@Sendable
private func convTBC(_ call: OperatorCall) throws -> FakeValue {
  let (input, weight, shapes) = (try call.tensor(0), try call.tensor(1), call.shapes)
  try call.require(input.rank == 3, "Input must have 3 dims: time, batch, in_channel.")
  try call.require(
    weight.rank == 3,
    "Weight tensor must have 3 dims: kernel_width, in_channels, out_channels.")
  try call.check(
    shapes.eq(input.sizes[2], weight.sizes[1]),
    "Input dim 2 (input channels) is not == dim 1 in the weight tensor.")
  let length = shapes.add(
    shapes.sub(shapes.add(input.sizes[0], shapes.mul(2, try call.symInt(3))), weight.sizes[0]), 1)
  try call.check(shapes.ge(length, 0), "Kernel size can't be greater than actual input size")
  return .tensor(call.newTensor([length, input.sizes[1], weight.sizes[2]], like: input))
}
