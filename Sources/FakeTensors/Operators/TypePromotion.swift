public import SymbolicShapes
public import TensorVocabulary

/// How the dtype of an elementwise result follows from the dtypes of its operands.
///
/// Source: `ELEMENTWISE_TYPE_PROMOTION_KIND` and `elementwise_dtypes`, `torch/_prims_common`.
public enum PromotionKind: Sendable {
  /// The operands' common dtype.
  case common
  /// The common dtype; integers and booleans become the default float.
  case intToFloat
  /// The common dtype; complex dtypes become that of their real part.
  case complexToFloat
  /// The common dtype; booleans become int64.
  case boolToLong
  /// Always `bool`.
  case alwaysBool
}

/// Collects operands and computes their common dtype.
///
/// Tensors with dims take precedence over tensors without dims, and those over numbers. Operands of lower precedence
/// change the result only if they have a higher category (bool < int < float < complex).
public struct TypePromotion {
  private var dimensioned: ScalarType?
  private var scalar: ScalarType?
  private var number: ScalarCategory?
  private let halvesBrainFloat: Bool

  /// Starts without operands, with the rules of one version of PyTorch.
  public init(_ profile: SemanticProfile) { halvesBrainFloat = profile.has(.halvesComplexOfBrainFloat) }

  /// Adds an operand.
  public mutating func add(_ tensor: FakeTensor) { add(tensor.dtype, rank: tensor.rank) }

  /// Adds an operand.
  public mutating func add(_ dtype: ScalarType, rank: Int) {
    if rank > 0 {
      dimensioned = dimensioned.map { ScalarType.promote($0, dtype) ?? $0 } ?? dtype
    } else {
      scalar = scalar.map { ScalarType.promote($0, dtype) ?? $0 } ?? dtype
    }
  }

  /// Adds an operand.
  public mutating func add(_ category: ScalarCategory) { number = Swift.max(number ?? .bool, category) }

  /// The common dtype.
  ///
  /// Source: `at::native::result_type`.
  public var result: ScalarType {
    let numberType: ScalarType? = number.map {
      switch $0 {
      case .bool: .bool
      case .int: .int64
      case .float: .float32
      case .complex: .complex64
      }
    }
    return combine(combine(dimensioned, scalar), numberType) ?? .float32
  }

  /// The dtype of the result under a kind of promotion.
  public func result(_ kind: PromotionKind) -> ScalarType {
    switch kind {
    case .common: result
    case .intToFloat: result.isIntegral || result.isBool ? .float32 : result
    case .complexToFloat: result.isComplex ? result.toReal : result
    case .boolToLong: result.isBool ? .int64 : result
    case .alwaysBool: .bool
    }
  }

  /// The dtype used in the computation: 16-bit floats are computed in 32 bits.
  ///
  /// Source: `get_computation_dtype`.
  public func computation(_ kind: PromotionKind) -> ScalarType {
    switch kind == .intToFloat ? result(kind) : result {
    case .float16, .bfloat16: .float32
    case .complex32, .bcomplex32: .complex64
    case let dtype: dtype
    }
  }

  /// The dtype with precedence, unless the other has a higher category.
  private func combine(_ higher: ScalarType?, _ lower: ScalarType?) -> ScalarType? {
    guard let higher else { return lower }
    guard let lower, let low = lower.category, let high = higher.category, low > high else { return higher }
    if low == .complex, higher.isFloatingPoint {
      return higher == .bfloat16 && halvesBrainFloat ? .bcomplex32 : higher.toComplex
    }
    return ScalarType.promote(higher, lower) ?? higher
  }
}

extension OperatorCall {
  /// The complex dtype whose parts are of `dtype`.
  ///
  /// - Source: `toComplexType`, `c10/core/ScalarType.h`.
  public func complexType(of dtype: ScalarType) -> ScalarType? {
    dtype == .bfloat16 && has(.halvesComplexOfBrainFloat) ? .bcomplex32 : dtype.toComplex
  }
}

extension ScalarType {
  /// Whether a result of this dtype may be written to a tensor of dtype `target`: no complex number into a real dtype,
  /// no float into an integer dtype, only booleans into `bool`.
  ///
  /// Source: `c10::canCast`.
  public func canCast(to target: ScalarType) -> Bool {
    guard let own = category, let other = target.category else { return self == target }
    return own <= other
  }

  /// Whether an in-place operator may store a result of this dtype in a tensor of dtype `target`.
  func canCast(to target: ScalarType, _ cast: InplaceLaw.Cast) -> Bool {
    switch cast {
    case .unchecked: true
    case .checked: canCast(to: target)
    case .checkedButComplex: canCast(to: target) || (isComplex && !target.isBool)
    }
  }
}
