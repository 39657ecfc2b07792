import FX
import OperatorSchemas
import ShapePropagation
import TensorVocabulary

/// Real tensors in a region of lower precision: the library's C interface has no such mode, so arguments are converted
/// before the call, by PyTorch's lists of operators.
extension Autocast {
  /// The dtype that the tensors of a call are converted to; `nil` when they stay as they are.
  func dtype(
    of name: OperatorName, _ args: [PyTree<RealTensor>], _ kwargs: [Named<PyTree<RealTensor>>]
  ) throws(LibTorchError) -> ScalarType? {
    switch policy(of: name) {
    case nil: return nil
    case .lower: return dtype
    case .float32: return .float32
    case .widest:
      for tensor in args.flatMap(\.values) + kwargs.flatMap(\.value.values) {
        if try isEligible(tensor), try tensor.dtype == .float32 { return .float32 }
      }
      return dtype
    }
  }

  /// `value` with its tensors converted, those of the region's device and of at most single precision.
  func converted(
    _ value: PyTree<RealTensor>, to dtype: ScalarType, _ dispatcher: Dispatcher
  ) throws -> PyTree<RealTensor> {
    switch value {
    case .value(let tensor):
      guard try isEligible(tensor), try tensor.dtype != dtype else { return value }
      return try dispatcher.call("aten::to.dtype", [value, .constant(.dtype(dtype))])
    case .list(let items): return .list(try items.map { try converted($0, to: dtype, dispatcher) })
    default: return value
    }
  }

  private func isEligible(_ tensor: RealTensor) throws(LibTorchError) -> Bool {
    let (dtype, place) = (try tensor.dtype, try tensor.device)
    return place.type == device && dtype.isFloatingPoint && dtype != .float64
  }
}

/// `wrap_with_autocast(device_type, dtype, enabled, cache_enabled, graph, *operands)`.
@Sendable
func wrapWithAutocast(_ call: HigherOrderArguments) throws -> PyTree<RealTensor> {
  guard call.args.count > 4, case .constant(.string(let name)) = call.args[0], let device = Device(name),
    case .constant(.bool(let isEnabled)) = call.args[2]
  else {
    throw LibTorchError(
      .argument("it takes a device, a dtype and whether it is enabled"), operator: "wrap_with_autocast")
  }
  var dtype: ScalarType?
  if case .constant(.dtype(let given)) = call.args[1] { dtype = given }
  let interpreter = call.interpreter
  let outside = interpreter.autocast
  defer { interpreter.autocast = outside }
  interpreter.autocast = isEnabled ? Autocast(device: device.type, dtype: dtype) : nil
  return try call.runGraph(4, Array(call.args.dropFirst(5)))
}
