import FX
import OperatorSchemas
import TensorVocabulary

/// Operators of tensors that are answered here: sizes and elements of tensors, and statements about numbers.
///
/// Their schemas have numbers that the library's interface cannot pass, or are known to Python only.
struct HostTensorOperator: Sendable {
  let name: String
  let apply: @Sendable (HostCall) throws(LibTorchError) -> PyTree<RealTensor>

  static func named(_ name: String) -> HostTensorOperator? { byName[name] }

  private static let byName: [String: HostTensorOperator] = Dictionary(
    uniqueKeysWithValues: all.map { ($0.name, $0) })

  private static let all: [HostTensorOperator] = [
    row("torch.ops.aten._assert_scalar.default", assertScalar),
    row("torch.ops.aten._functional_assert_scalar.default", assertScalar),
    row("torch.ops.aten._functional_sym_constrain_range.default", constrainRange),
    row("torch.ops.aten._functional_sym_constrain_range_for_size.default", constrainRange),
    row("torch.ops.aten._local_scalar_dense.default", item),
    row("torch.ops.aten.item.default", item),
    row("torch.ops.aten.sym_constrain_range.default", constrainRange),
    row("torch.ops.aten.sym_constrain_range_for_size.default", constrainRange),
    row("torch.ops.aten.sym_is_contiguous.default") { (call) throws(LibTorchError) in
      let tensor = try call.tensor(0)
      let wanted = StoredStrides.contiguous(try tensor.sizes)
      return .constant(.bool(StoredStrides.agree(try tensor.strides, wanted, sizes: try tensor.sizes)))
    },
    row("torch.ops.aten.sym_numel.default") { (call) throws(LibTorchError) in
      .constant(.int(try call.tensor(0).elementCount))
    },
    row("torch.ops.aten.sym_size.default") { (call) throws(LibTorchError) in
      .list(try call.tensor(0).sizes.map { .constant(.int($0)) })
    },
    row("torch.ops.aten.sym_size.int") { (call) throws(LibTorchError) in
      try call.dim(try call.tensor(0).sizes)
    },
    row("torch.ops.aten.sym_storage_offset.default") { (call) throws(LibTorchError) in
      .constant(.int(try call.tensor(0).storageOffset))
    },
    row("torch.ops.aten.sym_stride.default") { (call) throws(LibTorchError) in
      .list(try call.tensor(0).strides.map { .constant(.int($0)) })
    },
    row("torch.ops.aten.sym_stride.int") { (call) throws(LibTorchError) in
      try call.dim(try call.tensor(0).strides)
    },
    row("torch._C._set_grad_enabled") { _ in .constant(.none) },
    row("torch._check", assertScalar),
    row("torch._check_is_size") { (call) throws(LibTorchError) in
      guard case .int(let value) = try call.number(0), value >= 0 else {
        throw LibTorchError(.assertion("a size is negative or no integer"))
      }
      return .constant(.none)
    },
  ]

  private static func row(
    _ name: String, _ apply: @escaping @Sendable (HostCall) throws(LibTorchError) -> PyTree<RealTensor>
  ) -> HostTensorOperator {
    HostTensorOperator(name: name, apply: apply)
  }

  @Sendable
  private static func item(_ call: HostCall) throws(LibTorchError) -> PyTree<RealTensor> {
    .constant(try call.tensor(0).item.argument)
  }

  @Sendable
  private static func assertScalar(_ call: HostCall) throws(LibTorchError) -> PyTree<RealTensor> {
    guard try call.number(0).isTrue else {
      let message = call.argument(1, "assert_msg")?.constant
      if case .string(let text)? = message { throw LibTorchError(.assertion(text)) }
      throw LibTorchError(.assertion("a check of the program failed"))
    }
    return .constant(.none)
  }

  /// The number, the first argument, must lie between `min` and `max`; whether they are given or not, a size is not
  /// negative.
  @Sendable
  private static func constrainRange(_ call: HostCall) throws(LibTorchError) -> PyTree<RealTensor> {
    guard let value = try call.number(0).double else {
      throw LibTorchError(.assertion("a complex number has no range"))
    }
    let (lower, upper) = (call.argument(1, "min")?.int, call.argument(2, "max")?.int)
    if let lower, value < Double(lower) {
      throw LibTorchError(.assertion("\(value) is below the bound \(lower)"))
    }
    if let upper, value > Double(upper) {
      throw LibTorchError(.assertion("\(value) is above the bound \(upper)"))
    }
    // The functional forms return their last argument.
    return call.argument(3, "dep_token") ?? .constant(.none)
  }
}

/// The arguments of a call that is answered here.
struct HostCall {
  let args: [PyTree<RealTensor>]
  let kwargs: [Named<PyTree<RealTensor>>]

  func argument(_ position: Int, _ name: String) -> PyTree<RealTensor>? {
    kwargs[name] ?? (position < args.count ? args[position] : nil)
  }

  func tensor(_ position: Int) throws(LibTorchError) -> RealTensor {
    guard position < args.count, case .value(let tensor) = args[position] else {
      throw LibTorchError(.argument("argument \(position) is not a tensor"))
    }
    return tensor
  }

  /// The number at `position`; the element of a tensor with one.
  func number(_ position: Int) throws(LibTorchError) -> Scalar {
    guard position < args.count else { throw LibTorchError(.argument("argument \(position) is missing")) }
    switch args[position] {
    case .value(let tensor): return try tensor.item
    case .constant(let constant):
      if let number = Scalar(constant) { return number }
      fallthrough
    default: throw LibTorchError(.argument("argument \(position) is not a number"))
    }
  }

  /// The element of `values` for the dim that is the second argument.
  func dim(_ values: [Int]) throws(LibTorchError) -> PyTree<RealTensor> {
    guard let dim = argument(1, "dim")?.int, (-values.count..<values.count).contains(dim) else {
      throw LibTorchError(.argument("argument 'dim' is no dim of the tensor"))
    }
    return .constant(.int(values[dim < 0 ? dim + values.count : dim]))
  }
}
