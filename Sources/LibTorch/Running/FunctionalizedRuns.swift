import FX
import OperatorSchemas
import TensorVocabulary

/// `auto_functionalized(op, **kwargs)`: the operator's own results, then a copy of each argument that it wrote to.
///
/// - Source: `auto_functionalized_dense`, `torch/_higher_order_ops/auto_functionalize.py`, v2.13.
@Sendable
func autoFunctionalized(_ call: HigherOrderArguments) throws -> PyTree<RealTensor> {
  var keywords = call.kwargs
  var copies: [PyTree<RealTensor>] = []
  for argument in try call.schema(0).arguments where argument.isMutated {
    guard let place = keywords.firstIndex(where: { $0.name == argument.name }) else { continue }
    let copy = try copied(keywords[place].value, call)
    keywords[place] = Named(argument.name, copy)
    copies.append(copy)
  }
  return try results(of: call, keywords, followedBy: copies)
}

/// `auto_functionalized_v2(op, **kwargs)`: arguments that are written to are given as views of a few bases
/// (`_x_base_index`, `_x_size`, …); the copied bases are returned.
///
/// - Source: `auto_functionalized_v2_dense`, `torch/_higher_order_ops/auto_functionalize.py`, v2.13.
@Sendable
func autoFunctionalizedV2(_ call: HigherOrderArguments) throws -> PyTree<RealTensor> {
  let schema = try call.schema(0)
  if schema.isOut { return try functionalizedOut(schema, call) }
  var keywords = call.kwargs
  let bases = try (keywords["_all_bases"]?.elements ?? []).map { try copied($0, call) }
  keywords.removeAll { $0.name == "_all_bases" }
  for argument in schema.arguments where argument.isMutated {
    let prefix = "_\(argument.name)"
    let value: PyTree<RealTensor>
    if let count = keywords["\(prefix)_length"]?.int {
      guard count >= 0, count <= keywords.count else {
        throw LibTorchError(
          .argument("'\(argument.name)' has an impossible length"), operator: "auto_functionalized_v2")
      }
      value = .list(try (0..<count).map { try view("\(prefix)_\($0)", bases, keywords, call) })
    } else {
      value = try view(prefix, bases, keywords, call)
    }
    keywords.removeAll { $0.name.hasPrefix(prefix + "_") }
    keywords.append(Named(argument.name, value))
  }
  return try results(of: call, keywords, followedBy: bases)
}

/// An `out=` overload gets new tensors of the given sizes, which are its results.
private func functionalizedOut(
  _ schema: FunctionSchema, _ call: HigherOrderArguments
) throws -> PyTree<RealTensor> {
  var keywords = call.kwargs
  keywords.removeAll { $0.name == "_all_bases" }
  for argument in schema.arguments where argument.isMutated {
    let prefix = "_\(argument.name)"
    guard let sizes = keywords["\(prefix)_size"], let strides = keywords["\(prefix)_stride"],
      let dtype = keywords["\(prefix)_dtype"], let device = keywords["\(prefix)_device"]
    else {
      throw LibTorchError(
        .argument("nothing describes '\(argument.name)'"), operator: "auto_functionalized_v2")
    }
    keywords.removeAll { $0.name.hasPrefix(prefix + "_") }
    let made = try call.tensor("empty_strided", sizes, strides, dtype, .constant(.none), device)
    keywords.append(Named(argument.name, made))
  }
  return try call.apply(0, [], keywords)
}

/// `out_dtype(op, output_dtype, *args)`: the operator on arguments widened to `output_dtype`.
///
/// - Source: `out_dtype_dense`, `torch/_higher_order_ops/out_dtype.py`, v2.13.
@Sendable
func outDtype(_ call: HigherOrderArguments) throws -> PyTree<RealTensor> {
  guard call.args.count > 1, case .constant(.dtype(let dtype)) = call.args[1] else {
    throw LibTorchError(.argument("a dtype after the operator is expected"), operator: "out_dtype")
  }
  let widened = try call.args.dropFirst(2).map { argument -> PyTree<RealTensor> in
    guard case .value(let tensor) = argument, let common = ScalarType.promote(try tensor.dtype, dtype) else {
      return argument
    }
    return try call.tensor("to.dtype", argument, .constant(.dtype(common)))
  }
  let result = try call.apply(0, widened, [])
  return try call.tensor("to.dtype", result, .constant(.dtype(dtype)))
}

/// The view of a base that `prefix_base_index` and its companions describe.
private func view(
  _ prefix: String, _ bases: [PyTree<RealTensor>], _ keywords: [Named<PyTree<RealTensor>>],
  _ call: HigherOrderArguments
) throws -> PyTree<RealTensor> {
  let given = keywords["\(prefix)_base_index"]
  if case .constant(.none)? = given { return .constant(.none) }
  guard let index = given?.int, bases.indices.contains(index) else {
    throw LibTorchError(
      .argument("there is no base for '\(prefix.dropFirst())'"), operator: "auto_functionalized_v2")
  }
  let base = bases[index]
  if keywords["\(prefix)_alias"] != nil { return try call.tensor("alias", base) }
  if let offset = keywords["\(prefix)_storage_offset"] {
    return try call.tensor(
      "as_strided", base, keywords["\(prefix)_size"] ?? .list([]), keywords["\(prefix)_stride"] ?? .list([]),
      offset)
  }
  guard let dim = keywords["\(prefix)_slice_dim"] else { return base }
  return try call.tensor(
    "slice.Tensor", base, dim, keywords["\(prefix)_slice_start"] ?? .constant(.none),
    keywords["\(prefix)_slice_end"] ?? .constant(.none))
}

private func results(
  of call: HigherOrderArguments, _ keywords: [Named<PyTree<RealTensor>>],
  followedBy copies: [PyTree<RealTensor>]
) throws -> PyTree<RealTensor> {
  let result = try call.apply(0, [], keywords)
  if case .tuple(let items) = result { return .tuple(items + copies) }
  return .tuple([result] + copies)
}

/// A copy with memory of its own, element by element for a list.
private func copied(_ value: PyTree<RealTensor>, _ call: HigherOrderArguments) throws -> PyTree<RealTensor> {
  switch value {
  case .value: try call.tensor("clone", value, .constant(.memoryFormat(.preserve)))
  case .list(let items): .list(try items.map { try copied($0, call) })
  default: value
  }
}
