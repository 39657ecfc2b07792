import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Functions of matrices: determinants, powers, ranks, pseudo-inverses, and products of vectors.
///
/// Rows are in alphabetical order.
let matrixFunctions: [OperatorRow] = [
  OperatorRow("_linalg_check_errors") { call in
    call.askWhetherOnes(try call.tensor(0).sizes)
    return .none
  },
  OperatorRow("_linalg_det") { call in
    let input = try call.tensor(0)
    return .tensors(
      try call.determinant(), call.newColumnMajor(input.sizes, like: input), call.rowPivots(input))
  },
  OperatorRow("_linalg_slogdet") { call in
    let (input, parts) = (try call.tensor(0), try call.signAndLog())
    return .tensors(
      parts.sign, parts.log, call.newColumnMajor(input.sizes, like: input), call.rowPivots(input))
  },
  OperatorRow("cross", cross),
  OperatorRow("det") { .tensor(try $0.determinant()) },
  OperatorRow("linalg_cross") { call in
    .tensor(try call.cross(try call.tensor(0), try call.tensor(1), try call.int(2)))
  },
  OperatorRow("linalg_det") { .tensor(try $0.determinant()) },
  OperatorRow("linalg_matrix_exp", matrixExponential),
  OperatorRow("linalg_matrix_power", matrixPower),
  OperatorRow("linalg_matrix_rank", matrixRank),
  OperatorRow("linalg_matrix_sqrth") { call in
    let input = try call.tensor(0)
    try call.matrices.checkSquare(input, "linalg.matrix_sqrth")
    try call.matrices.requireFloating(input, "linalg.matrix_sqrth", lowPrecision: false)
    return .tensor(call.newTensor(input.sizes, like: input))
  },
  OperatorRow("linalg_pinv", pseudoInverse),
  OperatorRow("linalg_slogdet") { call in
    let parts = try call.signAndLog()
    return .tensors(parts.sign, parts.log)
  },
  OperatorRow("linalg_vander", linalgVander),
  OperatorRow("linalg_vecdot", vectorDot),
  OperatorRow("logdet", logDeterminant),
  OperatorRow("matrix_exp", matrixExponential),
  OperatorRow("matrix_power", matrixPower),
  OperatorRow("pinverse", pseudoInverse),
  OperatorRow("slogdet") { call in
    let parts = try call.signAndLog()
    return .tensors(parts.sign, parts.log)
  },
  OperatorRow("trace", trace),
  OperatorRow("vander", vander),
]

extension OperatorCall {
  fileprivate func rowPivots(_ input: FakeTensor) -> FakeTensor {
    newTensor(input.sizes.leading(droppingLast: 1), like: input, dtype: .int32)
  }

  /// One number per matrix.
  ///
  /// Source: `_linalg_det_meta`, `torch/_meta_registrations.py`.
  fileprivate func determinant() throws -> FakeTensor {
    let input = try tensor(0)
    try matrices.checkSquare(input, "linalg.det")
    try matrices.requireFloating(input, "linalg.det")
    return newTensor(matrices.batch(input), like: input)
  }

  /// Source: `_linalg_slogdet`, `torch/_meta_registrations.py`.
  fileprivate func signAndLog() throws -> (sign: FakeTensor, log: FakeTensor) {
    let input = try tensor(0)
    try matrices.checkSquare(input, "linalg.slogdet")
    try matrices.requireFloating(input, "linalg.slogdet", lowPrecision: false)
    return (
      newTensor(matrices.batch(input), like: input),
      newTensor(matrices.batch(input), like: input, dtype: matrices.real(input.dtype))
    )
  }

  /// The cross product over `dim`, of size 3 in both.
  ///
  /// - Guards: the size of `dim` in the first operand is 3, up to PyTorch 2.14.
  /// - Source: `linalg_cross`, `torch/_meta_registrations.py`.
  fileprivate func cross(_ a: FakeTensor, _ b: FakeTensor, _ dim: Int) throws -> FakeTensor {
    try require(a.rank == b.rank, "linalg.cross: inputs must have the same number of dimensions.")
    let (x, y) = (try size(a, dim), try size(b, dim))
    func law() -> String {
      "linalg.cross: inputs dimension \(dim) must have length 3. "
        + "Got \(shapes.text(of: x)) and \(shapes.text(of: y))"
    }
    if has(.crossDefersItsLaw) {
      try check(shapes.and(shapes.eq(x, 3), shapes.eq(y, 3)), law())
    } else {
      try require(try isEqual(x, 3), law())
      try check(shapes.eq(y, 3), law())
    }
    return mode.tensor(
      try broadcast([a.sizes, b.sizes]), dtype: a.dtype, device: try commonDevice([a, b]))
  }

