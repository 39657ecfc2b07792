import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Products of vectors, matrices and batches of matrices.
///
/// Results are contiguous.
///
/// Rows are in alphabetical order.
let matrixProducts: [OperatorRow] = [
  OperatorRow("_addmm_activation") { call in .tensor(try call.matrices.addmm()) },
  OperatorRow("_convert_weight_to_int4pack") { .tensor(try packedWeight($0)) },
  OperatorRow("_convert_weight_to_int4pack_for_cpu") { .tensor(try packedWeightOnCPU($0)) },
  OperatorRow("_int_mm", intMM),
  OperatorRow("_weight_int4pack_mm") {
    .tensor(try $0.matrices.packedMM(weight: .int32, rank: 4, rowsPerPack: 8))
  },
  OperatorRow("_weight_int4pack_mm_for_cpu") { .tensor(try $0.matrices.packedMM(weight: .uint8)) },
  OperatorRow("_weight_int4pack_mm_with_scales_and_zeros") {
    .tensor(try $0.matrices.packedMM(weight: .int32))
  },
  OperatorRow("_weight_int8pack_mm", weightInt8PackMM),
  OperatorRow("addbmm", inplace: .product, addbmm),
  OperatorRow("addmm", inplace: .product) { call in .tensor(try call.matrices.addmm()) },
  OperatorRow("addmm.dtype", addmmDtype),
  OperatorRow("addmv", inplace: .product, addmv),
  OperatorRow("addr", inplace: .reference, addr),
  OperatorRow("baddbmm", inplace: .product, baddbmm),
  .product("baddbmm.dtype", at: 1) { try $0.matrices.bmm($1, $2, dtype: try $0.optionalDtype(3)) },
  .product("bmm") { try $0.matrices.bmm($1, $2) },
  .product("bmm.dtype") { try $0.matrices.bmm($1, $2, dtype: try $0.optionalDtype(2)) },
  .product("dot") { try $0.matrices.dot($1, $2) },
  .product("ger") { try $0.matrices.outer($1, $2) },
  .product("mm") { try $0.matrices.mm($1, $2) },
  .product("mm.dtype") { try $0.matrices.mm($1, $2, dtype: try $0.optionalDtype(2)) },
  .product("mv") { try $0.matrices.mv($1, $2) },
  .product("outer") { try $0.matrices.outer($1, $2) },
  .product("vdot") { try $0.matrices.dot($1, $2, conjugatingFirst: true) },
]

extension InplaceLaw {
  /// `addmm_` and its relatives copy the sum into `self`, which must have its sizes.
  fileprivate static let product = InplaceLaw(.checked, isCopied: true, isResized: false)
}

extension OperatorRow {
  /// An operator whose result is `multiply` of two tensors, the first at position `first`.
  static func product(
    _ name: String, at first: Int = 0,
    _ multiply: @escaping @Sendable (OperatorCall, FakeTensor, FakeTensor) throws -> FakeTensor
  ) -> OperatorRow {
    OperatorRow(name) { call in
      .tensor(try multiply(call, try call.tensor(first), try call.tensor(first + 1)))
    }
  }
}

extension Matrices {
  /// `[n, m] × [m, p] → [n, p]`, with the first operand's dtype.
  ///
  /// - Throws: a refusal unless both are matrices and `self.size(1) == mat2.size(0)`.
  /// - Source: `meta_mm`, `torch/_meta_registrations.py`.
  func mm(_ a: FakeTensor, _ b: FakeTensor, dtype: ScalarType? = nil) throws -> FakeTensor {
    try call.require(a.rank == 2, "a must be 2D")
    try call.require(b.rank == 2, "b must be 2D")
    try call.check(
      shapes.eq(a.sizes[1], b.sizes[0]),
      "a and b must have same reduction dim, but got \(shapes.shortText(of: a.sizes)) X "
        + "\(shapes.shortText(of: b.sizes)).")
    try checkProductDtype(dtype, of: a)
    return mode.tensor(
      [a.sizes[0], b.sizes[1]], dtype: dtype ?? a.dtype, device: try call.commonDevice([a, b]))
  }

  /// `[b, n, m] × [b, m, p] → [b, n, p]`.
  ///
  /// - Source: `common_meta_baddbmm_bmm`, `torch/_meta_registrations.py`.
  func bmm(_ a: FakeTensor, _ b: FakeTensor, dtype: ScalarType? = nil) throws -> FakeTensor {
    try call.require(a.rank == 3, "batch1 must be a 3D tensor")
    try call.require(b.rank == 3, "batch2 must be a 3D tensor")
    try call.require(a.dtype == b.dtype, "expected scalar type \(a.dtype.name) but found \(b.dtype.name)")
    try call.check(
      shapes.and(shapes.eq(b.sizes[0], a.sizes[0]), shapes.eq(b.sizes[1], a.sizes[2])),
      "Expected size for first two dimensions of batch2 tensor to be: [\(shapes.text(of: a.sizes[0])), "
        + "\(shapes.text(of: a.sizes[2]))] but got: [\(shapes.text(of: b.sizes[0])), "
        + "\(shapes.text(of: b.sizes[1]))].")
    try checkProductDtype(dtype, of: a)
    return mode.tensor(
      [a.sizes[0], a.sizes[1], b.sizes[2]], dtype: dtype ?? b.dtype, device: try call.commonDevice([a, b]))
  }

