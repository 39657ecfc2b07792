import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Solutions of linear systems, and inverses.
///
/// Solutions are column-major.
///
/// Rows are in alphabetical order.
let linearSolvers: [OperatorRow] = [
  OperatorRow("_cholesky_solve_helper") { call in
    let b = try call.tensor(0)
    try call.matrices.requireMatrix(b, "cholesky_solve")
    return .tensor(call.newColumnMajor(b.sizes, like: b))
  },
  OperatorRow("_linalg_solve_ex") { try $0.matrices.solved() },
  OperatorRow("cholesky_inverse") { call in
    let input = try call.tensor(0)
    try call.matrices.checkSquare(input, "cholesky_inverse")
    return .tensor(call.newColumnMajor(input.sizes, like: input))
  },
  OperatorRow("cholesky_solve", choleskySolve),
  OperatorRow("inverse") { .tensor(try $0.matrices.inverse(try $0.tensor(0))) },
  OperatorRow("linalg_inv") { .tensor(try $0.matrices.inverse(try $0.tensor(0))) },
  OperatorRow("linalg_inv_ex") { call in
    let input = try call.tensor(0)
    return .tensors(
      try call.matrices.inverse(input), call.newTensor(call.matrices.batch(input), like: input, dtype: .int32)
    )
  },
  OperatorRow("linalg_ldl_solve", ldlSolve),
  OperatorRow("linalg_lstsq") { call in throw call.error(.dynamicOutputShape) },
  OperatorRow("linalg_lu_solve") { call in
    try call.matrices.luSolve(
      try call.tensor(0), try call.tensor(1), try call.tensor(2), left: try call.bool(3))
  },
  OperatorRow("linalg_solve") { call in
    guard case .tuple(let results) = try call.matrices.solved(), let solution = results.first else {
      return .none
    }
    return solution
  },
  OperatorRow("linalg_solve_ex") { call in
    guard case .tuple(let results) = try call.matrices.solved(), results.count == 4 else { return .none }
    return .tuple([results[0], results[3]])
  },
  OperatorRow("linalg_solve_triangular", solveTriangular),
  OperatorRow("linalg_tensorinv", tensorInverse),
  OperatorRow("linalg_tensorsolve", tensorSolve),
  OperatorRow("lu_solve") { call in
    try call.matrices.luSolve(try call.tensor(1), try call.tensor(2), try call.tensor(0), left: true)
  },
  OperatorRow("triangular_solve", triangularSolve),
]

/// Source: `torch/_meta_registrations.py`, unless stated otherwise.
extension Matrices {
  func inverse(_ input: FakeTensor) throws -> FakeTensor {
    try checkSquare(input, "linalg.inv_ex")
    try requireFloating(input, "linalg.inv_ex", lowPrecision: false)
    return call.newColumnMajor(input.sizes, like: input)
  }

  /// `_linalg_solve_ex(A, B, left, check_errors)`: solution, `LU`, pivots and status.
  fileprivate func solved() throws -> FakeValue {
    let (a, b, left) = (try call.tensor(0), try call.tensor(1), try call.bool(2))
    let solution = try solve(a, b, left: left)
    let batch = batch(a)
    return .tensors(
      solution, call.newColumnMajor(a.sizes, like: a),
      call.newTensor(a.sizes.leading(droppingLast: 1), like: a, dtype: .int32),
      call.newTensor(batch, like: a, dtype: .int32))
  }

  /// The solution of `AX = B`, or `XA = B`; `B` may be a vector or a batch of vectors.
  ///
  /// - Guards: whether `B` is a batch of vectors.
  func solve(_ a: FakeTensor, _ b: FakeTensor, left: Bool) throws -> FakeTensor {
    try requireFloating(a, "linalg.solve")
    try call.require(a.dtype == b.dtype, "linalg.solve: Expected A and B to have the same dtype")
    let isVector: Bool
    if b.rank == 1 {
      isVector = true
    } else {
      isVector = a.rank - 1 == b.rank ? try areEqual(b.sizes, a.sizes.dropLast()) : false
    }
    let right = isVector ? try call.views.unsqueeze(b, -1) : b
    try checkSolver(a, right, left: left, "linalg.solve")
    var sizes = try broadcastBatches(right, a).a
    try call.require(
      left || !isVector,
      "linalg.solve: Vector broadcasting of the left hand side is not supported for left=False.")
    if isVector { sizes = sizes.leading(droppingLast: 1) }
    return left ? call.newColumnMajor(sizes, like: b) : call.newTensor(sizes, like: b)
  }

