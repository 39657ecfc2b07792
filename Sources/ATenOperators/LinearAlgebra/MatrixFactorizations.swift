import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Factorizations of matrices and their parts.
///
/// Factors are column-major, as LAPACK returns them.
///
/// Rows are in alphabetical order.
let matrixFactorizations: [OperatorRow] = [
  OperatorRow("_linalg_eigh") { try $0.matrices.eigh(vectors: try $0.bool(2)) },
  OperatorRow("_linalg_eigvals") { .tensor(try $0.matrices.eigenvalues(try $0.tensor(0))) },
  OperatorRow("_linalg_svd", svdKernel),
  OperatorRow("_lu_with_info") { try $0.matrices.luFactors() },
  OperatorRow("cholesky", cholesky),
  OperatorRow("geqrf", geqrf),
  OperatorRow("linalg_cholesky") { .tensor(try $0.matrices.choleskyFactor()) },
  OperatorRow("linalg_cholesky_ex") { call in
    .tensors(try call.matrices.choleskyFactor(), try call.matrices.info())
  },
  OperatorRow("linalg_eig") { call in
    let input = try call.tensor(0)
    let values = try call.matrices.eigenvalues(input)
    let vectors =
      input.device.type == .cuda
      ? call.newTensor(input.sizes, like: input) : call.newColumnMajor(input.sizes, like: input)
    vectors.dtype = values.dtype
    return .tensors(values, vectors)
  },
  OperatorRow("linalg_eigh") { try $0.matrices.eigh(vectors: true) },
  OperatorRow("linalg_eigvals") { .tensor(try $0.matrices.eigenvalues(try $0.tensor(0))) },
  OperatorRow("linalg_eigvalsh") { call in
    .tensor(try call.matrices.symmetricEigenvalues())
  },
  OperatorRow("linalg_householder_product") { .tensor(try $0.matrices.householderProduct()) },
  OperatorRow("linalg_ldl_factor") { call in
    .tensors(try call.matrices.ldlFactor(), try call.matrices.pivots())
  },
  OperatorRow("linalg_ldl_factor_ex") { call in
    .tensors(try call.matrices.ldlFactor(), try call.matrices.pivots(), try call.matrices.info())
  },
  OperatorRow("linalg_lu", luMatrices),
  OperatorRow("linalg_lu_factor") { call in
    guard case .tuple(let results) = try call.matrices.luFactors() else { return .none }
    return .tuple(Array(results.prefix(2)))
  },
  OperatorRow("linalg_lu_factor_ex") { try $0.matrices.luFactors() },
  OperatorRow("linalg_polar") { call in
    let (input, matrices) = (try call.tensor(0), call.matrices)
    try matrices.requireMatrix(input, "linalg.polar")
    try matrices.requireFloating(input, "linalg.polar")
    let columns = matrices.columns(input)
    try call.check(
      call.shapes.ge(matrices.rows(input), columns),
      "linalg.polar: input must have at least as many rows as columns")
    return .tensors(
      call.newTensor(input.sizes, like: input),
      call.newTensor(matrices.batch(input).appending(columns, columns), like: input))
  },
  OperatorRow("linalg_qr") { try $0.matrices.qr(mode: try $0.string(1)) },
  OperatorRow("linalg_svd") { try $0.matrices.svd(try $0.tensor(0), isFull: try $0.bool(1)) },
  OperatorRow("linalg_svdvals") { .tensor(try $0.matrices.singularValues(try $0.tensor(0))) },
  OperatorRow("lu_unpack", luUnpack),
  OperatorRow("orgqr") { .tensor(try $0.matrices.householderProduct()) },
  OperatorRow("ormqr", ormqr),
  OperatorRow("qr") { try $0.matrices.qr(mode: try $0.bool(1) ? "reduced" : "complete") },
  OperatorRow("svd", svd),
]

