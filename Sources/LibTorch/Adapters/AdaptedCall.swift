import FX
import OperatorSchemas
import TensorVocabulary

/// A call of an operator with `Scalar` arguments, which the library's interface cannot pass.
struct AdaptedCall {
  let dispatcher: Dispatcher
  let called: DispatchedOperator
  /// One for each argument of the schema.
  let arguments: [PyTree<RealTensor>]

  var library: TorchLibrary { dispatcher.library }
  var schema: FunctionSchema { called.schema }

  subscript(position: Int) -> PyTree<RealTensor> { arguments[position] }

  /// The tensor at `position`.
  func tensor(_ position: Int) throws(LibTorchError) -> RealTensor {
    guard case .value(let tensor) = arguments[position] else {
      throw LibTorchError(.argument("argument '\(schema.arguments[position].name)' is not a tensor"))
    }
    return tensor
  }

  /// The number at `position`; the element of a tensor with one.
  func number(_ position: Int) throws(LibTorchError) -> Scalar {
    guard let number = try optionalNumber(position) else {
      throw LibTorchError(.argument("argument '\(schema.arguments[position].name)' is not a number"))
    }
    return number
  }

  /// The number at `position`, or `nil` for `None`.
  func optionalNumber(_ position: Int) throws(LibTorchError) -> Scalar? {
    switch arguments[position] {
    case .value(let tensor): return try tensor.item
    case .constant(.none): return nil
    case .constant(let constant):
      if let number = Scalar(constant) { return number }
      fallthrough
    default:
      throw LibTorchError(.argument("argument '\(schema.arguments[position].name)' is not a number"))
    }
  }

  /// The real number at `position`.
  func double(_ position: Int) throws(LibTorchError) -> Double {
    guard let value = try number(position).double else {
      throw LibTorchError(.unsupported("a complex '\(schema.arguments[position].name)'"))
    }
    return value
  }

  /// The dtype at `position`, or `nil` for `None`.
  func dtype(_ position: Int) -> ScalarType? {
    if case .constant(.dtype(let dtype)) = arguments[position] { dtype } else { nil }
  }

  /// The tensors among the arguments.
  var tensors: [RealTensor] { arguments.compactMap(\.value) }
}

/// Operators by their names in Python, for adapters that are made of several.
extension AdaptedCall {
  func call(_ name: String, _ args: PyTree<RealTensor>...) throws(LibTorchError) -> RealTensor {
    guard case .value(let tensor) = try dispatcher.call("aten::\(name)", args) else {
      throw LibTorchError(.raised("no tensor came back"), operator: name)
    }
    return tensor
  }

  /// An elementwise operator of two tensors.
  func binary(_ name: String, _ a: RealTensor, _ b: RealTensor) throws(LibTorchError) -> RealTensor {
    try call(name, .value(a), .value(b))
  }

  /// An elementwise operator of a tensor and a number.
  func binary(_ name: String, _ a: RealTensor, _ number: Scalar) throws(LibTorchError) -> RealTensor {
    try call(name, .value(a), .value(try dispatcher.wrapped(number, beside: [a])))
  }

  func mul(_ a: RealTensor, _ number: Scalar) throws(LibTorchError) -> RealTensor {
    number == .int(1) || number == .float(1) ? a : try binary("mul.Tensor", a, number)
  }

  func choose(_ condition: RealTensor, _ a: RealTensor, _ b: RealTensor) throws(LibTorchError) -> RealTensor {
    try call("where.self", .value(condition), .value(a), .value(b))
  }

  func converted(_ a: RealTensor, _ dtype: ScalarType) throws(LibTorchError) -> RealTensor {
    try a.dtype == dtype ? a : try call("to.dtype", .value(a), .constant(.dtype(dtype)))
  }

  /// What `body` makes of a tensor; 16-bit floats are widened for it, as PyTorch's kernels do, and rounded once.
  func widened(
    _ a: RealTensor, _ body: (RealTensor) throws(LibTorchError) -> RealTensor
  ) throws(LibTorchError) -> RealTensor {
    let dtype = try a.dtype
    guard dtype == .float16 || dtype == .bfloat16 else { return try body(a) }
    return try converted(try body(try converted(a, .float32)), dtype)
  }
}