  /// The result may have the operands' dtype, or float32 for half-precision operands.
  private func checkProductDtype(_ dtype: ScalarType?, of operand: FakeTensor) throws {
    guard let dtype, dtype != operand.dtype else { return }
    try call.require(
      dtype == .float32 && (operand.dtype == .float16 || operand.dtype == .bfloat16),
      "out_dtype must be the same as input dtype or fp32 for fp16/bf16 inputs")
  }

  /// `[n, m] × [m] → [n]`.
  ///
  /// Source: `mv`, `torch/_decomp/decompositions.py`.
  func mv(_ matrix: FakeTensor, _ vector: FakeTensor) throws -> FakeTensor {
    try call.require(
      matrix.rank == 2 && vector.rank == 1, "matrix @ vector expected, got \(matrix.rank), \(vector.rank)")
    try call.check(
      shapes.eq(matrix.sizes[1], vector.sizes[0]),
      "size mismatch, got input (\(shapes.text(of: matrix.sizes[0]))x\(shapes.text(of: matrix.sizes[1]))), "
        + "vec (\(shapes.text(of: vector.sizes[0])))")
    let dtype = promoted(matrix, vector)
    // The sum of an elementwise product.
    let product = try call.combined([matrix, vector], dtype: dtype)
    return call.reducing.reducedByView(product, [1], keepdim: false, dtype: dtype)
  }

  /// `[n] · [n] → []`, the first operand conjugated for `vdot`.
  ///
  /// A lazy conjugation that applies to the whole product is carried by the result.
  ///
  /// - Source: `_dot_check`, `dot`, `vdot`, `torch/_refs`.
  func dot(_ a: FakeTensor, _ b: FakeTensor, conjugatingFirst: Bool = false) throws -> FakeTensor {
    try call.require(
      a.rank == 1 && b.rank == 1, "1D tensors expected, but got \(a.rank)D and \(b.rank)D tensors")
    try call.require(
      a.dtype == b.dtype,
      "dot : expected both vectors to have same dtype, but found \(a.dtype.name) and \(b.dtype.name)")
    try call.check(
      shapes.eq(a.sizes[0], b.sizes[0]),
      "inconsistent tensor size, expected tensor [\(shapes.text(of: a.sizes[0]))] and src "
        + "[\(shapes.text(of: b.sizes[0]))] to have the same number of elements")
    let product = try call.combined([a, b], dtype: a.dtype)
    let result = call.reducing.reducedByView(product, [0], keepdim: false, dtype: a.dtype)
    result.isConjugate = a.dtype.isComplex && b.isConjugate && a.isConjugate != conjugatingFirst
    return result
  }

  /// `[n] ⊗ [m] → [n, m]`.
  func outer(_ a: FakeTensor, _ b: FakeTensor) throws -> FakeTensor {
    try call.require(a.rank == 1, "outer: Expected 1-D argument self, but got \(a.rank)-D")
    try call.require(b.rank == 1, "outer: Expected 1-D argument vec2, but got \(b.rank)-D")
    call.ask(.layout, of: a)
    call.askWhetherOnes(b.sizes)
    return mode.tensor(
      [a.sizes[0], b.sizes[0]], dtype: promoted(a, b), device: try call.commonDevice([a, b]))
  }

  func promoted(_ tensors: FakeTensor...) -> ScalarType {
    var promotion = TypePromotion(call.shapes.profile)
    for tensor in tensors { promotion.add(tensor) }
    return promotion.result
  }

  /// `addmm(self, mat1, mat2, *, beta, alpha)`: the product, then `+ beta·self` broadcast to it.
  ///
  /// - Source: `addmm`, `torch/_decomp/decompositions.py`.
  func addmm() throws -> FakeTensor {
    try addmm(try call.tensor(0), try call.tensor(1), try call.tensor(2), beta: call[3])
  }

  func addmm(
    _ bias: FakeTensor, _ a: FakeTensor, _ b: FakeTensor, beta: FakeValue = .int(1), dtype: ScalarType? = nil
  ) throws -> FakeTensor {
    let product = try mm(a, b, dtype: dtype)
    let result = dtype ?? promoted(bias, a, b)
    if isZero(beta, for: bias.dtype) {
      return mode.tensor(product.sizes, dtype: result, device: product.device)
    }
    return try call.combined([product, bias], dtype: result)
  }

