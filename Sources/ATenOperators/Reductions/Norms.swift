import FakeTensors
import OperatorSchemas
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Norms of vectors, and rescaling by norms.
///
/// Rows are in alphabetical order.
let norms: [OperatorRow] = [
  OperatorRow("dist", dist),
  OperatorRow("frobenius_norm", frobeniusNorm),
  OperatorRow("linalg__powsum") { call in
    let input = try call.tensor(0)
    let dims = try call.optionalInts(2) ?? []
    let summed = dims.isEmpty ? Array(0..<input.rank) : try call.wrapped(dims, rank: input.rank)
    let dtype = (try call.optionalDtype(4) ?? input.dtype).toReal
    return .tensor(call.reducing.reduced(input, summed, keepdim: try call.bool(3), dtype: dtype))
  },
  OperatorRow("linalg_vector_norm", linalgVectorNorm),
  OperatorRow("norm", norm),
  OperatorRow("norm_except_dim", normExceptDim),
  OperatorRow("renorm", renorm),
]

/// The arguments of a norm.
struct NormArguments {
  var order: Double = 2
  /// The reduced dims; `nil` means all.
  var dims: [Int]?
  var keepdim = false
  var dtype: ScalarType?
}

extension Reducing {
  /// `(Σ |x|^order)^(1/order)` over dims: in the given dtype, or in the real dtype of the input.
  ///
  /// - Throws: a refusal for integers, for a narrower dtype than the input's, and for an empty dim if the order is ∞ or
  ///   negative.
  /// - Source: `vector_norm`, `torch/_refs/linalg`.
  func vectorNorm(_ tensor: FakeTensor, _ arguments: NormArguments) throws -> FakeTensor {
    try requireReducible(tensor)
    try requireNormType(tensor.dtype, arguments.dtype)
    let order = arguments.order
    if order < 0 || order == .infinity { try requireNormElements(tensor, arguments.dims) }
    let given = arguments.dims ?? []
    let dims = given.isEmpty ? Array(0..<tensor.rank) : try call.wrapped(given, rank: tensor.rank)
    let dtype = (arguments.dtype ?? tensor.dtype).toReal
    if order == 0 {
      let isCounted = try call.pointwise([tensor], dtype: .bool, asking: .ones)
      return reducedByView(isCounted, dims, keepdim: arguments.keepdim, dtype: dtype)
    }
    if order.isInfinite {
      try requireElements(tensor, dims)
      let magnitudes = try call.pointwise([tensor], dtype: dtype)
      return reducedByView(magnitudes, dims, keepdim: arguments.keepdim, dtype: dtype)
    }
    var values = tensor
    if dtype.computationType != tensor.dtype { values = try call.convertedCopy(tensor, dtype, nil, nil) }
    if order.remainder(dividingBy: 2) != 0 || tensor.dtype.isComplex {
      values = try call.pointwise([values], dtype: dtype)
    }
    let sum = reducedByView(
      try power(values, order), dims, keepdim: arguments.keepdim, dtype: dtype, isConverted: false)
    // Of the exponent 1 / order, only 1 and 2 matter.
    return try power(sum, order == 1 ? 1 : order == 0.5 ? 2 : 0)
  }

  /// A power: a copy for exponent 1, which keeps the strides, and a product for exponent 2.
  private func power(_ tensor: FakeTensor, _ exponent: Double) throws -> FakeTensor {
    exponent == 1
      ? try call.clone(tensor)
      : try call.pointwise([tensor], dtype: tensor.dtype, isFast: exponent == 2, asking: .ones)
  }

  /// Source: `check_fp_or_complex`, `_check_norm_dtype`, `torch/_refs/linalg`.
  private func requireNormType(_ dtype: ScalarType, _ result: ScalarType?) throws {
    try call.require(
      dtype.isFloatingPoint || dtype.isComplex,
      "linalg.vector_norm: Expected a floating point or complex tensor as input. Got \(dtype.name)")
    guard let result else { return }
    try call.require(
      result.isFloatingPoint || result.isComplex,
      "linalg.vector_norm: dtype should be floating point or complex. Got \(result.name)")
    try call.require(
      result.isComplex == dtype.isComplex,
      "linalg.vector_norm: dtype should be \(dtype.isComplex ? "complex" : "real") for such inputs. "
        + "Got \(result.name)")
    try call.require(
      ScalarType.promote(result, dtype) == result,
      "linalg.vector_norm: the dtype of the input (\(dtype.name)) should be convertible without narrowing to "
        + "the specified dtype (\(result.name))")
  }

