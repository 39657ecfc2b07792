import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Elementwise primitives: operands of one dtype and one shape, without broadcasting or promotion.
///
/// Rows are in alphabetical order. Source: `torch/_prims/__init__.py`.
let primitivesElementwise: [OperatorRow] = [
  .primitive("prims.abs", 1, .complexToFloat),
  .primitive("prims.acos", 1),
  .primitive("prims.acosh", 1),
  .primitive("prims.add", 2),
  .primitive("prims.asin", 1),
  .primitive("prims.asinh", 1),
  .primitive("prims.atan", 1),
  .primitive("prims.atan2", 2),
  .primitive("prims.atanh", 1),
  .primitive("prims.bessel_i0", 1),
  .primitive("prims.bessel_i0e", 1),
  .primitive("prims.bessel_i1", 1),
  .primitive("prims.bessel_i1e", 1),
  .primitive("prims.bessel_j0", 1),
  .primitive("prims.bessel_j1", 1),
  .primitive("prims.bitwise_and", 2),
  .primitive("prims.bitwise_not", 1),
  .primitive("prims.bitwise_or", 2),
  .primitive("prims.bitwise_xor", 2),
  .primitive("prims.cbrt", 1),
  .primitive("prims.ceil", 1),
  OperatorRow("prims.conj_physical", primitiveConjugate),
  .primitive("prims.cos", 1),
  .primitive("prims.cosh", 1),
  .primitive("prims.digamma", 1),
  .primitive("prims.div", 2),
  .primitive("prims.eq", 2, .alwaysBool),
  .primitive("prims.erf", 1),
  .primitive("prims.erf_inv", 1),
  .primitive("prims.erfc", 1),
  .primitive("prims.erfcx", 1),
  .primitive("prims.exp", 1),
  .primitive("prims.exp2", 1),
  .primitive("prims.expm1", 1),
  .primitive("prims.fill", 1),
  .primitive("prims.floor", 1),
  .primitive("prims.fmax", 2),
  .primitive("prims.fmin", 2),
  .primitive("prims.fmod", 2),
  .primitive("prims.gcd", 2),
  .primitive("prims.ge", 2, .alwaysBool),
  .primitive("prims.gt", 2, .alwaysBool),
  .primitive("prims.hypot", 2),
  .primitive("prims.igamma", 2),
  .primitive("prims.igammac", 2),
  OperatorRow("prims.imag", primitivePart),
  .primitive("prims.isfinite", 1, .alwaysBool),
  .primitive("prims.le", 2, .alwaysBool),
  .primitive("prims.lgamma", 1),
  .primitive("prims.log", 1),
  .primitive("prims.log10", 1),
  .primitive("prims.log1p", 1),
  .primitive("prims.log2", 1),
  .primitive("prims.lt", 2, .alwaysBool),
  .primitive("prims.maximum", 2),
  .primitive("prims.minimum", 2),
  .primitive("prims.mul", 2),
  .primitive("prims.ndtri", 1),
  .primitive("prims.ne", 2, .alwaysBool),
  .primitive("prims.neg", 1),
  .primitive("prims.nextafter", 2),
  .primitive("prims.pow", 2),
  OperatorRow("prims.real", primitivePart),
  .primitive("prims.reciprocal", 1),
  .primitive("prims.remainder", 2),
  .primitive("prims.round", 1),
  .primitive("prims.rsqrt", 1),
  .primitive("prims.shift_left", 2),
  .primitive("prims.shift_right_arithmetic", 2),
  .primitive("prims.sign", 1),
  .primitive("prims.signbit", 1),
  .primitive("prims.sin", 1),
  .primitive("prims.sinh", 1),
  .primitive("prims.spherical_bessel_j0", 1),
  .primitive("prims.sqrt", 1),
  .primitive("prims.sub", 2),
  .primitive("prims.tan", 1),
  .primitive("prims.tanh", 1),
  .primitive("prims.trunc", 1),
  OperatorRow("prims.where", primitiveWhere),
  .primitive("prims.zeta", 2),
]

extension OperatorRow {
  fileprivate static func primitive(
    _ name: String, _ operands: Int, _ kind: PromotionKind = .common
  ) -> OperatorRow {
    OperatorRow(name) { call in
      let tensors = try (0..<operands).map { try call.tensor($0) }
      try call.requireAlike(tensors)
      return .tensor(try call.pointwise(0..<operands, kind))
    }
  }
}

extension OperatorCall {
  /// Refuses tensors of different dtypes or shapes; a 0-dim CPU tensor combines with any.
  ///
  /// Source: `_prim_elementwise_meta`, `torch/_prims/__init__.py`.
  fileprivate func requireAlike(_ tensors: [FakeTensor], dtypes: Bool = true) throws {
    guard let first = tensors.first else { return }
    for other in tensors.dropFirst() where dtypes {
      try require(
        other.dtype == first.dtype,
        "Tensor with dtype \(other.dtype.name) is not the expected dtype of \(first.dtype.name)!")
    }
    let shaped = tensors.filter { $0.rank > 0 || $0.device.type != .cpu }
    guard let model = shaped.first else { return }
    for other in shaped.dropFirst() {
      try require(
        other.rank == model.rank,
        "Shape \(shapes.shortText(of: other.sizes)) is not the expected shape \(shapes.shortText(of: model.sizes))!"
      )
      for dim in model.sizes.indices {
        try check(
          shapes.eq(other.sizes[dim], model.sizes[dim]),
          "Shape \(shapes.shortText(of: other.sizes)) is not the expected shape \(shapes.shortText(of: model.sizes))!"
        )
      }
    }
  }
}

/// `prims.where(Tensor pred, Tensor a, Tensor b)`.
@Sendable
private func primitiveWhere(_ call: OperatorCall) throws -> FakeValue {
  let (condition, first, second) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
  try call.requireAlike([first, second])
  try call.requireAlike([condition, first, second], dtypes: false)
  return .tensor(try call.pointwise([condition, first, second], dtype: first.dtype))
}

/// `prims.real(Tensor self)`, `prims.imag`: the parts of complex numbers, in a new tensor.
@Sendable
private func primitivePart(_ call: OperatorCall) throws -> FakeValue {
  .tensor(try call.pointwise(0..<1, .complexToFloat, refuses: [.bool, .integer, .float]))
}

/// `prims.conj_physical(Tensor self)`: complex numbers only.
@Sendable
private func primitiveConjugate(_ call: OperatorCall) throws -> FakeValue {
  .tensor(try call.pointwise(0..<1, refuses: [.bool, .integer, .float]))
}
