import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// `auto_functionalized(op, **kwargs)`: the operator's own results, then a copy of each argument it mutates.
///
/// - Source: `auto_functionalized_dense`, `torch/_higher_order_ops/auto_functionalize.py`.
@Sendable
func autoFunctionalized(_ call: HigherOrderCall) throws -> FakeValue {
  let resolved = try call.resolvedOperator(0)
  var keywords = call.keywordArguments
  var copies: [FakeValue] = []
  for argument in resolved.schema.arguments where argument.isMutated {
    guard let given = keywords[argument.name] ?? argument.defaultFakeValue else {
      throw PropagationError(.malformed("auto_functionalized is not given '\(argument.name)'"))
    }
    let copy = copyPreservingStrides(given, call.mode)
    keywords[argument.name] = copy
    copies.append(copy)
  }
  return try run(resolved, keywords, call, followedBy: copies)
}

/// `auto_functionalized_v2(op, **kwargs)`: like the first version, but mutated arguments are given as views of a few
/// bases (`_x_base_index`, `_x_size`, …), and the copied bases are returned.
///
/// - Source: `auto_functionalized_v2_dense`, `torch/_higher_order_ops/auto_functionalize.py`.
@Sendable
func autoFunctionalizedV2(_ call: HigherOrderCall) throws -> FakeValue {
  let resolved = try call.resolvedOperator(0)
  var keywords = call.keywordArguments
  if resolved.schema.isOut { return try runOut(resolved, keywords, call) }
  let bases = (keywords.removeValue(forKey: "_all_bases")?.elements ?? []).map {
    copyPreservingStrides($0, call.mode)
  }
  for argument in resolved.schema.arguments where argument.isMutated {
    let prefix = "_\(argument.name)"
    if case .symInt(let length)? = keywords["\(prefix)_length"], let count = length.constant, count >= 0 {
      var views: [FakeValue] = []
      for index in 0..<count { views.append(try view("\(prefix)_\(index)", of: bases, keywords, call)) }
      keywords[argument.name] = .list(views)
    } else {
      keywords[argument.name] = try view(prefix, of: bases, keywords, call)
    }
    for key in keywords.keys where key.hasPrefix(prefix + "_") { keywords[key] = nil }
  }
  return try run(resolved, keywords, call, followedBy: bases)
}

/// An `out=` overload gets new tensors of the given sizes, which are its results.
private func runOut(
  _ resolved: ResolvedOperator, _ given: [String: FakeValue], _ call: HigherOrderCall
) throws -> FakeValue {
  var keywords = given
  keywords["_all_bases"] = nil
  for argument in resolved.schema.arguments where argument.isMutated {
    let prefix = "_\(argument.name)"
    guard let sizes = integers(keywords.removeValue(forKey: "\(prefix)_size")),
      let strides = integers(keywords.removeValue(forKey: "\(prefix)_stride")),
      case .dtype(let dtype)? = keywords.removeValue(forKey: "\(prefix)_dtype"),
      case .device(let device)? = keywords.removeValue(forKey: "\(prefix)_device")
    else { throw PropagationError(.malformed("auto_functionalized_v2 does not describe '\(argument.name)'")) }
    keywords[argument.name] = .tensor(call.mode.tensor(sizes, strides: strides, dtype: dtype, device: device))
  }
  return try resolved.apply(try resolved.call([], keywords, in: call.mode))
}

/// The argument described by `prefix_base_index` and its companions.
private func view(
  _ prefix: String, of bases: [FakeValue], _ keywords: [String: FakeValue], _ call: HigherOrderCall
) throws -> FakeValue {
  let given = keywords["\(prefix)_base_index"]
  if let given, given.isNone { return .none }
  guard case .symInt(let index)? = given, let index = index.constant, bases.indices.contains(index) else {
    throw PropagationError(.malformed("auto_functionalized_v2 has no base for '\(prefix.dropFirst())'"))
  }
  let base = bases[index]
  if keywords["\(prefix)_alias"] != nil { return try call.apply("aten.alias.default", base) }
  if let offset = keywords["\(prefix)_storage_offset"] {
    return try call.apply(
      "aten.as_strided.default", base, keywords["\(prefix)_size"] ?? .none,
      keywords["\(prefix)_stride"] ?? .none,
      offset)
  }
  guard let dim = keywords["\(prefix)_slice_dim"] else { return base }
  return try call.apply(
    "aten.slice.Tensor", base, dim, keywords["\(prefix)_slice_start"] ?? .none,
    keywords["\(prefix)_slice_end"] ?? .none)
}

private func integers(_ value: FakeValue?) -> Sizes? {
  guard let items = value?.elements else { return nil }
  var sizes = Sizes()
  for item in items {
    guard case .symInt(let size) = item else { return nil }
    sizes.append(size)
  }
  return sizes
}

private func run(
  _ resolved: ResolvedOperator, _ keywords: [String: FakeValue], _ call: HigherOrderCall,
  followedBy copies: [FakeValue]
) throws -> FakeValue {
  let result = try resolved.apply(try resolved.call([], keywords, in: call.mode))
  if case .tuple(let items) = result { return .tuple(items + copies) }
  return .tuple([result] + copies)
}

/// A copy with its own storage and the same strides and offset; for a list, of each element.
///
/// - Guards: whether there are no elements.
/// - Source: `clone_preserve_strides`, `torch/_prims_common`.
func copyPreservingStrides(_ value: FakeValue, _ mode: FakeTensorMode) -> FakeValue {
  value.mapLeaves { leaf in
    guard case .tensor(let tensor) = leaf else { return leaf }
    _ = mode.shapes.guardOrFalse(mode.shapes.eq(mode.shapes.geometry.numel(tensor), 0))
    let copy = mode.tensor(
      tensor.sizes, strides: tensor.strides, dtype: tensor.dtype, device: tensor.device, layout: tensor.layout
    )
    copy.storageOffset = tensor.storageOffset
    return .tensor(copy)
  }
}