  /// Reads the tolerances of a rank or pseudo-inverse, and whether the matrices are Hermitian.
  ///
  /// - Guards: without a relative tolerance, which of the two sizes is larger.
  /// - Source: `get_atol_rtol`, `aten/src/ATen/native/LinearAlgebra.cpp`.
  fileprivate func tolerances(_ input: FakeTensor) throws -> (batch: Sizes, isHermitian: Bool) {
    var batch = matrices.batch(input)
    for (position, argument) in schema.arguments.enumerated().dropFirst() {
      if case .tensor(let tolerance) = self[position] { batch = try broadcast(batch, tolerance.sizes) }
      guard argument.name == "rtol" || argument.name == "tol" else { continue }
      if argument.name == "rtol", isNone(position) {
        _ = try evaluate(shapes.lt(matrices.columns(input), matrices.rows(input)))
      }
    }
    let last = schema.arguments.count - 1
    let isHermitian = schema.arguments[last].name == "hermitian" ? try bool(last) : false
    return (batch, isHermitian)
  }
}

/// `logdet(self)`.
///
/// Guards: matrices are square. Source: `logdet`, `LinearAlgebra.cpp`.
@Sendable
private func logDeterminant(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.matrices.requireSquare(input, "logdet")
  call.askWhetherOnes(call.matrices.batch(input))
  let parts = try call.signAndLog()
  return .tensor(parts.sign.dtype.isComplex ? parts.sign : parts.log)
}

/// `cross(self, other, dim)`: `dim` defaults to the first dim of size 3.
@Sendable
private func cross(_ call: OperatorCall) throws -> FakeValue {
  let (a, b) = (try call.tensor(0), try call.tensor(1))
  if let dim = try call.optionalInt(2) { return .tensor(try call.cross(a, b, dim)) }
  for dim in 0..<a.rank where try call.isEqual(a.sizes[dim], 3) {
    return .tensor(try call.cross(a, b, dim))
  }
  throw call.refusal("no dimension of size 3 in input")
}

/// `linalg_matrix_exp(self)`.
///
/// Source: `linalg_matrix_exp`, `torch/_meta_registrations.py`.
@Sendable
private func matrixExponential(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.matrices.checkSquare(input, "linalg.matrix_exp")
  try call.matrices.requireFloating(input, "linalg.matrix_exp")
  return .tensor(call.newTensor(input.sizes, like: input))
}

/// `linalg_matrix_power(self, n)`: the inverse for -1, else contiguous.
///
/// - Guards: matrices are square.
/// - Source: `linalg_matrix_power_impl`, `aten/src/ATen/native/LinearAlgebra.cpp`.
@Sendable
private func matrixPower(_ call: OperatorCall) throws -> FakeValue {
  let (input, power) = (try call.tensor(0), try call.int(1))
  try call.matrices.requireSquare(input, "linalg.matrix_power")
  if power < 0 {
    let inverse = try call.matrices.inverse(input)
    if power == -1 { return .tensor(inverse) }
  }
  if power == 0 { _ = try call.atenTensor("eye.default", .symInt(input.sizes[input.rank - 1])) }
  return .tensor(call.newTensor(input.sizes, like: input))
}

/// `linalg_matrix_rank(input, atol, rtol, hermitian)` and its other forms: one integer per matrix.
///
/// - Guards: whether the input is empty.
/// - Source: `matrix_rank_impl`, `aten/src/ATen/native/LinearAlgebra.cpp`.
@Sendable
private func matrixRank(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.matrices.requireMatrix(input, "linalg.matrix_rank")
  try call.matrices.requireFloating(input, "linalg.matrix_rank", lowPrecision: false)
  let (batch, isHermitian) = try call.tolerances(input)
  if try call.evaluate(call.shapes.eq(call.shapes.geometry.numel(input), 0)) {
    return .tensor(call.newTensor(call.matrices.batch(input), like: input, dtype: .int64))
  }
  if isHermitian { try call.matrices.checkSquare(input, "linalg.matrix_rank") }
  return .tensor(call.newTensor(batch, like: input, dtype: .int64))
}

