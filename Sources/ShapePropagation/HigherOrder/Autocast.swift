import FakeTensors
public import OperatorSchemas
import SymbolicShapes
public import TensorVocabulary

/// A region in which the operators of a device compute in lower precision.
///
/// - Source: `aten/src/ATen/autocast_mode.cpp`.
public struct Autocast: Sendable {
  /// The device whose operators are concerned.
  public let device: DeviceType
  /// The lower precision.
  public let dtype: ScalarType

  /// Makes a region; without a dtype it has the device's usual one.
  public init(device: DeviceType, dtype: ScalarType?) {
    self.device = device
    self.dtype = dtype ?? (device == .cpu ? .bfloat16 : .float16)
  }

  /// What happens to the tensor arguments of an operator.
  public enum Policy: Sendable {
    /// They are converted to the region's dtype.
    case lower
    /// They are converted to float32.
    case float32
    /// They are converted to the widest floating-point dtype among them.
    case widest
  }

  /// Converts the arguments of `call` as the region requires.
  func prepare(_ call: OperatorCall) {
    guard let policy = policy(of: call.schema.name) else { return }
    let target: ScalarType
    switch policy {
    case .lower: target = dtype
    case .float32: target = .float32
    case .widest:
      var isFloat32 = false
      for argument in call.arguments {
        argument.forEachTensor { if isEligible($0), $0.dtype == .float32 { isFloat32 = true } }
      }
      target = isFloat32 ? .float32 : dtype
    }
    for index in call.arguments.indices {
      call.arguments[index] = converted(call.arguments[index], target, call.mode)
    }
  }

  private func converted(_ value: FakeValue, _ dtype: ScalarType, _ mode: FakeTensorMode) -> FakeValue {
    switch value {
    case .tensor(let tensor) where isEligible(tensor) && tensor.dtype != dtype:
      let strides =
        mode.shapes.geometry.isNonOverlappingAndDense(tensor)
        ? tensor.strides : mode.shapes.geometry.elementwiseStrides([tensor], tensor.sizes)
      return .tensor(mode.tensor(tensor.sizes, strides: strides, dtype: dtype, device: tensor.device))
    case .list(let items): return .list(items.map { converted($0, dtype, mode) })
    default: return value
    }
  }

  /// Whether `tensor` is a floating-point tensor on the region's device, but not in double precision.
  private func isEligible(_ tensor: FakeTensor) -> Bool {
    tensor.device.type == device && tensor.dtype.isFloatingPoint && tensor.dtype != .float64
  }

  /// What happens to the tensors that an operator is given; `nil` when they stay as they are.
  public func policy(of name: OperatorName) -> Policy? {
    guard name.namespace == "aten" else { return nil }
    let lists = device == .cpu ? AutocastLists.cpu : AutocastLists.cuda
    if lists.lower.contains(name.base) { return .lower }
    if lists.float32.contains(name.base) { return .float32 }
    return lists.widest.contains(name.base) ? .widest : nil
  }
}

/// `wrap_with_autocast(device_type, dtype, enabled, cache_enabled, subgraph, *operands)`: the subgraph in its own
/// region; if not enabled, outside any region.
///
/// - Source: `WrapWithAutocast`, `torch/_higher_order_ops/wrap.py`.
@Sendable
func wrapWithAutocast(_ call: HigherOrderCall) throws -> FakeValue {
  let operands = Array(call.arguments.dropFirst(5))
  guard call.arguments.count > 4, case .string(let name) = call.arguments[0], let device = Device(name),
    case .bool(let isEnabled) = call.arguments[2]
  else {
    throw PropagationError(.malformed("wrap_with_autocast takes a device, a dtype and whether it is enabled"))
  }
  var inside = call
  var dtype: ScalarType?
  if case .dtype(let given) = call.arguments[1] { dtype = given }
  inside.autocast = isEnabled ? Autocast(device: device.type, dtype: dtype) : nil
  return try inside.run(4, operands)
}
