import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Products of groups of matrices; the groups are given by the offsets at which they end.
///
/// Rows are in alphabetical order.
///
/// Source: `torch/_meta_registrations.py`; `aten/src/ATen/native/GroupedMMUtils.h`.
let groupedProducts: [OperatorRow] = [
  OperatorRow("_grouped_mm") { call in
    let (a, b) = (try call.tensor(0), try call.tensor(1))
    for matrix in [a, b] {
      let dtypes: [ScalarType] =
        call.has(.groupedProductsTakeFloats) ? [.bfloat16, .float32, .float16] : [.bfloat16]
      try call.require(
        dtypes.contains(matrix.dtype),
        "Expected a Float32, BFloat16 or Float16 matrix, got \(matrix.dtype.name).")
    }
    let dtype = try call.optionalDtype(4)
    try call.require(
      dtype == nil || dtype == a.dtype, "Grouped gemm output dtype must match `mat_a` dtype.")
    try call.requireGroups(a, b, offsets: 2, bias: 3)
    return .tensor(try call.groupedProduct(a, b, offsets: 2, dtype ?? a.dtype))
  },
  OperatorRow("_scaled_grouped_mm") { call in
    let (a, b) = (try call.tensor(0), try call.tensor(1))
    try call.require(
      a.dtype == .float8e4m3fn && b.dtype == .float8e4m3fn,
      "Expected inputs of E4M3 FP8 type but got mat_a.dtype=\(a.dtype.name) and mat_b.dtype=\(b.dtype.name).")
    let dtype = try call.optionalDtype(7) ?? .bfloat16
    try call.require(dtype == .bfloat16, "If output dtype provided, it must be torch.bfloat16.")
    try call.requireGroups(a, b, offsets: 4, bias: 5)
    try call.require(call.isNone(6), "Scale result tensor provided, but it is not supported yet.")
    return .tensor(try call.groupedProduct(a, b, offsets: 4, dtype))
  },
  OperatorRow("_scaled_grouped_mm_v2") { call in
    let (a, b) = (try call.tensor(0), try call.tensor(1))
    return .tensor(try call.groupedProduct(a, b, offsets: 8, try call.optionalDtype(10) ?? .bfloat16))
  },
  OperatorRow("transformers.grouped_mm_fallback") { .tensor(try groupedProductOfExperts($0)) },
  OperatorRow("transformers.grouped_mm_fallback_backward") { call in
    .tuple(try (0...1).map { .tensor(call.emptyLike(try call.tensor($0))) })
  },
]

/// `grouped_mm_fallback(Tensor input, Tensor weight, Tensor offs) -> Tensor`: `[rows, n], [experts, n, m], [experts] →
/// [rows, m]`.
///
/// - Throws: a refusal for other ranks, other sizes that must agree, or offsets that are not integers.
/// - Source: `_grouped_mm_fallback_fake`, `transformers/integrations/moe.py`.
private func groupedProductOfExperts(_ call: OperatorCall) throws -> FakeTensor {
  let (input, weight, offsets) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  for (tensor, rank, name) in [(input, 2, "input"), (weight, 3, "weight"), (offsets, 1, "offs")] {
    try call.require(tensor.rank == rank, "\(name) must have \(rank) dims, got \(tensor.rank)")
  }
  try call.require(
    call.isEqual(offsets.sizes[0], weight.sizes[0]), "the length of offs must be the number of experts")
  try call.require(
    call.isEqual(input.sizes[1], weight.sizes[1]), "input and weight must agree in the dim that is summed")
  try call.require(
    [.int32, .int64].contains(offsets.dtype), "offs must be an integer tensor, got \(offsets.dtype.name)")
  return call.mode.tensor([input.sizes[0], weight.sizes[2]], dtype: input.dtype, device: input.device)
}

