import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Products of matrices of 8- and 4-bit floats, whose scales are separate tensors.
///
/// Rows are in alphabetical order.
///
/// Source: `torch/_meta_registrations.py`; `aten/src/ATen/native/cuda/ScaledBlas.cpp`.
let scaledProducts: [OperatorRow] = [
  OperatorRow("_scaled_addmm") { .tensor(try scaledAddmm($0)) },
  OperatorRow("_scaled_mm") { .tensor(try scaledMM($0)) },
  OperatorRow("_scaled_mm_v2") { call in
    let (a, b) = (try call.tensor(0), try call.tensor(1))
    if let bias = try call.optionalTensor(8), b.rank == 2 {
      try call.check(
        call.shapes.eq(call.shapes.geometry.numel(bias), b.sizes[1]), "the bias must have a value a column")
    }
    return .tensor(try call.scaledProduct(a, b, try call.optionalDtype(9), contraction: 10))
  },
]

/// How a product is scaled: block sizes in elements.
private enum ScaleBlock {
  static let wide: SymInt = 128
}

extension OperatorCall {
  /// `[m, k] × [k, n] → [m, n]`, in the dtype of `a` unless another is given.
  fileprivate func scaledProduct(
    _ a: FakeTensor, _ b: FakeTensor, _ dtype: ScalarType?, contraction: Int
  ) throws -> FakeTensor {
    try requireMatrices(a, b)
    let dims = try optionalInts(contraction) ?? []
    try require(
      dims.isEmpty || dims.count == 2 && [1, -1].contains(dims[0]) && [0, -2].contains(dims[1]),
      "torch.\(schema.name.base) only supports contraction_dim=(1, 0)")
    try check(
      shapes.eq(a.sizes[1], b.sizes[0]),
      "mat_a and mat_b shapes cannot be multiplied (\(shapes.shortText(of: a.sizes)) and "
        + "\(shapes.shortText(of: b.sizes)))")
    return newTensor([a.sizes[0], b.sizes[1]], like: a, dtype: dtype)
  }

  private func requireMatrices(_ a: FakeTensor, _ b: FakeTensor) throws {
    try require(
      a.rank == 2 && b.rank == 2,
      "Inputs must be 2D but got self.dim()=\(a.rank) and mat2.dim()=\(b.rank)")
  }

  /// Requires that rows of `a` and columns of `b` are dense and that 16 divides all sizes except the rows of `a`.
  fileprivate func requireLayoutOfGPU(_ a: FakeTensor, _ b: FakeTensor) throws {
    try require(
      try isRowMajor(a) || hasZeroDim(a),
      "self must be row_major, got stride \(shapes.shortText(of: a.strides))")
    try require(
      try isColumnMajor(b) || hasZeroDim(b),
      "mat2 must be col_major, got stride \(shapes.shortText(of: b.strides))")
    for (size, what) in [
      (a.sizes[1], "self.size(1)"), (b.sizes[0], "mat2.size(0)"), (b.sizes[1], "mat2.size(1)"),
    ] {
      try check(
        shapes.eq(shapes.mod(size, 16), 0),
        "Expected \(what) to be divisible by 16, got \(shapes.text(of: size))")
    }
  }

  private func isRowMajor(_ matrix: FakeTensor) throws -> Bool {
    guard try evaluate(shapes.gt(matrix.strides[0], matrix.strides[1])) else { return false }
    return try isEqual(matrix.strides[1], 1)
  }

  private func isColumnMajor(_ matrix: FakeTensor) throws -> Bool {
    guard try isEqual(matrix.strides[0], 1) else { return false }
    return try evaluate(shapes.gt(matrix.strides[1], 1))
  }

  private func hasZeroDim(_ matrix: FakeTensor) throws -> Bool {
    if try isEqual(matrix.sizes[0], 0) { return true }
    return try isEqual(matrix.sizes[1], 0)
  }

  /// Whether a scale is `[rows, columns]`.
  fileprivate func fits(_ scale: FakeTensor, _ rows: SymInt, _ columns: SymInt) throws -> Bool {
    guard try isEqual(scale.sizes[0], rows) else { return false }
    return try isEqual(scale.sizes[1], columns)
  }
}

extension ScalarType {
  /// Whether elements are floats of 8 or 4 bits.
  fileprivate var isNarrowFloat: Bool {
    switch self {
    case .float8e4m3fn, .float8e5m2, .float8e4m3fnuz, .float8e5m2fnuz, .float4e2m1fnx2: true
    default: false
    }
  }
}

/// `_scaled_mm(Tensor self, Tensor mat2, Tensor scale_a, Tensor scale_b, Tensor? bias, Tensor? scale_result,
/// ScalarType? out_dtype, bool use_fast_accum) -> Tensor`: `[m, k] × [k, n] → [m, n]`.
///
/// - Throws: a refusal if layouts or scales fit no recipe.
/// - Guards: strides, and the sizes of the scales.
private func scaledMM(_ call: OperatorCall) throws -> FakeTensor {
  let (a, b) = (try call.tensor(0), try call.tensor(1))
  try call.require(
    a.rank == 2 && b.rank == 2, "Inputs must be 2D but got self.dim()=\(a.rank) and mat2.dim()=\(b.rank)")
  try call.require(
    a.dtype.isNarrowFloat && b.dtype.isNarrowFloat,
    "Expected both inputs to be fp8 or fp4 types but got self.dtype=\(a.dtype.name) and "
      + "mat2.dtype=\(b.dtype.name)")
  if [.cuda, .xpu, .cpu].contains(a.device.type) {
    if a.device.type != .cpu { try call.requireLayoutOfGPU(a, b) }
    try requireScales(call, a, b)
  }
  return call.newTensor([a.sizes[0], b.sizes[1]], like: a, dtype: try call.optionalDtype(6))
}