  /// Whether a factor is zero; for integer tensors, it is truncated first.
  func isZero(_ factor: FakeValue, for dtype: ScalarType) -> Bool {
    switch factor {
    case .symInt(let value): value == 0
    case .float(let value): dtype.isFloatingPoint || dtype.isComplex ? value == 0 : abs(value) < 1
    case .bool(let value): !value
    default: false
    }
  }

  /// Activations times a packed weight: `[m, k] → [m, n]`.
  func packedMM(weight dtype: ScalarType, rank: Int = 2, rowsPerPack: SymInt = 1) throws -> FakeTensor {
    let (x, weight) = (try call.tensor(0), try call.tensor(1))
    try call.require(x.rank == 2, "x must be a 2D tensor")
    try call.require(weight.rank == rank, "w must be a \(rank)D tensor")
    try call.require(
      [.float32, .float16, .bfloat16].contains(x.dtype), "expected x to be f32/f16/bf16, got \(x.dtype.name)")
    try call.require(weight.dtype == dtype, "expected w to be \(dtype.name), got \(weight.dtype.name)")
    return call.newTensor([x.sizes[0], shapes.mul(weight.sizes[0], rowsPerPack)], like: x)
  }
}

/// `_int_mm(self, mat2)`: int8 matrices, int32 product.
///
/// Source: `meta__int_mm`, `_meta_registrations.py`.
@Sendable
private func intMM(_ call: OperatorCall) throws -> FakeValue {
  let (a, b) = (try call.tensor(0), try call.tensor(1))
  try call.require(a.rank == 2, "a must be a 2D tensor")
  try call.require(b.rank == 2, "b must be a 2D tensor")
  try call.require(
    a.dtype == .int8 || a.dtype == .uint8, "expected self to be int8 or uint8, got \(a.dtype.name)")
  try call.require(b.dtype == .int8, "expected mat2 to be int8, got \(b.dtype.name)")
  try call.check(call.shapes.eq(a.sizes[1], b.sizes[0]), "Incompatible matrix sizes for _int_mm")
  return .tensor(call.newTensor([a.sizes[0], b.sizes[1]], like: a, dtype: .int32))
}

/// `_weight_int8pack_mm(self, mat2, scales)`: `[m, k] × [n, k] → [m, n]`.
///
/// - Source: `meta__weight_int8pack_mm`, `torch/_meta_registrations.py`.
@Sendable
private func weightInt8PackMM(_ call: OperatorCall) throws -> FakeValue {
  let result = try call.matrices.packedMM(weight: .int8)
  let (x, weight, scales) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  try call.check(call.shapes.eq(weight.sizes[1], x.sizes[1]), "expected w.size(1) == x.size(1)")
  try call.require(scales.rank == 1, "expected q_scales to be 1D")
  try call.check(call.shapes.eq(scales.sizes[0], weight.sizes[0]), "expected q_scales to have size w.size(0)")
  return .tensor(result)
}

/// `_convert_weight_to_int4pack(Tensor self, int innerKTiles) -> Tensor`: `[n, k / 2]` of uint8 to `[n / 8, k /
/// (innerKTiles · 16), 32, innerKTiles / 2]` of int32.
///
/// - Source: `meta__convert_weight_to_int4pack`, `torch/_meta_registrations.py`.
private func packedWeight(_ call: OperatorCall) throws -> FakeTensor {
  let (weight, tiles) = (try call.tensor(0), try call.int(1))
  try call.require(weight.rank == 2, "w must be a 2D tensor")
  try call.require(weight.dtype == .uint8, "expected w to be uint8, got \(weight.dtype.name)")
  try call.require((1...1024).contains(tiles), "innerKTiles must be positive")
  let shapes = call.shapes
  let columns = shapes.floorDiv(shapes.mul(weight.sizes[1], 2), SymInt(tiles * 16))
  return call.newTensor(
    [shapes.floorDiv(weight.sizes[0], 8), columns, 32, SymInt(tiles / 2)], like: weight, dtype: .int32)
}

/// `_convert_weight_to_int4pack_for_cpu(Tensor self, int innerKTiles) -> Tensor`: `[n, k]` of int32 to `[n, k / 2]` of
/// uint8.
private func packedWeightOnCPU(_ call: OperatorCall) throws -> FakeTensor {
  let weight = try call.tensor(0)
  try call.require(weight.rank == 2, "w must be a 2D tensor")
  try call.require(weight.dtype == .int32, "expected w to be int32, got \(weight.dtype.name)")
  return call.newTensor(
    [weight.sizes[0], call.shapes.floorDiv(weight.sizes[1], 2)], like: weight, dtype: .uint8)
}