  /// Requires at least one element for orders that have no identity.
  ///
  /// Source: `_check_vector_norm_args`, `torch/_refs/linalg`.
  private func requireNormElements(_ tensor: FakeTensor, _ dims: [Int]?) throws {
    let hasElements = shapes.ne(shapes.geometry.numel(tensor), 0)
    let namesDims = dims?.isEmpty == false
    try call.check(
      shapes.or(hasElements, SymBool(namesDims)),
      "linalg.vector_norm cannot compute the norm on an empty tensor because the operation does not have an "
        + "identity")
    for dim in dims ?? [] {
      let isNonempty: SymBool = tensor.sizes.indices.contains(dim) ? shapes.ne(tensor.sizes[dim], 0) : false
      try call.check(
        shapes.or(hasElements, isNonempty),
        "linalg.vector_norm cannot compute the norm on the dimension \(dim) because this dimension is empty and "
          + "the operation does not have an identity")
    }
  }

  /// The order of a norm given as a number; 2 for `None`.
  ///
  /// A symbolic order is compared with the orders that have a special form. If it is none of them, 3 or -3 represents
  /// it.
  func normOrder(_ position: Int) throws -> Double {
    if call.isNone(position) { return 2 }
    guard call[position].isSymbolic else { return try call.double(position) }
    let order = try call.numbers.number(position)
    let asFloat = SymNumber.float(call.numbers.toFloat(order))
    func holds(_ relation: RelationKind, _ bound: Double) throws -> Bool {
      try call.evaluate(call.numbers.comparison(relation, asFloat, .float(shapes.arena.float(bound))))
    }
    let isNegative = try holds(.lt, 0)
    if try order.isFloat && !isNegative && holds(.eq, .infinity) { return .infinity }
    if try holds(.eq, 0) { return 0 }
    if order.isFloat {
      if try holds(.eq, -.infinity) { return -.infinity }
    } else {
      _ = try call.evaluate(call.numbers.comparison(.eq, try call.numbers.remainder(order, .int(2)), .int(0)))
    }
    return isNegative ? -3 : 3
  }
}

/// `linalg_vector_norm(Tensor self, Scalar ord, int[1]? dim, bool keepdim, *, ScalarType? dtype) -> Tensor`.
@Sendable
private func linalgVectorNorm(_ call: OperatorCall) throws -> FakeValue {
  let arguments = NormArguments(
    order: try call.reducing.normOrder(1), dims: try call.optionalInts(2), keepdim: try call.bool(3),
    dtype: try call.optionalDtype(4))
  return .tensor(try call.reducing.vectorNorm(try call.tensor(0), arguments))
}

/// `norm(Tensor self, Scalar? p, [int[1] dim, bool keepdim], *, ScalarType dtype) -> Tensor`.
///
/// Source: `norm`, `torch/_refs`.
@Sendable
private func norm(_ call: OperatorCall) throws -> FakeValue {
  var arguments = NormArguments(order: try call.reducing.normOrder(1))
  if case .dtype(let dtype) = call[2] {
    arguments.dtype = dtype
  } else if !call.isNone(2) {
    arguments.dims = try call.ints(2)
    arguments.keepdim = try call.bool(3)
    if case .dtype(let dtype) = call[4] { arguments.dtype = dtype }
  }
  return .tensor(try call.reducing.vectorNorm(try call.tensor(0), arguments))
}

