import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Distinct elements, or distinct slices along a dim.
let uniqueElements: [OperatorRow] = [
  OperatorRow("_unique") { call in
    let options = UniqueOptions(wantsInverse: try call.bool(2), wantsCounts: false)
    return .tuple(Array(try unique(call, dim: nil, options).prefix(2)))
  },
  OperatorRow("_unique2") { call in
    .tuple(try unique(call, dim: nil, UniqueOptions(wantsInverse: call.bool(2), wantsCounts: call.bool(3))))
  },
  OperatorRow("unique_consecutive") { call in
    let options = UniqueOptions(
      wantsInverse: try call.bool(1), wantsCounts: try call.bool(2), memo: .uniqueConsecutive)
    return .tuple(try unique(call, dim: call.optionalInt(3), options))
  },
  OperatorRow("unique_dim") { call in
    let (rank, dim) = (try call.tensor(0).rank, try call.int(1))
    let wrapped = dim >= 0 ? dim : ((dim % max(rank, 1)) + max(rank, 1)) % max(rank, 1)
    return .tuple(
      try unique(call, dim: wrapped, UniqueOptions(wantsInverse: call.bool(3), wantsCounts: call.bool(4))))
  },
  // PyTorch has no fake implementation of this operator.
  OperatorRow("unique_dim_consecutive") { throw $0.error(.dynamicOutputShape) },
]

private struct UniqueOptions {
  var wantsInverse: Bool
  var wantsCounts: Bool
  var memo = MemoKey.unique
}

/// `(values, inverse, counts)`: `[u]`, then the input's sizes and `[u]` if requested, otherwise `[0]`.
///
/// With a dim, `u` replaces the size of that dim, and inverse and counts always exist on the CPU. `u` is at most the
/// number of elements (or slices) if that is a constant. Without a dim, the tensor memoizes `u`, whatever the options.
///
/// - Source: `_unique`, `torch/_subclasses/fake_impls.py`. There, a negative dim of `unique_consecutive` slices the
///   sizes as Python does, so `dim = -1` repeats all of them after `u`; the same happens here.
private func unique(_ call: OperatorCall, dim: Int?, _ options: UniqueOptions) throws -> [FakeValue] {
  guard call.mode.allowsDynamicOutputs else { throw call.error(.dynamicOutputShape) }
  let input = try call.tensor(0)
  let rank = input.rank
  let position = try dim.map { dim in
    try call.require(
      dim >= -rank && dim < rank,
      "Dimension out of range (expected to be in range of [\(-rank), \(rank - 1)], but got \(dim))")
    return dim < 0 ? dim + rank : dim
  }
  let count: SymInt
  if dim == nil, case .symInt(let known)? = call.mode.memo(options.memo, of: input) {
    count = known
  } else {
    let candidates = position.map { input.sizes[$0] } ?? call.shapes.geometry.numel(input)
    count =
      call.shapes.geometry.numel(input) == 0 ? 0 : try call.freshSize(limit: candidates.constant ?? .max - 1)
    if dim == nil { call.mode.setMemo(options.memo, of: input, to: .symInt(count)) }
  }
  var values: Sizes = [count]
  if let dim, let position {
    let next = dim + 1
    values = Sizes(input.sizes[..<position])
    values.append(count)
    for index in (next < 0 ? next + rank : next)..<max(rank, next) { values.append(input.sizes[index]) }
  }
  let isFull = position != nil && input.device == .cpu
  let inverse = position.map { [input.sizes[$0]] } ?? input.sizes
  let counts = dim.map { [values[$0 < 0 ? $0 + values.count : $0]] } ?? values
  return [
    .tensor(try call.newEmpty(input, values)),
    .tensor(try call.newEmpty(input, options.wantsInverse || isFull ? inverse : [0], dtype: .int64)),
    .tensor(try call.newEmpty(input, options.wantsCounts || isFull ? counts : [0], dtype: .int64)),
  ]
}
