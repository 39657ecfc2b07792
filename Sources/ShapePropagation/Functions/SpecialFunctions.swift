import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Functions that Python implements by more than one call, or that only change how the program runs.
///
/// - Source: `torch/functional.py`, `torch/nn/functional.py`, `torch/_functorch/predispatch.py`, v2.13.
enum SpecialFunctions {
  /// The rule of a function, by its full name.
  static func rule(_ name: String) -> HigherOrderRule? {
    if let apply = rules[name] ?? LayerFunctions.rules[name] { return HigherOrderRule(name, apply) }
    if name.hasPrefix("torch._C._functorch.") || name.hasPrefix("torch._functorch.predispatch.") {
      if name.hasSuffix("_increment_nesting") { return HigherOrderRule(name, enterTransform) }
      if name.hasSuffix("_decrement_nesting") { return HigherOrderRule(name, leaveTransform) }
    }
    if silent.contains(name) { return HigherOrderRule(name) { _ in .none } }
    if passing.contains(name) {
      return HigherOrderRule(name) { call in .tensor(try call.view(of: try call.tensor(0))) }
    }
    return nil
  }

  /// Functions that return nothing and change no shape.
  private static let silent: Set<String> = [
    "torch._C._autograd._saved_tensors_hooks_disable", "torch._C._autograd._saved_tensors_hooks_enable",
    "torch._C._functorch.set_inplace_requires_grad_allowed", "torch._C._enter_dual_level",
    "torch._C._exit_dual_level",
    "torch._C._set_deterministic_algorithms",
    "torch._functorch.predispatch.lazy_load_decompositions", "torch._functorch.vmap.lazy_load_decompositions",
    "torch.amp.autocast_mode._enter_autocast", "torch.amp.autocast_mode._exit_autocast",
    "torch.autograd.grad_mode.inference_mode", "torch.cuda.synchronize", "torch.random.manual_seed",
    "torch._C._log_api_usage_once", "torch._dynamo.graph_break",
  ]

  /// Functions that return their tensor under another wrapping.
  private static let passing: Set<String> = [
    "torch._C._functorch._unwrap_for_grad", "torch._C._functorch._wrap_for_grad",
    "torch._functorch.eager_transforms._set_tensor_requires_grad",
    "torch._functorch.predispatch._unwrap_for_grad",
    "torch._functorch.predispatch._wrap_for_grad", "torch._C._autograd._get_data_attr",
    "torch.utils.checkpoint.detach_variable",
  ]

  private static let rules: [String: @Sendable (HigherOrderCall) throws -> FakeValue] = [
    "_operator.setitem": { try TensorIndexing($0).set() },
    "builtins.getattr": getAttribute,
    "builtins.len": { call in
      if let items = call.arguments.first?.elements { return .int(items.count) }
      let tensor = try call.tensor(0)
      return .symInt(try call.size(tensor, 0))
    },
    "torch._C._functorch._add_batch_dim": addBatchDim,
    "torch._C._functorch._remove_batch_dim": removeBatchDim,
    "torch._C._set_grad_enabled": { call in
      if case .bool(let isEnabled)? = call.arguments.first { call.mode.isGradEnabled = isEnabled }
      return .none
    },
    "torch._check": check,
    "torch._check_is_size": checkIsSize,
    "torch._check_value": check,
    "torch._functorch.eager_transforms._autograd_grad": autogradGrad,
    "torch._functorch.predispatch._add_batch_dim": addBatchDim,
    "torch._functorch.predispatch._remove_batch_dim": removeBatchDim,
    "torch._functorch.vmap._add_batch_dim": addBatchDim,
    "torch._functorch.vmap._remove_batch_dim": removeBatchDim,
    "torch.as_tensor": tensorFromData,
    "torch.autograd.grad": autogradGrad,
    "torch.einsum": einsum,
    "torch.functional.broadcast_tensors": { call in
      try call.apply(
        "aten.broadcast_tensors.default", .list(call.arguments.first?.elements ?? call.arguments))
    },
    "torch.functional.einsum": einsum,
    "torch.functional.meshgrid": meshgrid,
    "torch.functional.split": { try SpecialMethods.split($0) },
    "torch.functional.unique": unique,
    "torch.functional.unique_consecutive": uniqueConsecutive,
    "torch.meshgrid": meshgrid,
    "torch.nn.functional.interpolate": interpolate,
    "torch.nn.functional.log_softmax": { try softmax($0, "log_softmax") },
    "torch.nn.functional.normalize": normalize,
    "torch.nn.functional.softmax": { try softmax($0, "softmax") },
    "torch.nn.functional.upsample": interpolate,
    "torch.split": { try SpecialMethods.split($0) },
    "torch.tensor": tensorFromData,
    "torch.unique": unique,
    "torch.unique_consecutive": uniqueConsecutive,
  ]
}

