import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Norms of matrices and condition numbers.
///
/// Rows are in alphabetical order.
let matrixNorms: [OperatorRow] = [
  OperatorRow("linalg_cond", condition),
  OperatorRow("linalg_matrix_norm") { call in
    .tensor(
      try call.matrixNorm(
        try call.tensor(0), call[1], try call.ints(2), keepdim: try call.bool(3), dtype: try call.optionalDtype(4)))
  },
  OperatorRow("linalg_norm", linalgNorm),
  OperatorRow("nuclear_norm") { call in
    let hasDims = call.schema.arguments.count > 2
    let dims = hasDims ? try call.ints(1) : [0, 1]
    if !hasDims { try call.require((try call.tensor(0)).rank == 2, "Expected a tensor with 2 dimensions") }
    return .tensor(
      try call.matrixNorm(
        try call.tensor(0), .string("nuc"), dims, keepdim: try call.bool(hasDims ? 2 : 1), dtype: nil))
  },
]

extension OperatorCall {
  /// The norm over two dims: `fro`, `nuc`, ±1, ±2 or ±inf.
  ///
  /// - Source: `linalg_matrix_norm`, `aten/src/ATen/native/LinearAlgebra.cpp`.
  fileprivate func matrixNorm(
    _ input: FakeTensor, _ order: FakeValue, _ givenDims: [Int], keepdim: Bool, dtype: ScalarType?
  ) throws -> FakeTensor {
    try requireMatrix(input, "linalg.matrix_norm")
    try require(givenDims.count == 2, "linalg.matrix_norm: dim must be a 2-tuple")
    let dims = try givenDims.map { try wrapped($0, rank: input.rank) }
    try require(dims[0] != dims[1], "linalg.matrix_norm: dims must be different")
    let usesSingularValues: Bool
    if case .string(let name) = order {
      try require(name == "fro" || name == "nuc", "linalg.matrix_norm: Order \(name) not supported.")
      usesSingularValues = name == "nuc"
    } else {
      let value = abs(order.number ?? .nan)
      try require(
        value == 2 || value == 1 || value == .infinity, "linalg.matrix_norm: Order not supported.")
      usesSingularValues = value == 2
    }
    try requireFloating(input, "linalg.matrix_norm", lowPrecision: !usesSingularValues)
    if let dtype {
      try require(
        dtype.isFloatingPoint || dtype.isComplex,
        "linalg.matrix_norm: dtype should be floating point or complex. Got \(dtype.name)")
    }
    let result = real(dtype ?? input.dtype)
    if !usesSingularValues { return reduced(input, dims, keepdim: keepdim, dtype: result) }
    let rest = (0..<input.rank).filter { !dims.contains($0) }
    let values = newTensor(Sizes(rest.map { input.sizes[$0] }), like: input, dtype: result)
    guard keepdim else { return values }
    // One value for each matrix, with dims of size 1 and stride 1 put back.
    var (sizes, strides) = (input.sizes, Sizes(repeating: 1, count: input.rank))
    for dim in dims { sizes[dim] = 1 }
    for (position, dim) in rest.enumerated() { strides[dim] = values.strides[position] }
    return mode.view(of: values, sizes: sizes, strides: strides)
  }
}

extension FakeValue {
  /// The number a constant argument stands for.
  fileprivate var number: Double? {
    switch self {
    case .float(let value): value
    case .symInt(let value): value.constant.map { Double($0) }
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }
}

/// `linalg_norm(self, ord, dim, keepdim, dtype)`: a matrix norm where an order and two dims are given.
///
/// - Source: `linalg_norm`, `aten/src/ATen/native/LinearAlgebra.cpp`.
@Sendable
private func linalgNorm(_ call: OperatorCall) throws -> FakeValue {
  let (input, dims) = (try call.tensor(0), try call.optionalInts(2))
  let (keepdim, dtype) = (try call.bool(3), try call.optionalDtype(4))
  if let dims {
    try call.require(
      dims.count == 1 || dims.count == 2,
      "linalg.norm: If dim is specified, it must be of length 1 or 2. Got \(dims)")
  } else if !call.isNone(1) {
    try call.require(
      input.rank == 1 || input.rank == 2,
      "linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got \(input.rank)D.")
  }
  if case .string = call[1] {
    let norm = try call.matrixNorm(input, call[1], dims ?? [0, 1], keepdim: keepdim, dtype: dtype)
    return .tensor(norm)
  }
  if !call.isNone(1), dims?.count == 2 || (dims == nil && input.rank == 2) {
    let norm = try call.matrixNorm(input, call[1], dims ?? [0, 1], keepdim: keepdim, dtype: dtype)
    return .tensor(norm)
  }
  return try call.aten(
    "linalg_vector_norm.default", .tensor(input), call.isNone(1) ? .float(2) : call[1],
    dims.map { .ints($0) } ?? .none, .bool(keepdim), named: dtype.map { ["dtype": .dtype($0)] } ?? [:])
}

/// `linalg_cond(self, p)`: one number for each matrix.
///
/// - Guards: whether the input is empty is decided.
/// - Source: `linalg_cond`, `aten/src/ATen/native/LinearAlgebra.cpp`.
@Sendable
private func condition(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.requireMatrix(input, "linalg.cond")
  let result = call.newTensor(call.batch(input), like: input, dtype: call.real(input.dtype))
  var needsInverse = false
  switch call[1] {
  case .none: break
  case .string(let name):
    try call.require(name == "fro" || name == "nuc", "linalg.cond: got invalid norm type: \(name)")
    needsInverse = true
  default:
    let order = abs(call[1].number ?? .nan)
    try call.require(order == 1 || order == 2 || order == .infinity, "linalg.cond: got invalid norm type")
    needsInverse = order != 2
  }
  if try call.evaluate(call.shapes.eq(call.shapes.numel(input), 0)) { return .tensor(result) }
  try call.requireFloating(input, "linalg.cond")
  if needsInverse { try call.checkSquare(input, "linalg.cond") }
  return .tensor(result)
}