/// Source: `torch/_meta_registrations.py`, unless stated otherwise.
extension Matrices {
  /// One status number per matrix.
  fileprivate func info() throws -> FakeTensor {
    let input = try call.tensor(0)
    return call.newTensor(batch(input), like: input, dtype: .int32)
  }

  /// One pivot per row.
  fileprivate func pivots() throws -> FakeTensor {
    let input = try call.tensor(0)
    return call.newTensor(input.sizes.leading(droppingLast: 1), like: input, dtype: .int32)
  }

  fileprivate func choleskyFactor() throws -> FakeTensor {
    let input = try call.tensor(0)
    try checkSquare(input, "linalg.cholesky")
    try requireFloating(input, "linalg.cholesky")
    return call.newColumnMajor(input.sizes, like: input)
  }

  fileprivate func ldlFactor() throws -> FakeTensor {
    let input = try call.tensor(0)
    try checkSquare(input, "torch.linalg.ldl_factor_ex")
    try requireFloating(input, "torch.linalg.ldl_factor_ex")
    return call.newColumnMajor(input.sizes, like: input)
  }

  /// Values `[*, n]` and vectors `[*, n, n]`; `[0]` if vectors are not requested.
  fileprivate func eigh(vectors: Bool) throws -> FakeValue {
    let input = try call.tensor(0)
    return .tensors(
      try symmetricEigenvalues(),
      vectors ? call.newColumnMajor(input.sizes, like: input) : call.newTensor([0], like: input))
  }

  /// Only the values.
  fileprivate func symmetricEigenvalues() throws -> FakeTensor {
    let input = try call.tensor(0)
    try checkSquare(input, "linalg.eigh")
    let triangle = try call.string(1)
    try call.require(
      ["U", "L", "u", "l"].contains(triangle), "Expected UPLO argument to be 'L' or 'U', but got \(triangle)")
    return call.newTensor(input.sizes.leading(droppingLast: 1), like: input, dtype: real(input.dtype))
  }

  func eigenvalues(_ input: FakeTensor) throws -> FakeTensor {
    try checkSquare(input, "linalg.eig")
    try requireFloating(input, "linalg.eig")
    return call.newTensor(
      input.sizes.leading(droppingLast: 1), like: input,
      dtype: input.dtype.toComplex ?? .complex64)
  }

  /// `LU`, pivots and status.
  ///
  /// Source: `linalg_lu_factor_ex_meta`.
  fileprivate func luFactors() throws -> FakeValue {
    let input = try call.tensor(0)
    try call.require(
      input.rank >= 2,
      "torch.lu_factor: Expected tensor with 2 or more dimensions. Got size: "
        + "\(shapes.shortText(of: input.sizes)) instead")
    return .tensors(
      call.newColumnMajor(input.sizes, like: input),
      call.newTensor(batch(input).appending(diagonalCount(input)), like: input, dtype: .int32), try info())
  }

  /// `Q` and `R`.
  ///
  /// Source: `linalg_qr_meta`.
  fileprivate func qr(mode: String) throws -> FakeValue {
    let input = try call.tensor(0)
    try requireMatrix(input, "linalg.qr")
    try requireFloating(input, "linalg.qr")
    try call.require(
      ["reduced", "complete", "r"].contains(mode),
      "qr received unrecognized mode '\(mode)' but expected one of 'reduced' (default), 'r', or 'complete'")
    let (m, n, k) = (rows(input), columns(input), diagonalCount(input))
    let q = batch(input).appending(m, mode == "complete" ? m : k)
    let r = batch(input).appending(mode == "complete" ? m : k, n)
    return .tensors(
      mode == "r" ? call.newTensor([0], like: input) : call.newColumnMajor(q, like: input),
      call.newColumnMajor(r, like: input))
  }

