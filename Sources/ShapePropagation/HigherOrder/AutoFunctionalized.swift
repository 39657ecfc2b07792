import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// `auto_functionalized(op, **kwargs)`: the operator's own results, then a copy of each argument it mutates.
///
/// - Source: `auto_functionalized_dense`, `torch/_higher_order_ops/auto_functionalize.py`.
@Sendable
func autoFunctionalized(_ call: HigherOrderCall) throws -> FakeValue {
  let (name, resolved) = try mutableOperator(call)
  var keywords = Dictionary(call.keywords.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
  var copies: [FakeValue] = []
  for argument in resolved.schema.arguments where argument.isMutated {
    let copy = copied(keywords[argument.name] ?? .none, call.mode)
    keywords[argument.name] = copy
    copies.append(copy)
  }
  return try run(name, resolved, keywords, call, followedBy: copies)
}

/// `auto_functionalized_v2(op, **kwargs)`: as the first version, where mutated arguments are given as views
/// of a few bases (`_x_base_index`, `_x_size`, …), and the copied bases come back.
@Sendable
func autoFunctionalizedV2(_ call: HigherOrderCall) throws -> FakeValue {
  let (name, resolved) = try mutableOperator(call)
  var keywords = Dictionary(call.keywords.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
  let bases = (keywords.removeValue(forKey: "_all_bases")?.elements ?? []).map { copied($0, call.mode) }
  for argument in resolved.schema.arguments where argument.isMutated {
    let prefix = "_\(argument.name)"
    keywords[argument.name] = try view(prefix, of: bases, keywords, call.mode)
    for key in keywords.keys where key.hasPrefix(prefix + "_") { keywords[key] = nil }
  }
  return try run(name, resolved, keywords, call, followedBy: bases)
}

/// The argument described by `prefix_base_index` and what goes with it.
private func view(
  _ prefix: String, of bases: [FakeValue], _ keywords: [String: FakeValue], _ mode: FakeTensorMode
) throws -> FakeValue {
  guard case .symInt(let index)? = keywords["\(prefix)_base_index"], let index = index.constant,
    bases.indices.contains(index), case .tensor(let base) = bases[index]
  else { return .none }
  if case .symInt(let dim)? = keywords["\(prefix)_slice_dim"], let dim = dim.constant, dim < base.rank, dim >= 0,
    case .symInt(let start)? = keywords["\(prefix)_slice_start"],
    case .symInt(let end)? = keywords["\(prefix)_slice_end"]
  {
    let shapes = mode.shapes
    var sizes = base.sizes
    sizes[dim] = shapes.sub(end, start)
    let offset = shapes.add(base.storageOffset, shapes.mul(start, base.strides[dim]))
    return .tensor(mode.view(of: base, sizes: sizes, strides: base.strides, offset: offset))
  }
  guard let sizes = integers(keywords["\(prefix)_size"]), let strides = integers(keywords["\(prefix)_stride"]) else {
    return bases[index]
  }
  var offset: SymInt?
  if case .symInt(let value)? = keywords["\(prefix)_storage_offset"] { offset = value }
  return .tensor(mode.view(of: base, sizes: sizes, strides: strides, offset: offset))
}

private func integers(_ value: FakeValue?) -> Sizes? {
  switch value {
  case .sizes(let sizes)?: return sizes
  case .list(let items)?, .tuple(let items)?:
    var sizes = Sizes()
    for item in items {
      guard case .symInt(let size) = item else { return nil }
      sizes.append(size)
    }
    return sizes
  default: return nil
  }
}

private func mutableOperator(_ call: HigherOrderCall) throws -> (String, ResolvedOperator) {
  guard case .opaque(let text)? = call.arguments.first, let name = OperatorName(text) else {
    throw PropagationError(.malformed("auto_functionalized takes an operator first"))
  }
  guard let resolved = call.table.resolve(name) else {
    throw OperatorError(.noRule, operator: name.description)
  }
  return (text, resolved)
}

private func run(
  _ name: String, _ resolved: ResolvedOperator, _ keywords: [String: FakeValue], _ call: HigherOrderCall,
  followedBy copies: [FakeValue]
) throws -> FakeValue {
  let result = try resolved.apply(try resolved.call([], keywords, in: call.mode))
  if case .tuple(let items) = result { return .tuple(items + copies) }
  return .tuple([result] + copies)
}

/// A copy in memory of its own, element by element for a list.
private func copied(_ value: FakeValue, _ mode: FakeTensorMode) -> FakeValue {
  switch value {
  case .tensor(let tensor):
    let isDense = mode.shapes.isNonOverlappingAndDense(tensor)
    return .tensor(
      mode.tensor(
        tensor.sizes, strides: isDense ? tensor.strides : mode.shapes.elementwiseStrides([tensor], tensor.sizes),
        dtype: tensor.dtype, device: tensor.device, layout: tensor.layout))
  case .list(let items): return .list(items.map { copied($0, mode) })
  default: return value
  }
}