  /// - Guards: the sizes of the pivots equal those of the rows; whether the result is empty.
  /// - Source: `linalg_lu_solve_meta`.
  fileprivate func luSolve(
    _ lu: FakeTensor, _ pivots: FakeTensor, _ b: FakeTensor, left: Bool
  ) throws
    -> FakeValue
  {
    try requireFloating(lu, "torch.linalg.lu_solve")
    try call.require(lu.dtype == b.dtype, "linalg.lu_solve: Expected LU and B to have the same dtype")
    try call.require(
      pivots.dtype == .int32, "linalg.lu_solve: pivots should be a Tensor of scalar type torch.int32")
    try checkSquare(lu, "torch.linalg.lu_solve")
    try checkSolver(lu, b, left: left, "linalg.lu_solve")
    try call.require(pivots.rank > 0, "linalg.lu_solve: pivots has no dimensions")
    try call.check(
      shapes.eq(columns(lu), columns(pivots)),
      "linalg.lu_solve: Number of pivots per batch should be same as the dimension of the matrix")
    try call.require(
      try areEqual(lu.sizes.dropLast(), pivots.sizes),
      "linalg.lu_solve: Expected LU.shape[:-1] and pivots.shape to be the same")
    let sizes = try broadcastBatches(b, lu).a
    let result = left ? call.newColumnMajor(sizes, like: b) : call.newTensor(sizes, like: b)
    if try call.evaluate(shapes.ne(shapes.product(sizes), 0)), !left {
      result.isConjugate = b.dtype.isComplex
    }
    return .tensor(result)
  }
}

/// `cholesky_solve(self, input2, upper)`: solves systems given the Cholesky factors.
@Sendable
private func choleskySolve(_ call: OperatorCall) throws -> FakeValue {
  let (b, a) = (try call.tensor(0), try call.tensor(1))
  try call.require(b.rank >= 2, "b should have at least 2 dimensions, but has \(b.rank) dimensions instead")
  try call.require(a.rank >= 2, "u should have at least 2 dimensions, but has \(a.rank) dimensions instead")
  try call.matrices.checkSystem(b, a, "cholesky_solve")
  return .tensor(call.newColumnMajor(try call.matrices.broadcastBatches(b, a).a, like: b))
}

/// `linalg_ldl_solve(LD, pivots, B, hermitian)`.
///
/// Guards: the sizes of the pivots equal those of the rows.
@Sendable
private func ldlSolve(_ call: OperatorCall) throws -> FakeValue {
  let (factor, pivots, b) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  try call.matrices.checkSquare(factor, "torch.linalg.ldl_solve")
  try call.matrices.requireFloating(factor, "torch.linalg.ldl_solve")
  try call.matrices.checkSystem(b, factor, "torch.linalg.ldl_solve")
  try call.require(
    try call.matrices.areEqual(factor.sizes.dropLast(), pivots.sizes),
    "torch.linalg.ldl_solve: Expected LD.shape[:-1] and pivots.shape to be the same")
  try call.require(pivots.dtype.isIntegral, "torch.linalg.ldl_solve: Expected pivots to be integers.")
  return .tensor(call.newColumnMajor(try call.matrices.broadcastBatches(b, factor).a, like: b))
}