/// `addmm.dtype(self, mat1, mat2, out_dtype, *, beta, alpha)`.
@Sendable
private func addmmDtype(_ call: OperatorCall) throws -> FakeValue {
  let dtype = try call.optionalDtype(3)
  let sum = try call.matrices.addmm(
    try call.tensor(0), try call.tensor(1), try call.tensor(2), beta: call[4], dtype: dtype)
  return .tensor(sum)
}

/// `addbmm(self, batch1, batch2)`: `self[n, p] + Σ batch1[b, n, m] × batch2[b, m, p]`.
///
/// - Source: `meta_addbmm`, `torch/_meta_registrations.py`.
@Sendable
private func addbmm(_ call: OperatorCall) throws -> FakeValue {
  let (bias, a, b) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  let target: Sizes = [try call.size(a, 1), try call.size(b, 2)]
  let expanded = try call.expanded(bias, to: target)
  try call.require(a.rank == 3, "batch1 must be a 3D tensor")
  try call.require(b.rank == 3, "batch2 must be a 3D tensor")
  try call.check(
    call.shapes.eq(a.sizes[0], b.sizes[0]), "batch1 and batch2 must have same number of batches")
  try call.check(call.shapes.eq(a.sizes[2], b.sizes[1]), "Incompatible matrix sizes for bmm")
  return .tensor(call.newTensor(expanded.sizes, like: bias))
}

/// `baddbmm(self, batch1, batch2)`: `self[b, n, p] + batch1[b, n, m] × batch2[b, m, p]`.
///
/// - Guards: the batches are equal.
/// - Source: `meta_baddbmm`, `torch/_meta_registrations.py`.
@Sendable
private func baddbmm(_ call: OperatorCall) throws -> FakeValue {
  let (bias, a, b) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  let shapes = call.shapes
  let target: Sizes = [try call.size(a, 0), try call.size(a, 1), try call.size(b, 2)]
  let fits = !shapes.guardOrTrue(shapes.not(call.equalSizes(bias.sizes, target)))
  let expanded = fits ? bias : try call.expanded(bias, to: target)
  try call.require(a.rank == 3, "batch1 must be a 3D tensor")
  try call.require(b.rank == 3, "batch2 must be a 3D tensor")
  try call.require(
    bias.dtype == a.dtype && a.dtype == b.dtype,
    "Input dtypes must be the same, got: input: \(bias.dtype.name), batch1: \(a.dtype.name), "
      + "batch2: \(b.dtype.name)")
  let law = "Expected size for first two dimensions of batch2 tensor to fit those of batch1"
  try call.require(try call.isEqual(b.sizes[0], a.sizes[0]), law)
  try call.check(shapes.eq(b.sizes[1], a.sizes[2]), law)
  return .tensor(call.newTensor(expanded.sizes, like: bias))
}

/// `addmv(self, mat, vec)`: `[n] + [n, m] × [m]`.
///
/// - Guards: whether the product is empty.
/// - Source: `addmv`, `torch/_decomp/decompositions.py`.
@Sendable
private func addmv(_ call: OperatorCall) throws -> FakeValue {
  let (bias, matrix, vector) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  try call.require(
    bias.dtype == matrix.dtype && matrix.dtype == vector.dtype,
    "addmv input tensors must have the same dtype")
  let product = try call.matrices.mv(matrix, vector)
  if call.matrices.isZero(call[3], for: bias.dtype) { return .tensor(product) }
  if try call.evaluate(call.shapes.eq(product.sizes[0], 0)) {
    return .tensor(try call.pointwise([bias], dtype: bias.dtype))
  }
  return .tensor(try call.combined([product, bias], dtype: product.dtype))
}

/// `addr(self, vec1, vec2)`: `self[n, m] + vec1[n] ⊗ vec2[m]`.
///
/// Source: `addr`, `torch/_refs`.
@Sendable
private func addr(_ call: OperatorCall) throws -> FakeValue {
  let (bias, a, b) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  try call.require(a.rank == 1, "addr: Expected 1-D argument vec1, but got \(a.rank)-D")
  try call.require(b.rank == 1, "addr: Expected 1-D argument vec2, but got \(b.rank)-D")
  let dtype = call.matrices.promoted(bias, a, b)
  for position in 3...4 {
    let category = try call.scalarCategory(position)
    try call.require(
      category <= dtype.category ?? .int || (dtype.isBool && category == .int),
      "cannot safely convert a \(category) to \(dtype.name)")
    try call.require(
      category != .bool || dtype.isBool, "Boolean scalars are only supported for Boolean results.")
  }
  let expanded = try call.expanded(bias, to: [a.sizes[0], b.sizes[0]])
  let product = try call.matrices.outer(a, b)
  let operands = call.matrices.isZero(call[3], for: dtype) ? [product] : [expanded, product]
  return .tensor(try call.pointwise(operands, dtype: dtype))
}
