import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Indexing by lists of indices and masks, as in `x[i, :, mask]`.
let indexing: [OperatorRow] = [
  OperatorRow("_unsafe_index") { .tensor(try index($0, $0.tensor(0), $0.optionalTensors(1))) }.onOneDevice(),
  OperatorRow("_unsafe_masked_index") { .tensor(try maskedIndex($0)) },
  OperatorRow("index") { .tensor(try index($0, $0.tensor(0), $0.optionalTensors(1))) },
]

/// `index.Tensor(Tensor self, Tensor?[] indices) -> Tensor`.
///
/// The indices broadcast to one shape. It replaces the indexed dims if they are adjacent, and otherwise comes first. A
/// mask counts as the columns of its `nonzero`.
///
/// The strides follow the order of those of `self`, ignoring the index dims.
///
/// - Throws: a refusal for an index dtype other than int32, int64, int8 or bool, for too many indices,
///   for indices that do not broadcast, and for a mask that does not fit.
/// - Source: `meta_index_Tensor`, `torch/_meta_registrations.py`.
func index(_ call: OperatorCall, _ input: FakeTensor, _ indices: [FakeTensor?]) throws -> FakeTensor {
  try call.require(!indices.isEmpty, "at least one index must be provided")
  var isIndexed = try indexedDims(call, input, indices)
  let common = try commonIndexSizes(call, isIndexed.compactMap { $0 })
  try call.require(
    isIndexed.count <= input.rank,
    "too many indices for tensor of dimension \(input.rank) (got \(isIndexed.count))")
  while isIndexed.count < input.rank { isIndexed.append(nil) }
  let dims = isIndexed.indices.filter { isIndexed[$0] != nil }
  let others = isIndexed.indices.filter { isIndexed[$0] == nil }
  guard let first = dims.first, let last = dims.last else { return call.newTensor(input.sizes, like: input) }

  let before = last - first + 1 == dims.count ? others.filter { $0 < first } : []
  let after = others.filter { !before.contains($0) }
  var (sizes, strides) = (Sizes(before.map { input.sizes[$0] }), Sizes(before.map { input.strides[$0] }))
  for size in common {
    sizes.append(size)
    strides.append(0)
  }
  for dim in after {
    sizes.append(input.sizes[dim])
    strides.append(input.strides[dim])
  }
  let result = call.newTensor(sizes, like: input)
  if call.shapes.guardOrFalse(call.shapes.eq(call.shapes.geometry.numel(input), 0)) { return result }
  let spread = call.mode.view(of: input, sizes: sizes, strides: strides)
  result.strides = call.shapes.geometry.elementwiseStrides([spread], sizes)
  return result
}

/// The shape of the last index after broadcasting.
private func commonIndexSizes(_ call: OperatorCall, _ shapes: [Sizes]) throws -> Sizes {
  let common = try call.broadcast(shapes)
  return shapes.last.map { call.keepsOwnSizes($0, in: common) ? $0 : common } ?? common
}

extension OperatorCall {
  /// Whether a tensor of these sizes stays as it is when it is broadcast to `common`: it does unless its sizes are
  /// known to differ.
  ///
  /// - Source: `should_expand`, `_maybe_broadcast`, `torch/_refs/__init__.py`.
  func keepsOwnSizes(_ sizes: Sizes, in common: Sizes) -> Bool {
    guard sizes.count == common.count else { return false }
    return sizes.indices.allSatisfy { dim in
      if sizes[dim] == common[dim] { return true }
      let isOne = shapes.guardOrFalse(shapes.eq(sizes[dim], 1))
      let isCommonOne = shapes.guardOrFalse(shapes.eq(common[dim], 1))
      return isOne == isCommonOne && !shapes.guardOrFalse(shapes.ne(sizes[dim], common[dim]))
    }
  }
}

/// For each dim covered by `indices`: the shape of its index, or `nil` if the dim is kept.
private func indexedDims(
  _ call: OperatorCall, _ input: FakeTensor, _ indices: [FakeTensor?]
) throws -> [Sizes?] {
  var result: [Sizes?] = []
  for (position, index) in indices.enumerated() {
    guard let index else {
      result.append(nil)
      continue
    }
    switch index.dtype {
    case .int64, .int32: result.append(index.sizes)
    case .bool, .int8:
      let columns = try nonzero(call, index)
      let start = result.count
      try call.require(
        start + index.rank <= input.rank, "too many indices for tensor of dimension \(input.rank)")
      for dim in 0..<index.rank {
        try call.check(
          call.shapes.eq(index.sizes[dim], input.sizes[start + dim]),
          "The shape of the mask \(call.shapes.shortText(of: index.sizes)) at index \(position) does not match the "
            + "shape of the indexed tensor \(call.shapes.shortText(of: input.sizes)) at index \(start + dim)")
        result.append([columns.sizes[0]])
      }
    default: throw call.refusal("tensors used as indices must be long, int, byte or bool tensors")
    }
  }
  return result
}

/// `_unsafe_masked_index(Tensor self, Tensor mask, Tensor?[] indices, Scalar fill) -> Tensor`.
///
/// - Source: `_unsafe_masked_index`, `torch/_decomp/decompositions.py`.
private func maskedIndex(_ call: OperatorCall) throws -> FakeTensor {
  let (input, mask, indices) = (try call.tensor(0), try call.tensor(1), try call.optionalTensors(2))
  try requireMaskedIndices(call, mask, indices)
  let picked = try index(call, input, indices)
  if call.shapes.guardOrFalse(call.shapes.eq(call.shapes.geometry.numel(input), 0)) {
    return call.mode.tensor(picked.sizes, dtype: input.dtype, device: input.device)
  }
  return try maskedFill(call, picked, mask)
}

/// Refuses indices that are not integral, and masks that are not bool.
func requireMaskedIndices(_ call: OperatorCall, _ mask: FakeTensor, _ indices: [FakeTensor?]) throws {
  for case let index? in indices {
    try call.require(
      index.dtype == .int64 || index.dtype == .int32, "tensors used as indices must be long or int tensors")
  }
  try call.require(mask.dtype == .bool, "tensors used as masks must be bool tensors")
}