/// `linalg_solve_triangular(self, B, upper, left, unitriangular)`.
///
/// - Guards: whether the matrices are column-major.
/// - Source: `linalg_solve_triangular_meta`.
@Sendable
private func solveTriangular(_ call: OperatorCall) throws -> FakeValue {
  let (a, b, shapes) = (try call.tensor(0), try call.tensor(1), call.shapes)
  try call.matrices.checkSolver(a, b, left: try call.bool(3), "linalg.solve_triangular")
  let sizes = try call.matrices.broadcastBatches(b, a)
  let matrices = try call.transposed(try call.expanded(a, to: sizes.a == a.sizes ? a.sizes : sizes.b), -2, -1)
  var (isContiguous, inner) = (SymBool(true), SymInt(1))
  for (size, stride) in zip(matrices.sizes, matrices.strides).reversed() {
    isContiguous = shapes.and(isContiguous, shapes.or(shapes.eq(size, 1), shapes.eq(stride, inner)))
    inner = shapes.mul(inner, size)
  }
  let isByColumns = try call.evaluate(shapes.or(shapes.eq(inner, 0), isContiguous))
  let keepsA = isByColumns && matrices.isConjugate
  if !keepsA { _ = try call.evaluate(shapes.eq(shapes.product(sizes.a), 0)) }
  return .tensor(keepsA ? call.newTensor(sizes.a, like: a) : call.newColumnMajor(sizes.a, like: a))
}

/// `triangular_solve(self, A, upper, transpose, unitriangular)`: the solution and a copy of the matrices.
@Sendable
private func triangularSolve(_ call: OperatorCall) throws -> FakeValue {
  let (b, a) = (try call.tensor(0), try call.tensor(1))
  try call.require(b.rank >= 2, "torch.triangular_solve: Expected b to have at least 2 dimensions")
  try call.require(a.rank >= 2, "torch.triangular_solve: Expected A to have at least 2 dimensions")
  try call.matrices.checkSystem(b, a, "triangular_solve")
  let sizes = try call.matrices.broadcastBatches(b, a)
  return .tensors(call.newColumnMajor(sizes.a, like: b), call.newColumnMajor(sizes.b, like: a))
}

/// `linalg_tensorinv(self[*a, *b], ind)`: `[*b, *a]`, where `ind` counts the dims of `a`.
///
/// - Guards: both parts have the same number of elements.
/// - Source: `linalg_tensorinv`, `aten/src/ATen/native/LinearAlgebra.cpp`.
@Sendable
private func tensorInverse(_ call: OperatorCall) throws -> FakeValue {
  let (input, count) = (try call.tensor(0), try call.int(1))
  try call.require(count > 0, "Expected a strictly positive integer for 'ind', but got \(count)")
  let (first, rest) = (Sizes(input.sizes.prefix(count)), Sizes(input.sizes.dropFirst(count)))
  let size = call.shapes.product(rest)
  try call.require(
    try call.isEqual(size, call.shapes.product(first)),
    "Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind])")
  let inverse = try call.matrices.inverse(try call.reshaped(input, to: [size, size]))
  return .tensor(try call.reshaped(inverse, to: Sizes(Array(rest) + Array(first))))
}

/// `linalg_tensorsolve(self, other, dims)`: the dims of `self` beyond those of `other`.
///
/// - Guards: the result has as many elements as `other`.
/// - Source: `linalg_tensorsolve`, `aten/src/ATen/native/LinearAlgebra.cpp`.
@Sendable
private func tensorSolve(_ call: OperatorCall) throws -> FakeValue {
  let (input, other, shapes) = (try call.tensor(0), try call.tensor(1), call.shapes)
  var order = Array(0..<input.rank)
  if let dims = try call.optionalInts(2) {
    let moved = try call.wrapped(dims, rank: input.rank)
    order = order.filter { !moved.contains($0) } + moved
  }
  let source = try call.permuted(input, by: order)
  let sizes = Sizes(source.sizes.dropFirst(other.rank))
  let (count, rows) = (shapes.product(sizes), shapes.geometry.numel(other))
  try call.require(
    try call.isEqual(count, rows),
    "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim])")
  let matrix = try call.reshaped(source, to: [rows, rows])
  let vector = try call.reshaped(other, to: [rows])
  return .tensor(try call.reshaped(try call.matrices.solve(matrix, vector, left: true), to: sizes))
}
