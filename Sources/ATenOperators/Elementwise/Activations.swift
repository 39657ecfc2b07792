import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Activation functions: elementwise operators of one tensor with parameters.
///
/// Rows are in alphabetical order.
let activations: [OperatorRow] = [
  .binary("_prelu_kernel"),
  .activation("celu", numbers: 1..<2, asking: .ones),
  .activation("elu", refuses: [.bool, .integer], numbers: 1..<4, asking: .onesAndLayout),
  OperatorRow("gelu", inplace: .reference, gelu),
  .unary("hardshrink", .boolToLong, asking: .ones),
  .unary("hardsigmoid", asking: .onesAndLayout),
  .unary("hardswish", endsInArithmetic: true),
  OperatorRow("hardtanh", inplace: .reference, hardtanh),
  .activation("leaky_relu", numbers: 1..<2, checksDefaults: true, asking: .onesAndLayout),
  .unary("log_sigmoid", refuses: .bool, endsInArithmetic: true),
  OperatorRow("log_sigmoid_forward", logSigmoidForward),
  .unary("mish", endsInArithmetic: true),
  OperatorRow("prelu", prelu),
  .unary("relu", inplace: .kernel, asking: .ones),
  .unary("relu6", refuses: .bool, asking: .ones),
  OperatorRow("rrelu", rrelu),
  .unary("rrelu_with_noise", inplace: .kernel),
  OperatorRow("rrelu_with_noise_functional", rreluWithNoiseFunctional),
  .unary("selu", refuses: [.bool, .integer], asking: .onesAndLayout),
  OperatorRow("silu", inplace: .reference) { call in
    let input = try call.tensor(0)
    try call.require(
      !(input.dtype.isComplex && input.requiresGrad),
      "silu does not support automatic differentiation for outputs with complex dtype")
    return .tensor(try call.pointwise(0..<1))
  },
  .activation("softplus", numbers: 1..<2, asking: .ones),
  OperatorRow("softshrink", inplace: .reference) { .tensor(try softshrink($0)) },
  .unary("threshold", asking: .ones),
]

extension OperatorRow {
  /// An elementwise operator of one tensor whose parameters must not be of a higher category than the tensor.
  ///
  /// A parameter equal to its default counts as absent, because PyTorch's dispatcher drops it; with `checksDefaults`,
  /// defaults are checked, too. Source: `torch/_refs/nn/functional`, `is_weakly_lesser_type`.
  fileprivate static func activation(
    _ name: String, refuses: DtypeCategories = [], numbers: Range<Int>, checksDefaults: Bool = false,
    asking: SizeQuestions
  ) -> OperatorRow {
    OperatorRow(name, inplace: .reference) { call in
      for position in numbers {
        try requireParameter(call, position, fits: try call.tensor(0).dtype, checksDefaults)
      }
      return .tensor(try call.pointwise(0..<1, refuses: refuses, asking: asking))
    }
  }
}

/// `softshrink(Tensor self, Scalar lambd=0.5) -> Tensor`: the threshold is a number of the tensor's dtype, from 0 on.
///
/// - Source: `softshrink`, `torch/_refs/nn/functional/__init__.py`.
private func softshrink(_ call: OperatorCall) throws -> FakeTensor {
  let input = try call.tensor(0)
  try requireParameter(call, 1, fits: input.dtype, false)
  let result = try call.pointwise(0..<1, refuses: [.bool, .integer], asking: .onesAndLayout)
  if let threshold = call[1].knownDouble {
    let largest: Double =
      switch input.dtype {
      case .float16: 65504
      case .float64: .greatestFiniteMagnitude
      default: Double(Float.greatestFiniteMagnitude)
      }
    try call.require(
      threshold >= 0 && threshold <= largest,
      "lambda must be in range [0, \(largest)] for input dtype \(input.dtype.name), but found \(threshold)")
  }
  return result
}

private func requireParameter(
  _ call: OperatorCall, _ position: Int, fits dtype: ScalarType, _ checksDefaults: Bool
) throws {
  let parameter = call.schema.arguments[position]
  if !checksDefaults, let standard = parameter.defaultFakeValue, isSameNumber(standard, call[position]) {
    return
  }
  let category = try call.scalarCategory(position)
  try call.require(
    category <= dtype.category ?? .complex,
    "\(parameter.name) argument of type \(category) cannot be safely cast to type \(dtype.name)!")
}

private func isSameNumber(_ a: FakeValue, _ b: FakeValue) -> Bool {
  switch (a, b) {
  case (.symInt(let x), .symInt(let y)): x == y
  case (.float(let x), .float(let y)): x == y
  default: false
  }
}

