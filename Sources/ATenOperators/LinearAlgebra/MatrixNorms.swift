import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Norms of matrices, and `linalg_norm`, whose arguments choose a vector or a matrix norm.
///
/// Rows are in alphabetical order.
let matrixNorms: [OperatorRow] = [
  OperatorRow("linalg_matrix_norm") { call in
    .tensor(
      try call.matrixNorm(
        try call.tensor(0), try MatrixNormOrder(call, 1), try call.ints(2), keepdim: try call.bool(3),
        dtype: try call.optionalDtype(4)))
  },
  OperatorRow("linalg_norm", linalgNorm),
  OperatorRow("nuclear_norm") { call in
    .tensor(
      try call.matrixNorm(try call.tensor(0), .nuclear, [-2, -1], keepdim: try call.bool(1), dtype: nil))
  },
  OperatorRow("nuclear_norm.dim") { call in
    .tensor(
      try call.matrixNorm(
        try call.tensor(0), .nuclear, try call.ints(1), keepdim: try call.bool(2), dtype: nil))
  },
]

/// The order of a matrix norm.
enum MatrixNormOrder {
  case frobenius, nuclear
  /// ±1 over columns, ±2 over singular values, ±∞ over rows.
  case number(Double)

  /// The argument at `position`: `'fro'`, `'nuc'` or a number.
  init(_ call: OperatorCall, _ position: Int) throws {
    guard case .string(let text) = call[position] else {
      self = .number(try call.double(position))
      return
    }
    switch text {
    case "fro": self = .frobenius
    case "nuc": self = .nuclear
    default: throw call.refusal("linalg.matrix_norm: Order \(text) not supported.")
    }
  }
}

extension OperatorCall {
  /// The norms of the matrices in two dims of `tensor`.
  ///
  /// - Throws: a refusal unless there are two different dims, for unknown orders, and for the dtypes that vector norms
  ///   refuse.
  /// - Source: `linalg_matrix_norm`, `aten/src/ATen/native/LinearAlgebra.cpp`.
  fileprivate func matrixNorm(
    _ tensor: FakeTensor, _ order: MatrixNormOrder, _ given: [Int], keepdim: Bool, dtype: ScalarType?
  ) throws -> FakeTensor {
    try require(
      tensor.rank >= 2, "linalg.matrix_norm: The input tensor A must have at least 2 dimensions.")
    try require(given.count == 2, "linalg.matrix_norm: dim must be a 2-tuple. Got \(given.count)")
    let dims = try wrapped(given, rank: tensor.rank)
    switch order {
    case .frobenius:
      return try reducing.vectorNorm(tensor, NormArguments(dims: dims, keepdim: keepdim, dtype: dtype))
    case .nuclear:
      let values = try singularValues(tensor, dims, dtype: dtype)
      let sum = reducing.reducedByView(values, [values.rank - 1], keepdim: keepdim, dtype: values.dtype)
      return keepdim ? try movedBack(sum, dims) : sum
    case .number(let order):
      try require(
        [1, 2, .infinity].contains(abs(order)), "linalg.matrix_norm: Order \(order) not supported.")
      guard abs(order) == 2 else { return try lineNorm(tensor, order, dims, keepdim: keepdim, dtype: dtype) }
      let values = try singularValues(tensor, dims, dtype: dtype)
      let extremum = try extremum(values, values.rank - 1, order, keepdim: keepdim)
      return keepdim ? try movedBack(extremum, dims) : extremum
    }
  }

  /// ±1: the largest or smallest column sum; ±∞: the largest or smallest row sum.
  private func lineNorm(
    _ tensor: FakeTensor, _ order: Double, _ dims: [Int], keepdim: Bool, dtype: ScalarType?
  ) throws -> FakeTensor {
    var (summed, compared) = (dims[0], dims[1])
    if order.isInfinite { swap(&summed, &compared) }
    if !keepdim, summed < compared { compared -= 1 }
    let sums = try reducing.vectorNorm(
      tensor, NormArguments(order: 1, dims: [summed], keepdim: keepdim, dtype: dtype))
    return try extremum(sums, compared, order, keepdim: keepdim)
  }

  /// The maximum or minimum along `dim`; the maximum of no elements is 0.
  ///
  /// PyTorch specializes the sizes here.
  private func extremum(_ tensor: FakeTensor, _ dim: Int, _ order: Double, keepdim: Bool) throws -> FakeTensor
  {
    for size in tensor.sizes { _ = try evaluateInt(size) }
    let isZero = try order > 0 && isEqual(tensor.sizes[dim], 0)
    if !isZero { try reducing.requireElements(tensor, [dim]) }
    return reducing.reducedByView(tensor, [dim], keepdim: keepdim, dtype: tensor.dtype)
  }

  /// The singular values of the matrices in `dims`, along the last dim.
  private func singularValues(_ tensor: FakeTensor, _ dims: [Int], dtype: ScalarType?) throws -> FakeTensor {
    try require(
      tensor.dtype.computationType == tensor.dtype,
      "linalg.matrix_norm: Low precision dtypes not supported. Got \(tensor.dtype.name)")
    let converted = try dtype.map { try pointwise([tensor], dtype: $0) } ?? tensor
    let order = (0..<tensor.rank).filter { !dims.contains($0) } + dims
    return try atenTensor("linalg_svdvals.default", .tensor(try permuted(converted, by: order)))
  }

  /// A result `[…, 1]` with the last two dims moved back to where the matrices were.
  private func movedBack(_ tensor: FakeTensor, _ dims: [Int]) throws -> FakeTensor {
    let viewed = try views.unsqueeze(tensor, tensor.rank)
    let order = (0..<viewed.rank).filter { !dims.contains($0) } + dims
    var inverse = order
    for (place, dim) in order.enumerated() { inverse[dim] = place }
    return try permuted(viewed, by: inverse)
  }
}

/// `linalg_norm(Tensor self, ord, int[1]? dim, bool keepdim, *, ScalarType? dtype) -> Tensor`: a vector norm
/// for one dim, a matrix norm for two; over all elements without dims and order.
///
/// Source: `linalg_norm`, `aten/src/ATen/native/LinearAlgebra.cpp`.
@Sendable
private func linalgNorm(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let dims = try call.optionalInts(2)
  let keepdim = try call.bool(3)
  let dtype = try call.optionalDtype(4)
  if let dims {
    try call.require(
      (1...2).contains(dims.count), "linalg.norm: If dim is specified, it must be of length 1 or 2.")
  } else if !call.isNone(1) {
    try call.require(
      (1...2).contains(tensor.rank),
      "linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got \(tensor.rank)D.")
  }
  let isNamed = if case .string = call[1] { true } else { false }
  if isNamed || (!call.isNone(1) && (dims?.count ?? tensor.rank) == 2) {
    return .tensor(
      try call.matrixNorm(
        tensor, try MatrixNormOrder(call, 1), dims ?? [0, 1], keepdim: keepdim, dtype: dtype))
  }
  return .tensor(
    try call.reducing.vectorNorm(
      tensor, NormArguments(order: try call.reducing.normOrder(1), dims: dims, keepdim: keepdim, dtype: dtype)
    ))
}
