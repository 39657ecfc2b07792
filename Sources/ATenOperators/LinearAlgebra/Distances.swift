import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Distances between the rows of matrices.
///
/// Rows are in alphabetical order.
let distances: [OperatorRow] = [
  OperatorRow("_cdist_backward", cdistBackward),
  OperatorRow("_cdist_forward") { .tensor(try $0.cdist()) },
  OperatorRow("_euclidean_dist") { call in
    let (a, b) = (try call.tensor(0), try call.tensor(1))
    return .tensor(try call.matrices.matmul(a, try call.transposed(b, -2, -1)))
  },
  OperatorRow("_pdist_backward") { call in
    let input = try call.tensor(1)
    try call.require(
      call.shapes.geometry.isContiguous(input), "_pdist_backward requires self to be contiguous")
    return .tensor(call.newTensor(input.sizes, like: input))
  },
  OperatorRow("_pdist_forward") { call in
    let input = try call.tensor(0)
    try call.require(call.shapes.geometry.isContiguous(input), "_pdist_forward requires contiguous input")
    return .tensor(try call.pdist(input))
  },
  OperatorRow("cdist", cdist),
  OperatorRow("pdist") { call in
    let input = try call.tensor(0)
    try call.require(input.rank == 2, "pdist only supports 2D tensors, got: \(input.rank)D")
    try call.require(input.dtype.isFloatingPoint, "pdist only supports floating-point dtypes")
    try call.require(try call.double(1) >= 0, "pdist only supports non-negative p values")
    return .tensor(try call.pdist(input))
  },
]

extension OperatorCall {
  /// `[n, m] → [n·(n - 1) / 2]`.
  fileprivate func pdist(_ input: FakeTensor) throws -> FakeTensor {
    let n = try size(input, 0)
    askWhetherOnes(input.sizes)
    let count = shapes.floorDiv(shapes.mul(n, shapes.sub(n, 1)), 2)
    try check(shapes.ge(count, 0), "Trying to create tensor with negative dimension")
    return newTensor([count], like: input)
  }

  /// `[*a, r1, m], [*b, r2, m] → [*broadcast(a, b), r1, r2]`.
  fileprivate func rowPairs(_ a: FakeTensor, _ b: FakeTensor, dtype: ScalarType) throws -> FakeTensor {
    try require(a.rank >= 2, "cdist only supports at least 2D tensors, X1 got: \(a.rank)D")
    try require(b.rank >= 2, "cdist only supports at least 2D tensors, X2 got: \(b.rank)D")
    try check(
      shapes.eq(a.sizes[a.rank - 1], b.sizes[b.rank - 1]), "X1 and X2 must have the same number of columns.")
    var sizes = try broadcast([a.sizes.leading(droppingLast: 2), b.sizes.leading(droppingLast: 2)])
    sizes = sizes.appending(a.sizes[a.rank - 2], b.sizes[b.rank - 2])
    return mode.tensor(sizes, dtype: dtype, device: try commonDevice([a, b]))
  }

  /// `_cdist_forward(x1, x2, p, compute_mode)`.
  ///
  /// Source: `meta_cdist_forward`, `_meta_registrations.py`.
  fileprivate func cdist() throws -> FakeTensor {
    let (a, b) = (try tensor(0), try tensor(1))
    try require(a.dtype.isFloatingPoint, "cdist only supports floating-point dtypes, X1 got: \(a.dtype.name)")
    try require(b.dtype.isFloatingPoint, "cdist only supports floating-point dtypes, X2 got: \(b.dtype.name)")
    try require(try double(2) >= 0, "cdist only supports non-negative p values")
    if let mode = try optionalInt(3) {
      try require((0...2).contains(mode), "possible modes: None, 0, 1, 2, but was: \(mode)")
    }
    return try rowPairs(a, b, dtype: a.dtype)
  }
}

/// `cdist(x1, x2, p, compute_mode)`.
///
/// - Guards: whether an operand is empty, and for Euclidean distances whether it has more than 25 rows, when another
///   kernel computes them.
/// - Source: `cdist`, `aten/src/ATen/native/Distance.cpp`.
@Sendable
private func cdist(_ call: OperatorCall) throws -> FakeValue {
  let shapes = call.shapes
  let operands = [try call.tensor(0), try call.tensor(1)].filter { $0.rank >= 2 }
  for tensor in operands where try call.evaluate(shapes.eq(shapes.geometry.numel(tensor), 0)) {
    return .tensor(try call.cdist())
  }
  if try call.double(2) == 2, (try call.optionalInt(3) ?? 0) == 0 {
    for tensor in operands where try call.evaluate(shapes.gt(tensor.sizes[tensor.rank - 2], 25)) { break }
  }
  return .tensor(try call.cdist())
}

/// `_cdist_backward(grad, x1, x2, p, cdist)`: the gradient of `x1`, its batch broadcast with that of `x2`.
///
/// - Source: `meta_cdist_backward`, `torch/_meta_registrations.py`.
@Sendable
private func cdistBackward(_ call: OperatorCall) throws -> FakeValue {
  let (a, b, shapes) = (try call.tensor(1), try call.tensor(2), call.shapes)
  try call.require(a.rank >= 2 && b.rank >= 2, "cdist only supports at least 2D tensors")
  let batch = try call.broadcast([a.sizes.leading(droppingLast: 2), b.sizes.leading(droppingLast: 2)])
  let (rows, columns) = (a.sizes[a.rank - 2], a.sizes[a.rank - 1])
  for size in [rows, b.sizes[b.rank - 2], columns, shapes.product(batch)]
  where try call.evaluate(shapes.eq(size, 0)) {
    return .tensor(call.emptyLike(a))
  }
  return .tensor(call.newTensor(batch.appending(rows, columns), like: a))
}