/// `linalg_pinv(self, atol, rtol, hermitian)`, its other forms and `pinverse(self, rcond)`:
/// `[*, m, n] → [*, n, m]`.
///
/// - Guards: whether the input is empty.
/// - Source: `linalg_pinv`, `aten/src/ATen/native/LinearAlgebra.cpp`.
@Sendable
private func pseudoInverse(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.matrices.requireMatrix(input, "linalg.pinv")
  try call.matrices.requireFloating(input, "linalg.pinv", lowPrecision: false)
  for (position, argument) in call.schema.arguments.enumerated().dropFirst() {
    guard case .tensor(let tolerance) = call[position] else { continue }
    try call.require(
      !tolerance.requiresGrad,
      "The function 'linalg_pinv' is not differentiable with respect to argument '\(argument.name)'")
  }
  var (batch, isHermitian) = try call.tolerances(input)
  if try call.evaluate(call.shapes.eq(call.shapes.geometry.numel(input), 0)) {
    batch = call.matrices.batch(input)
  } else if isHermitian {
    try call.matrices.checkSquare(input, "linalg.eigh")
  }
  return .tensor(
    call.newTensor(batch.appending(call.matrices.columns(input), call.matrices.rows(input)), like: input))
}

/// `linalg_vecdot(x, y, dim)`: sums of products, the first operand conjugated.
@Sendable
private func vectorDot(_ call: OperatorCall) throws -> FakeValue {
  let (a, b) = (try call.tensor(0), try call.tensor(1))
  try call.matrices.requireFloating(a, "linalg.vecdot")
  try call.require(a.dtype == b.dtype, "linalg.vecdot: Expected vectors with same dtype")
  if a.rank == 1, b.rank == 1 { return .tensor(try call.matrices.dot(a, b, conjugatingFirst: true)) }
  let product = try call.pointwise([a, b], dtype: a.dtype)
  let dim = try call.wrapped(try call.int(2), rank: product.rank)
  return .tensor(call.reducing.reduced(product, [dim], keepdim: false, dtype: a.dtype))
}

/// `trace(self)`: the sum of the diagonal; int64 for integers.
///
/// Source: `trace`, `torch/_refs`.
@Sendable
private func trace(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.require(input.rank == 2, "expected a matrix, but got tensor with dim \(input.rank)")
  let isWhole = input.dtype.isIntegral || input.dtype.isBool
  return .tensor(call.newTensor([], like: input, dtype: isWhole ? .int64 : input.dtype))
}

/// `linalg_vander(x[*, n], N)`: powers `[*, n, N]`.
///
/// - Source: `linalg_vander_symint`, `aten/src/ATen/native/LinearAlgebra.cpp`.
@Sendable
private func linalgVander(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.require(!input.dtype.isBool, "linalg.vander supports floating point, complex, and integer tensors")
  // A 0-dim tensor counts as a vector of one element.
  let sizes = input.rank == 0 ? [1] : input.sizes
  let count = try call.optionalSymInt(1) ?? sizes[sizes.count - 1]
  try call.require(try call.evaluate(call.shapes.gt(count, 1)), "N must be greater than 1.")
  let dtype = input.dtype.isIntegral ? .int64 : input.dtype
  // The powers are repeated factors.
  call.askWhetherOnes(sizes)
  call.askWhetherOnes([call.shapes.sub(count, 1)])
  return .tensor(call.newTensor(sizes.appending(count), like: input, dtype: dtype))
}

/// `vander(x[n], N, increasing)`: powers `[n, N]`.
///
/// Guards: specializes `n`.
@Sendable
private func vander(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.require(input.rank == 1, "x must be a one-dimensional tensor.")
  let length = SymInt(try call.evaluateInt(input.sizes[0]))
  let count = try call.optionalSymInt(1) ?? length
  try call.check(call.shapes.ge(count, 0), "N must be non-negative.")
  let dtype = ScalarType.promote(input.dtype, .int64) ?? input.dtype
  return .tensor(call.newTensor([length, count], like: input, dtype: dtype))
}