extension HigherOrderCall {
  /// The argument at a position or, without one there, under a name.
  func argument(_ position: Int, _ name: String) -> FakeValue? {
    if position < arguments.count { return arguments[position] }
    return keywords.first { $0.key == name }?.value
  }

  func flag(_ position: Int, _ name: String, otherwise: Bool) -> Bool {
    if case .bool(let value)? = argument(position, name) { return value }
    return otherwise
  }

  /// A tensor on the same storage.
  func view(of tensor: FakeTensor) throws -> FakeTensor {
    guard let result = try apply("aten.alias.default", .tensor(tensor)).tensor else { return tensor }
    return result
  }

  func size(_ tensor: FakeTensor, _ dim: Int) throws -> SymInt {
    let wrapped = dim < 0 ? dim + tensor.rank : dim
    guard tensor.sizes.indices.contains(wrapped) else {
      throw refusal("dim \(dim) is out of range for a tensor of \(tensor.rank) dims")
    }
    return tensor.sizes[wrapped]
  }

  func refusal(_ reason: String) -> OperatorError { OperatorError(.refused(reason), operator: "") }
}

/// `_vmap_increment_nesting(…)`: the level of the transform that starts.
@Sendable
private func enterTransform(_ call: HigherOrderCall) throws -> FakeValue {
  call.mode.mapDepth += 1
  return .int(call.mode.mapDepth)
}

/// `_vmap_decrement_nesting()`: the level of the transform that ends.
@Sendable
private func leaveTransform(_ call: HigherOrderCall) throws -> FakeValue {
  let level = call.mode.mapDepth
  call.mode.mapDepth = max(0, level - 1)
  return .int(level)
}

/// The fields of PyTorch's named tuples, by position.
private let resultFields: [String: Int] = [
  "values": 0, "indices": 1, "Q": 0, "R": 1, "U": 0, "S": 1, "Vh": 2, "V": 2, "sign": 0, "logabsdet": 1,
  "LU": 0,
  "pivots": 1, "eigenvalues": 0, "eigenvectors": 1, "solution": 0, "residuals": 1, "rank": 2,
  "singular_values": 3,
  "hist": 0, "bin_edges": 1, "mantissa": 0, "exponent": 1, "min": 0, "max": 1, "L": 0, "info": 1,
  "inverse": 0,
]

/// `getattr(x, name)` of a tensor, or of the named tuple that an operator returns.
@Sendable
private func getAttribute(_ call: HigherOrderCall) throws -> FakeValue {
  guard case .string(let name)? = call.argument(1, "name") else { throw call.refusal("getattr takes a name") }
  guard let tensor = call.arguments.first?.tensor else {
    if let items = call.arguments.first?.elements, let field = resultFields[name], field < items.count {
      return items[field]
    }
    throw PropagationError(.malformed("the attribute '\(name)' of anything but a tensor is not supported"))
  }
  switch name {
  case "shape": return .sizes(tensor.sizes)
  case "dtype": return .dtype(tensor.dtype)
  case "device": return .device(tensor.device)
  case "layout": return .layout(tensor.layout)
  case "ndim": return .int(tensor.rank)
  case "is_cuda": return .bool(tensor.device.type == .cuda)
  case "requires_grad": return .bool(tensor.requiresGrad)
  case "data": return try call.apply("aten.detach.default", .tensor(tensor))
  case "T": return try call.apply("aten.numpy_T.default", .tensor(tensor))
  case "H": return try call.apply("aten.matrix_H.default", .tensor(tensor))
  case "mT": return try call.apply("aten.mT.default", .tensor(tensor))
  case "mH": return try call.apply("aten.mH.default", .tensor(tensor))
  case "real": return try call.apply("aten.real.default", .tensor(tensor))
  case "imag": return try call.apply("aten.imag.default", .tensor(tensor))
  case "grad": return .none
  default: throw PropagationError(.malformed("the attribute '\(name)' of a tensor is not supported"))
  }
}

/// `_add_batch_dim(x, dim, level)`: inside `vmap`, a tensor does not show the dim that it is mapped over.
@Sendable
private func addBatchDim(_ call: HigherOrderCall) throws -> FakeValue {
  guard let dim = call.argument(1, "batch_dim"), let level = call.argument(2, "level") else {
    throw call.refusal("_add_batch_dim takes a dim and a level")
  }
  return try call.apply("predispatch._add_batch_dim.default", .tensor(try call.tensor(0)), dim, level)
}

/// `_remove_batch_dim(x, level, size, dim)`: outside, the dim is there again.
@Sendable
private func removeBatchDim(_ call: HigherOrderCall) throws -> FakeValue {
  guard let level = call.argument(1, "level"), let size = call.argument(2, "batch_size"),
    let dim = call.argument(3, "out_dim")
  else { throw call.refusal("_remove_batch_dim takes a level, a size and a dim") }
  return try call.apply(
    "predispatch._remove_batch_dim.default", .tensor(try call.tensor(0)), level, size, dim)
}