/// `gelu(Tensor self, *, str approximate="none")`: `none` or `tanh`.
@Sendable
private func gelu(_ call: OperatorCall) throws -> FakeValue {
  let approximation = try call.string(1)
  try call.require(
    approximation == "none" || approximation == "tanh", "approximate argument must be either none or tanh.")
  return .tensor(try call.pointwise(0..<1, isFast: true))
}

/// `hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1)`: refuses bool, and up to PyTorch 2.14 negative
/// bounds for `uint8`.
///
/// Source: `hardtanh`, `torch/_refs/nn/functional/__init__.py`.
@Sendable
private func hardtanh(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.require(input.dtype, isNotIn: .bool)
  if input.dtype.isIntegral {
    for position in 1...2 {
      try call.require(
        try call.scalarCategory(position) != .complex && call[position].knownDouble?.isFinite != false,
        "hardtanh: a bound of \(input.dtype.name) must be finite and real")
      // Python's `int(bound)`, which guards on a symbolic bound.
      let bound = try call.evaluateInt(call.numbers.toInt(try call.numbers.number(position)))
      let sign = call[position].knownDouble ?? Double(bound)
      try call.require(
        input.dtype != .uint8 || sign >= 0 || call.has(.hardtanhTakesUnsigned),
        "Cannot do hardtanh on an unsigned type with negative limits")
    }
  }
  return .tensor(try call.pointwise(0..<1, asking: .ones))
}

/// `log_sigmoid_forward(Tensor self) -> (Tensor output, Tensor buffer)`: the buffer is empty except on the CPU.
@Sendable
private func logSigmoidForward(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let output = try call.pointwise(0..<1, refuses: .bool, asking: .onesAndLayout)
  let hasBuffer = input.device.type != .cuda && input.device.type != .xpu
  let buffer =
    hasBuffer
    ? try call.pointwise(0..<1) : call.mode.tensor([0], dtype: input.dtype, device: input.device)
  return .tuple([.tensor(output), .tensor(buffer)])
}

/// `prelu(Tensor self, Tensor weight)`: one weight, or one per channel (dim 1).
///
/// - Source: `prelu`, `aten/src/ATen/native/Activation.cpp`.
@Sendable
private func prelu(_ call: OperatorCall) throws -> FakeValue {
  let (input, weight) = (try call.tensor(0), try call.tensor(1))
  let shapes = call.shapes
  try call.require(
    input.dtype == weight.dtype,
    "prelu: Type promoting not supported. Got \(input.dtype.name) and \(weight.dtype.name)")
  try call.require(
    weight.rank <= 1, "prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = \(weight.rank)")
  if try !call.isEqual(shapes.geometry.numel(weight), 1) {
    try call.require(input.rank > 0, "Not allow zero-dim input tensor.")
    let channels = input.rank >= 2 ? input.sizes[1] : 1
    try call.check(
      shapes.eq(shapes.geometry.numel(weight), channels),
      "Mismatch of parameter numbers and input channel size. Found parameter numbers = "
        + "\(shapes.text(of: shapes.geometry.numel(weight))) and channel size = \(shapes.text(of: channels))."
    )
  }
  // The weight is given the rank of the input. Tensors without dims may be on two devices.
  // Bound: the rank of a shape that there is.
  let ones = Sizes(repeating: 1, count: input.rank)
  let slopes = call.mode.tensor(ones, dtype: weight.dtype, device: weight.device)
  let (device, result) = (try call.commonDevice([input, slopes]), try call.pointwise(0..<1))
  return .tensor(
    call.mode.tensor(result.sizes, strides: result.strides, dtype: result.dtype, device: device))
}

/// `rrelu(Tensor self, Scalar lower=1/8, Scalar upper=1/3, bool training=False)`: `lower <= upper`.
@Sendable
private func rrelu(_ call: OperatorCall) throws -> FakeValue {
  for position in 1...2 {
    try call.require(
      try call.scalarCategory(position) != .complex, "value cannot be converted to type double")
  }
  try call.require(
    try call.double(1) <= call.double(2), "Lower bound should be less than or equal to the upper bound")
  return .tensor(try call.pointwise(0..<1))
}

/// `rrelu_with_noise_functional(Tensor self, Tensor noise, …) -> (Tensor, Tensor noise_out)`.
@Sendable
private func rreluWithNoiseFunctional(_ call: OperatorCall) throws -> FakeValue {
  .tuple([.tensor(try call.pointwise(0..<1)), .tensor(try call.pointwise(1..<2))])
}