/// Requires one scale for everything, one for each block that the dtype of the scales implies, or one for each row,
/// column or block of 128.
private func requireScales(_ call: OperatorCall, _ a: FakeTensor, _ b: FakeTensor) throws {
  let (scaleA, scaleB, shapes) = (try call.tensor(2), try call.tensor(3), call.shapes)
  let isBlockwise =
    scaleA.dtype == scaleB.dtype && (scaleA.dtype == .float8e8m0fnu || scaleA.dtype == .float8e4m3fn)
  let isSingle =
    try call.isEqual(shapes.geometry.numel(scaleA), 1) && call.isEqual(shapes.geometry.numel(scaleB), 1)
  if !isSingle, isBlockwise { return try requireBlockScales(call, a, b, scaleA, scaleB) }
  try call.require(
    scaleA.dtype == .float32 && scaleB.dtype == .float32,
    "Both scale_a and scale_b must be float (fp32) tensors.")
  if isSingle { return }
  try call.require(
    scaleA.rank == 2 && scaleB.rank == 2,
    "For non-tensorwise scaling, scale tensors must be 2D, but got \(scaleA.rank) and \(scaleB.rank)")
  let (rows, columns) = (a.sizes[0], b.sizes[1])
  if try call.fits(scaleA, rows, 1) && call.fits(scaleB, 1, columns) {
    return try call.require(
      shapes.geometry.isContiguous(scaleA) && shapes.geometry.isContiguous(scaleB),
      "Both scale_a and scale_b must be contiguous for rowwise scaling.")
  }
  let inner = shapes.ceilDiv(a.sizes[1], ScaleBlock.wide)
  let (wideRows, wideColumns) = (
    shapes.ceilDiv(rows, ScaleBlock.wide), shapes.ceilDiv(columns, ScaleBlock.wide)
  )
  for (heights, widths) in [(rows, wideColumns), (rows, columns), (wideRows, columns)] {
    if try call.fits(scaleA, heights, inner) && call.fits(scaleB, inner, widths) { return }
  }
  throw call.refusal("Invalid scaling configuration.")
}

/// Requires one scale for 32 elements of a row, or for 16 of packed 4-bit floats; padded to tiles of 128 by 4 except on
/// XPU.
private func requireBlockScales(
  _ call: OperatorCall, _ a: FakeTensor, _ b: FakeTensor, _ scaleA: FakeTensor, _ scaleB: FakeTensor
) throws {
  let (shapes, isPaired) = (call.shapes, scaleA.dtype == .float8e4m3fn)
  let isPacked = isPaired || a.dtype == .float4e2m1fnx2
  let elements = isPacked ? shapes.mul(a.sizes[1], 2) : a.sizes[1]
  let blocks = shapes.ceilDiv(elements, isPaired ? 16 : 32)
  for (scale, rows) in [(scaleA, a.sizes[0]), (scaleB, b.sizes[1])] {
    let isPadded = a.device.type != .xpu
    let height = isPadded ? shapes.mul(ScaleBlock.wide, shapes.ceilDiv(rows, ScaleBlock.wide)) : rows
    let width = isPadded ? shapes.mul(shapes.ceilDiv(blocks, 4), 4) : blocks
    try call.require(
      try call.isEqual(shapes.geometry.numel(scale), shapes.mul(height, width)),
      "Invalid blockwise scaling configuration. The scale should have "
        + "\(shapes.text(of: shapes.mul(height, width))) elements, got \(shapes.text(of: shapes.geometry.numel(scale)))."
    )
    try call.require(!isPadded || shapes.geometry.isContiguous(scale), "the scales must be contiguous")
  }
}

/// `_scaled_addmm(Tensor self, Tensor mat1, Tensor mat2, Tensor[] scale_a, …, int[] contraction_dim, *, …) -> Tensor`.
private func scaledAddmm(_ call: OperatorCall) throws -> FakeTensor {
  let input = try call.tensor(0)
  let result = try call.scaledProduct(
    try call.tensor(1), try call.tensor(2), input.dtype, contraction: 9)
  try call.require(input.rank == 2, "input must be a matrix, but got \(input.rank) dimensions")
  for dim in 0..<2 {
    try call.check(
      call.shapes.eq(input.sizes[dim], result.sizes[dim]),
      "input dim \(dim) must be \(call.shapes.text(of: result.sizes[dim]))")
  }
  try call.require(
    [.bfloat16, .float16, .float32].contains(input.dtype),
    "input must have dtype BFloat16, Half, or Float, but got \(input.dtype.name)")
  return result
}