/// `grad(outputs, inputs, …)`: a tensor like each input, mapped over the dims that `vmap` hides of any.
@Sendable
private func autogradGrad(_ call: HigherOrderCall) throws -> FakeValue {
  guard let inputs = call.argument(1, "inputs") else { throw call.refusal("grad takes inputs") }
  var sources: [FakeTensor] = []
  call.argument(0, "outputs")?.forEachTensor { sources.append($0) }
  inputs.forEachTensor { sources.append($0) }
  let items = inputs.elements ?? [inputs]
  return .tuple(
    try items.map { item in
      let gradient = try call.apply("aten.empty_like.default", item)
      gradient.forEachTensor { call.mode.hideDims(of: sources, in: $0) }
      return gradient
    })
}

@Sendable
private func check(_ call: HigherOrderCall) throws -> FakeValue {
  guard let condition = call.arguments.first else { throw call.refusal("_check takes a condition") }
  return try call.apply("aten._assert_scalar.default", condition, .string("torch._check"))
}

@Sendable
private func checkIsSize(_ call: HigherOrderCall) throws -> FakeValue {
  guard case .symInt(let size)? = call.arguments.first else { return .none }
  let condition = FakeValue.symBool(call.mode.shapes.ge(size, 0))
  return try call.apply("aten._assert_scalar.default", condition, .string("torch._check_is_size"))
}

/// `torch.tensor(data)`: its sizes are the nesting of the data, its dtype that of the widest number.
@Sendable
private func tensorFromData(_ call: HigherOrderCall) throws -> FakeValue {
  guard let data = call.argument(0, "data") else { throw call.refusal("tensor takes data") }
  if let tensor = data.tensor {
    guard case .dtype(let dtype)? = call.argument(1, "dtype") else {
      return try call.apply("aten.clone.default", .tensor(tensor))
    }
    return try call.apply("aten.to.dtype", .tensor(tensor), .dtype(dtype), .bool(false), .bool(true))
  }
  var sizes = Sizes()
  var level = data
  while let items = level.elements {
    sizes.append(SymInt(items.count))
    guard let first = items.first else { break }
    level = first
  }
  var dtype = widestType(of: data)
  if case .dtype(let given)? = call.argument(1, "dtype") { dtype = given }
  var device = Device.cpu
  if case .device(let given)? = call.argument(2, "device") { device = given }
  if case .string(let name)? = call.argument(2, "device"), let given = Device(name) { device = given }
  return .tensor(call.mode.tensor(sizes, dtype: dtype, device: device))
}

private func widestType(of data: FakeValue) -> ScalarType {
  switch data {
  case .bool, .symBool: return .bool
  case .symInt: return .int64
  case .complex: return .complex64
  case .tensor(let tensor): return tensor.dtype
  case .float, .symFloat: return .float32
  default:
    let order: [ScalarType] = [.bool, .int64, .float32, .complex64]
    let found = (data.elements ?? []).map(widestType)
    return found.max { (order.firstIndex(of: $0) ?? 2) < (order.firstIndex(of: $1) ?? 2) } ?? .float32
  }
}

@Sendable
private func einsum(_ call: HigherOrderCall) throws -> FakeValue {
  guard let equation = call.arguments.first else { throw call.refusal("einsum takes an equation") }
  let operands =
    call.arguments.count == 2
    ? call.arguments[1].elements ?? [call.arguments[1]] : Array(call.arguments.dropFirst())
  return try call.apply("aten.einsum.default", equation, .list(operands))
}

@Sendable
private func meshgrid(_ call: HigherOrderCall) throws -> FakeValue {
  let operands = call.arguments.count == 1 ? call.arguments[0].elements ?? call.arguments : call.arguments
  guard let indexing = call.keywords.first(where: { $0.key == "indexing" })?.value else {
    return try call.apply("aten.meshgrid.default", .list(operands))
  }
  return try call.apply("aten.meshgrid.indexing", .list(operands), keywords: ["indexing": indexing])
}

/// `unique(x, sorted, return_inverse, return_counts, dim)`: only the results that are asked for.
@Sendable
private func unique(_ call: HigherOrderCall) throws -> FakeValue {
  let (inverse, counts) = (
    call.flag(2, "return_inverse", otherwise: false), call.flag(3, "return_counts", otherwise: false)
  )
  let sorted = FakeValue.bool(call.flag(1, "sorted", otherwise: true))
  let input = FakeValue.tensor(try call.tensor(0))
  let result: FakeValue
  if let dim = call.argument(4, "dim"), !dim.isNone {
    result = try call.apply("aten.unique_dim.default", input, dim, sorted, .bool(inverse), .bool(counts))
  } else {
    result = try call.apply("aten._unique2.default", input, sorted, .bool(inverse), .bool(counts))
  }
  return selected(result, inverse, counts)
}