/// `frobenius_norm.dim(Tensor self, int[1] dim, bool keepdim) -> Tensor`.
@Sendable
private func frobeniusNorm(_ call: OperatorCall) throws -> FakeValue {
  let dims = try call.ints(1)
  try call.require(
    dims.count <= 2, "Expected at most 2 dimensions, but got \(dims.count) dimensions instead.")
  return .tensor(
    try call.reducing.vectorNorm(try call.tensor(0), NormArguments(dims: dims, keepdim: try call.bool(2))))
}

/// `dist(Tensor self, Tensor other, Scalar p) -> Tensor`: the norm of the difference, a 0-dim tensor.
@Sendable
private func dist(_ call: OperatorCall) throws -> FakeValue {
  let difference = try call.pointwise(0..<2, refuses: .bool)
  return .tensor(
    try call.reducing.vectorNorm(difference, NormArguments(order: try call.reducing.normOrder(2))))
}

/// `norm_except_dim(Tensor v, int pow, int dim) -> Tensor`: one norm per index of `dim`, size 1 at the other
/// dims; 0-dim for -1.
///
/// Source: `norm_except_dim`, `aten/src/ATen/native/WeightNorm.cpp`.
@Sendable
private func normExceptDim(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  let order = Double(try call.int(1))
  return .tensor(try call.reducing.normExceptDim(tensor, order: order, try call.int(2)))
}

extension Reducing {
  /// `norm_except_dim`; PyTorch specializes the sizes here.
  func normExceptDim(_ tensor: FakeTensor, order: Double, _ dim: Int) throws -> FakeTensor {
    if dim == -1 { return try vectorNorm(tensor, NormArguments(order: order)) }
    try call.require(tensor.sizes.indices.contains(dim), "norm_except_dim: dim \(dim) is out of range")
    for size in tensor.sizes { _ = try call.evaluateInt(size) }
    var sizes = Sizes(repeating: 1, count: tensor.rank)
    sizes[dim] = tensor.sizes[dim]
    let dtype = try normExcept(tensor, dim, order: order).dtype
    // An inner dim is swapped with the first and back, which leaves strides of 1.
    let isOuter = dim == 0 || dim == tensor.rank - 1
    return mode.tensor(
      sizes, strides: isOuter ? nil : Sizes(repeating: 1, count: tensor.rank), dtype: dtype,
      device: tensor.device)
  }

  /// The norms of the slices of `tensor` along `dim`, with `keepdim`.
  func normExcept(
    _ tensor: FakeTensor, _ dim: Int, order: Double, dtype: ScalarType? = nil
  ) throws -> FakeTensor {
    let dims = (0..<tensor.rank).filter { $0 != dim }
    return try vectorNorm(tensor, NormArguments(order: order, dims: dims, keepdim: true, dtype: dtype))
  }
}

/// `renorm(Tensor self, Scalar p, int dim, Scalar maxnorm) -> Tensor`: the input's sizes, contiguous.
///
/// - Throws: a refusal unless `p > 0`, `maxnorm ≥ 0` and there are at least two dims.
/// - Source: `renorm`, `torch/_refs`.
@Sendable
private func renorm(_ call: OperatorCall) throws -> FakeValue {
  let tensor = try call.tensor(0)
  try call.check(
    call.numbers.comparison(.gt, try call.numbers.number(1), .int(0)),
    "renorm: non-positive norm not supported")
  try call.check(
    call.numbers.comparison(.ge, try call.numbers.number(3), .int(0)), "renorm: expected maxnorm to be >= 0")
  try call.require(
    tensor.rank > 1, "renorm: input needs at least 2 dimensions, got \(tensor.rank) dimensions")
  let dim = try call.wrapped(try call.int(2), rank: tensor.rank)
  let dtype: ScalarType? = tensor.dtype.computationType == tensor.dtype ? nil : tensor.dtype.computationType
  let norms = try call.reducing.normExcept(tensor, dim, order: try call.reducing.normOrder(1), dtype: dtype)
  if call.isInplace { try call.requireDistinctElements(tensor) }
  _ = try call.pointwise([tensor, norms], dtype: tensor.dtype)
  return .tensor(call.mode.tensor(tensor.sizes, dtype: tensor.dtype, device: tensor.device))
}