  /// `U`, `S` and `Vh`; without vectors `U` and `Vh` are `[0]`.
  ///
  /// Source: `_linalg_svd_meta`.
  func svd(_ input: FakeTensor, isFull: Bool, vectors: Bool = true) throws -> FakeValue {
    try requireMatrix(input, "linalg.svd")
    try requireFloating(input, "linalg.svd")
    let (m, n, k) = (rows(input), columns(input), diagonalCount(input))
    let values = call.newTensor(batch(input).appending(k), like: input, dtype: real(input.dtype))
    guard vectors else {
      return .tensors(call.newTensor([0], like: input), values, call.newTensor([0], like: input))
    }
    let right = batch(input).appending(isFull ? n : k, n)
    return .tensors(
      call.newColumnMajor(batch(input).appending(m, isFull ? m : k), like: input), values,
      input.device.type == .cuda
        ? call.newTensor(right, like: input) : call.newColumnMajor(right, like: input))
  }

  func singularValues(_ input: FakeTensor) throws -> FakeTensor {
    try requireMatrix(input, "linalg.svd")
    try requireFloating(input, "linalg.svd")
    return call.newTensor(batch(input).appending(diagonalCount(input)), like: input, dtype: real(input.dtype))
  }

  /// `(input[*, m, n], tau[*, k])`, `m ≥ n ≥ k`.
  ///
  /// Source: `linalg_householder_product`.
  fileprivate func householderProduct() throws -> FakeTensor {
    let (input, tau) = (try call.tensor(0), try call.tensor(1))
    let name = "torch.linalg.householder_product"
    try requireMatrix(input, name)
    try call.check(shapes.ge(rows(input), columns(input)), "\(name): the input has more columns than rows")
    try call.require(tau.rank > 0, "\(name): tau has no dimensions")
    try call.check(
      shapes.ge(columns(input), columns(tau)), "\(name): tau is longer than the input has columns")
    try call.require(
      input.rank - tau.rank == 1, "\(name): Expected tau to have one dimension less than input")
    if input.rank > 2 {
      try call.require(
        try areEqual(tau.sizes.dropLast(), batch(input)),
        "\(name): Expected batch dimensions of tau to be those of input")
    }
    try call.require(tau.dtype == input.dtype, "\(name): tau dtype does not match input dtype")
    return call.newColumnMajor(input.sizes, like: input)
  }
}

/// `_linalg_svd(A, full_matrices, compute_uv, driver)`.
@Sendable
private func svdKernel(_ call: OperatorCall) throws -> FakeValue {
  try call.matrices.svd(try call.tensor(0), isFull: try call.bool(1), vectors: try call.bool(2))
}

/// `svd(self, some, compute_uv)`: `U`, `S` and `V`; without `compute_uv` the vectors are zeros.
///
/// - Source: `svd`, `aten/src/ATen/native/BatchLinearAlgebra.cpp`.
@Sendable
private func svd(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.require(input.rank >= 2, "linalg.svd: input should have at least 2 dimensions")
  guard try call.bool(2) else {
    let extents = Sizes(try input.sizes.map { SymInt(try call.evaluateInt($0)) })
    let batch = extents.leading(droppingLast: 2)
    let (m, n) = (extents[extents.count - 2], extents[extents.count - 1])
    return .tensors(
      call.newTensor(batch.appending(m, m), like: input), try call.matrices.singularValues(input),
      try call.matrices.adjointed(call.newTensor(batch.appending(n, n), like: input)))
  }
  guard case .tuple(let results) = try call.matrices.svd(input, isFull: try !call.bool(1)),
    results.count == 3,
    let right = results[2].tensor
  else { return .none }
  return .tuple([results[0], results[1], .tensor(try call.matrices.adjointed(right))])
}

/// `cholesky(self, upper)`.
///
/// Guards: whether the input is empty.
@Sendable
private func cholesky(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  if try call.evaluate(call.shapes.eq(call.shapes.geometry.numel(input), 0)) {
    return .tensor(call.newTensor(input.sizes, like: input))
  }
  try call.matrices.checkSquare(input, "cholesky")
  return .tensor(call.newColumnMajor(input.sizes, like: input))
}