@Sendable
private func uniqueConsecutive(_ call: HigherOrderCall) throws -> FakeValue {
  let (inverse, counts) = (
    call.flag(1, "return_inverse", otherwise: false), call.flag(2, "return_counts", otherwise: false)
  )
  let result = try call.apply(
    "aten.unique_consecutive.default", .tensor(try call.tensor(0)), .bool(inverse), .bool(counts),
    call.argument(3, "dim") ?? .none)
  return selected(result, inverse, counts)
}

private func selected(_ result: FakeValue, _ inverse: Bool, _ counts: Bool) -> FakeValue {
  guard let items = result.elements, items.count == 3 else { return result }
  if !inverse, !counts { return items[0] }
  return .tuple([items[0]] + (inverse ? [items[1]] : []) + (counts ? [items[2]] : []))
}

/// `softmax(x, dim, _stacklevel, dtype)`.
private func softmax(_ call: HigherOrderCall, _ name: String) throws -> FakeValue {
  let input = try call.tensor(0)
  var dim = call.argument(1, "dim") ?? .none
  // Without a dim, the one that PyTorch guesses.
  if dim.isNone { dim = .int([0, 1, 3].contains(input.rank) ? 0 : 1) }
  return try call.apply("aten.\(name).int", .tensor(input), dim, call.argument(3, "dtype") ?? .none)
}

/// `normalize(x, p, dim, eps)`: `x / x.norm(p, dim, keepdim=True).clamp_min(eps)`.
@Sendable
private func normalize(_ call: HigherOrderCall) throws -> FakeValue {
  let input = FakeValue.tensor(try call.tensor(0))
  let dim = call.argument(2, "dim") ?? .int(1)
  let norm = try call.apply(
    "aten.norm.ScalarOpt_dim", input, call.argument(1, "p") ?? .float(2), .list(dim.elements ?? [dim]),
    .bool(true))
  let least = try call.apply("aten.clamp_min.default", norm, call.argument(3, "eps") ?? .float(1e-12))
  return try call.apply("aten.div.Tensor", input, try call.apply("aten.expand_as.default", least, input))
}

/// `interpolate(x, size, scale_factor, mode, align_corners, recompute_scale_factor, antialias)`.
@Sendable
private func interpolate(_ call: HigherOrderCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let spatial = input.rank - 2
  guard (1...3).contains(spatial) else {
    throw call.refusal("interpolate takes 3 to 5 dims, and this tensor has \(input.rank)")
  }
  var mode = "nearest"
  if case .string(let name)? = call.argument(3, "mode") { mode = name }
  let repeated = { (value: FakeValue?) -> FakeValue in
    guard let value, !value.isNone else { return .none }
    return .list(value.elements ?? Array(repeating: value, count: spatial))
  }
  let size = repeated(call.argument(1, "size"))
  var scales = repeated(call.argument(2, "scale_factor"))
  if case .list(let items) = scales {
    scales = .list(
      items.map { item in
        if case .symInt(let value) = item, let constant = value.constant { return .float(Double(constant)) }
        return item
      })
  }
  let input0 = FakeValue.tensor(input)
  if mode == "area" {
    guard !size.isNone else {
      throw PropagationError(.malformed("interpolate with mode='area' and a scale factor is not supported"))
    }
    return try call.apply("aten.adaptive_avg_pool\(spatial)d.default", input0, size)
  }
  let corners = FakeValue.bool(call.flag(4, "align_corners", otherwise: false))
  let suffix = call.flag(6, "antialias", otherwise: false) ? "_aa" : ""
  switch (mode, spatial) {
  case ("nearest", _): return try call.apply("aten.upsample_nearest\(spatial)d.vec", input0, size, scales)
  case ("nearest-exact", _):
    return try call.apply("aten._upsample_nearest_exact\(spatial)d.vec", input0, size, scales)
  case ("linear", 1): return try call.apply("aten.upsample_linear1d.vec", input0, size, corners, scales)
  case ("bilinear", 2):
    let name = suffix.isEmpty ? "upsample_bilinear2d" : "_upsample_bilinear2d_aa"
    return try call.apply("aten.\(name).vec", input0, size, corners, scales)
  case ("bicubic", 2):
    let name = suffix.isEmpty ? "upsample_bicubic2d" : "_upsample_bicubic2d_aa"
    return try call.apply("aten.\(name).vec", input0, size, corners, scales)
  case ("trilinear", 3): return try call.apply("aten.upsample_trilinear3d.vec", input0, size, corners, scales)
  default: throw call.refusal("interpolate has no mode '\(mode)' for \(input.rank) dims")
  }
}