extension OperatorCall {
  /// What both forms require of the factors, their strides and the offsets.
  fileprivate func requireGroups(_ a: FakeTensor, _ b: FakeTensor, offsets: Int, bias: Int) throws {
    try require(
      (2...3).contains(a.rank) && (2...3).contains(b.rank),
      "Multiplicands must be 2D or 3D but got mat_a.dim()=\(a.rank) and mat_b.dim()=\(b.rank)")
    if a.rank == 3 || b.rank == 3 {
      try check(
        shapes.eq(a.sizes[a.rank - 1], b.sizes[b.rank - 2]),
        "contraction dimension of mat_a and mat_b must match")
    }
    try requireAlignedRows(a)
    try requireAlignedRows(b)
    let given = try optionalTensor(offsets)
    guard a.rank == 2 || b.rank == 2 else {
      try require(given == nil, "Offsets tensor provided, but is not needed for 3D/3D multiplicand layouts.")
      return try require(isNone(bias), "Bias tensor provided, but it is not supported yet.")
    }
    guard let given else {
      throw refusal(
        "Offsets tensor not provided, but is needed for \(a.rank)D/\(b.rank)D multiplicand layouts.")
    }
    try require(given.rank == 1, "Offsets tensor must be 1D, but got offs.dim()=\(given.rank).")
    try require(
      given.dtype == .int32, "Offsets tensor must be integer (int32) tensor, but got \(given.dtype.name).")
    try require(try isEqual(given.strides[0], 1), "Offsets tensor must have stride (1,)")
    try require(isNone(bias), "Bias tensor provided, but it is not supported yet.")
  }

  /// Requires that one of the last two dims is dense and the stride of the other is a multiple of 16 bytes.
  private func requireAlignedRows(_ matrix: FakeTensor) throws {
    let (rows, columns) = (matrix.rank - 2, matrix.rank - 1)
    for (inner, outer) in [(rows, columns), (columns, rows)] {
      guard try isEqual(matrix.strides[inner], 1),
        try evaluate(shapes.ge(matrix.strides[outer], shapes.geometry.atLeastOne(matrix.sizes[inner])))
      else { continue }
      return try check(
        shapes.eq(shapes.mod(matrix.strides[outer], alignment(matrix.dtype)), 0),
        "Expected stride along \(outer) dim to be multiple of 16 bytes, got "
          + shapes.text(of: matrix.strides[outer]))
    }
    throw refusal(
      "Invalid strides/sizes, got \(shapes.shortText(of: matrix.strides)) for strides and "
        + "\(shapes.shortText(of: matrix.sizes)) for sizes.")
  }

  /// The number of elements in 16 bytes.
  private func alignment(_ dtype: ScalarType) -> SymInt { SymInt(16 / dtype.itemSize) }

  /// `[m, k] × [k, n] → [groups, m, n]`, `[m, k] × [groups, k, n] → [m, n]`, `[groups, m, k] × [k, n] → [m, n]` or
  /// `[groups, m, k] × [groups, k, n] → [groups, m, n]`; rows are padded to 16 bytes, as builds for CUDA do.
  fileprivate func groupedProduct(
    _ a: FakeTensor, _ b: FakeTensor, offsets: Int, _ dtype: ScalarType
  ) throws -> FakeTensor {
    func groups() throws -> SymInt { try size(try tensor(offsets), 0) }
    let sizes: Sizes
    switch (a.rank, b.rank) {
    case (2, 2): sizes = [try groups(), a.sizes[0], b.sizes[1]]
    case (2, 3):
      try check(shapes.eq(try groups(), b.sizes[0]), "matrix batch sizes have to match")
      sizes = [a.sizes[0], b.sizes[2]]
    case (3, 2):
      try check(shapes.eq(try groups(), a.sizes[0]), "matrix batch sizes have to match")
      sizes = [a.sizes[1], b.sizes[1]]
    case (3, 3):
      try check(shapes.eq(a.sizes[0], b.sizes[0]), "batched dimension has to match")
      sizes = [a.sizes[0], a.sizes[1], b.sizes[2]]
    default: throw refusal("Multiplicands must be 2D or 3D")
    }
    let unit = alignment(dtype)
    let row = shapes.mul(shapes.ceilDiv(sizes[sizes.count - 1], unit), unit)
    let strides: Sizes = sizes.count == 3 ? [shapes.mul(sizes[1], row), row, 1] : [row, 1]
    return mode.tensor(sizes, strides: strides, dtype: dtype, device: a.device)
  }
}