/// `geqrf(self)`: reflectors and their factors; concrete sizes only, because PyTorch runs the kernel itself.
@Sendable
private func geqrf(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.matrices.requireMatrix(input, "torch.geqrf")
  try call.matrices.requireFloating(input, "torch.geqrf", lowPrecision: false)
  guard !input.sizes.contains(where: \.isSymbolic) else {
    throw call.refusal("geqrf runs its kernel, which symbolic sizes do not allow")
  }
  return .tensors(
    call.newColumnMajor(input.sizes, like: input),
    call.newTensor(call.matrices.batch(input).appending(call.matrices.diagonalCount(input)), like: input))
}

/// `linalg_lu(A, pivot)`: `P[m, m]`, `L[m, k]`, `U[k, n]`.
@Sendable
private func luMatrices(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.require(input.rank >= 2, "linalg.lu: Expected tensor with 2 or more dimensions.")
  return call.matrices.unpacked(input, pivots: try call.bool(1), data: true)
}

/// `lu_unpack(LU_data, LU_pivots, unpack_data, unpack_pivots)`; parts that are not requested are `[0]`.
@Sendable
private func luUnpack(_ call: OperatorCall) throws -> FakeValue {
  let (input, unpacksPivots) = (try call.tensor(0), try call.bool(3))
  try call.require(input.rank >= 2, "torch.lu_unpack: Expected tensor with 2 or more dimensions.")
  if unpacksPivots {
    try call.require(
      try call.tensor(1).dtype == .int32,
      "torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32 dtype.")
  }
  return call.matrices.unpacked(input, pivots: unpacksPivots, data: try call.bool(2))
}

extension Matrices {
  fileprivate func unpacked(_ input: FakeTensor, pivots: Bool, data: Bool) -> FakeValue {
    let (m, n, k, batch) = (rows(input), columns(input), diagonalCount(input), batch(input))
    return .tensors(
      call.newTensor(pivots ? batch.appending(m, m) : [0], like: input),
      call.newTensor(data ? batch.appending(m, k) : [0], like: input),
      call.newTensor(data ? batch.appending(k, n) : [0], like: input))
  }
}

/// `ormqr(input, tau, other, left, transpose)`: the product of `other` and the reflectors.
@Sendable
private func ormqr(_ call: OperatorCall) throws -> FakeValue {
  let (input, tau, other) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  let shapes = call.shapes
  try call.require(input.rank >= 2, "torch.ormqr: input must have at least 2 dimensions.")
  try call.require(other.rank >= 2, "torch.ormqr: other must have at least 2 dimensions.")
  try call.require(tau.rank > 0, "torch.ormqr: tau has no dimensions")
  let size = try call.bool(3) ? call.matrices.rows(other) : call.matrices.columns(other)
  try call.check(shapes.ge(size, call.matrices.columns(tau)), "torch.ormqr: other is smaller than tau")
  try call.check(
    shapes.eq(size, call.matrices.rows(input)), "torch.ormqr: other does not fit input.shape[-2]")
  try call.check(
    shapes.le(call.matrices.columns(tau), call.matrices.columns(input)),
    "torch.ormqr: tau is longer than input has columns")
  try call.require(
    input.rank - tau.rank == 1 && input.rank == other.rank,
    "torch.ormqr: the ranks of the operands do not fit")
  if input.rank > 2 {
    try call.require(
      try call.matrices.areEqual(tau.sizes.dropLast(), call.matrices.batch(input)),
      "torch.ormqr: batch dimensions of tau do not fit")
    try call.require(
      try call.matrices.areEqual(call.matrices.batch(other), call.matrices.batch(input)),
      "torch.ormqr: batch dimensions of other do not fit")
  }
  try call.require(
    tau.dtype == input.dtype && other.dtype == input.dtype, "torch.ormqr: operands have different dtypes")
  return .tensor(call.newColumnMajor(other.sizes, like: other))
}
