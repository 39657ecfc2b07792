/// The functions an expression may call: PyTorch's `torch.utils._sympy.functions` and the few of
/// sympy's own that archives contain.
public enum SymFunction: UInt8, CaseIterable, Sendable {
  case floorDiv, cleanDiv, ceilDiv, mod, pythonMod, modularIndexing
  case `where`, piecewise
  case max, min, abs, floor, ceiling, identity
  case pow, powByNatural, floatPow, floatTrueDiv, intTrueDiv
  case lShift, rShift, bitwiseAnd, bitwiseOr, bitwiseXor
  case isNonOverlappingAndDenseIndicator
  case truncToFloat, truncToInt, ceilToInt, floorToInt, roundToInt, roundDecimal, toFloat
  case sqrt, cos, cosh, sin, sinh, tan, tanh, asin, acos, atan, exp, log, asinh, log2

  /// The class name, as `str` and `srepr` print it.
  public var name: String {
    switch self {
    case .floorDiv: "FloorDiv"
    case .cleanDiv: "CleanDiv"
    case .ceilDiv: "CeilDiv"
    case .mod: "Mod"
    case .pythonMod: "PythonMod"
    case .modularIndexing: "ModularIndexing"
    case .where: "Where"
    case .piecewise: "Piecewise"
    case .max: "Max"
    case .min: "Min"
    case .abs: "Abs"
    case .floor: "floor"
    case .ceiling: "ceiling"
    case .identity: "Identity"
    case .pow: "Pow"
    case .powByNatural: "PowByNatural"
    case .floatPow: "FloatPow"
    case .floatTrueDiv: "FloatTrueDiv"
    case .intTrueDiv: "IntTrueDiv"
    case .lShift: "LShift"
    case .rShift: "RShift"
    case .bitwiseAnd: "BitwiseFn_bitwise_and"
    case .bitwiseOr: "BitwiseFn_bitwise_or"
    case .bitwiseXor: "BitwiseFn_bitwise_xor"
    case .isNonOverlappingAndDenseIndicator: "IsNonOverlappingAndDenseIndicator"
    case .truncToFloat: "TruncToFloat"
    case .truncToInt: "TruncToInt"
    case .ceilToInt: "CeilToInt"
    case .floorToInt: "FloorToInt"
    case .roundToInt: "RoundToInt"
    case .roundDecimal: "RoundDecimal"
    case .toFloat: "ToFloat"
    case .sqrt: "OpaqueUnaryFn_sqrt"
    case .cos: "OpaqueUnaryFn_cos"
    case .cosh: "OpaqueUnaryFn_cosh"
    case .sin: "OpaqueUnaryFn_sin"
    case .sinh: "OpaqueUnaryFn_sinh"
    case .tan: "OpaqueUnaryFn_tan"
    case .tanh: "OpaqueUnaryFn_tanh"
    case .asin: "OpaqueUnaryFn_asin"
    case .acos: "OpaqueUnaryFn_acos"
    case .atan: "OpaqueUnaryFn_atan"
    case .exp: "OpaqueUnaryFn_exp"
    case .log: "OpaqueUnaryFn_log"
    case .asinh: "OpaqueUnaryFn_asinh"
    case .log2: "OpaqueUnaryFn_log2"
    }
  }

  /// The function with this class name, or with a name that Python code uses (`sym_max`, `abs`).
  public init?(name: some StringProtocol) {
    guard let function = Self.byName[String(name)] else { return nil }
    self = function
  }

  private static let byName: [String: SymFunction] = {
    var table: [String: SymFunction] = [:]
    for function in allCases { table[function.name] = function }
    table["sym_max"] = .max
    table["sym_min"] = .min
    table["max"] = .max
    table["min"] = .min
    table["abs"] = .abs
    table["sym_float"] = .toFloat
    return table
  }()

  /// The number of arguments that a call takes.
  public var arity: ClosedRange<Int> {
    switch self {
    case .max, .min: 1...Int.max
    case .piecewise, .isNonOverlappingAndDenseIndicator: 2...Int.max
    case .modularIndexing, .where: 3...3
    case .floorDiv, .cleanDiv, .ceilDiv, .mod, .pythonMod, .pow, .powByNatural, .floatPow, .floatTrueDiv,
      .intTrueDiv, .lShift, .rShift, .bitwiseAnd, .bitwiseOr, .bitwiseXor, .roundDecimal:
      2...2
    default: 1...1
    }
  }

  /// The kind of value that a call returns; nil if that follows from the arguments.
  var resultSort: SymSort? {
    switch self {
    case .floorDiv, .cleanDiv, .ceilDiv, .mod, .pythonMod, .modularIndexing, .powByNatural, .lShift, .rShift,
      .isNonOverlappingAndDenseIndicator, .truncToInt, .ceilToInt, .floorToInt, .roundToInt, .floor, .ceiling:
      .int
    case .where, .piecewise, .max, .min, .abs, .identity, .pow, .bitwiseAnd, .bitwiseOr, .bitwiseXor: nil
    default: .float
    }
  }

  /// Whether the order of the arguments is irrelevant.
  var isExtremum: Bool { self == .max || self == .min }

  /// Whether the function is one of `OpaqueUnaryFn_*`.
  var isOpaqueUnary: Bool { rawValue >= SymFunction.sqrt.rawValue }
}

/// The six comparisons.
public enum RelationKind: UInt8, CaseIterable, Sendable {
  case eq, ne, lt, le, gt, ge

  /// The relation `r` for which `a op b` is `b r a`.
  public var mirrored: RelationKind {
    switch self {
    case .eq, .ne: self
    case .lt: .gt
    case .le: .ge
    case .gt: .lt
    case .ge: .le
    }
  }

  /// The relation `r` for which `not (a op b)` is `a r b`.
  public var negated: RelationKind {
    switch self {
    case .eq: .ne
    case .ne: .eq
    case .lt: .ge
    case .ge: .lt
    case .gt: .le
    case .le: .gt
    }
  }

  /// Whether it is one of `<`, `<=`, `>`, `>=`.
  public var isInequality: Bool { self != .eq && self != .ne }

  /// Python's operator.
  public var symbol: String {
    switch self {
    case .eq: "=="
    case .ne: "!="
    case .lt: "<"
    case .le: "<="
    case .gt: ">"
    case .ge: ">="
    }
  }

  /// sympy's class name, as `srepr` prints it.
  public var name: String {
    switch self {
    case .eq: "Equality"
    case .ne: "Unequality"
    case .lt: "StrictLessThan"
    case .le: "LessThan"
    case .gt: "StrictGreaterThan"
    case .ge: "GreaterThan"
    }
  }

  /// Whether the relation holds between two values.
  @inlinable
  public func holds<Value: Comparable>(_ a: Value, _ b: Value) -> Bool {
    switch self {
    case .eq: a == b
    case .ne: a != b
    case .lt: a < b
    case .le: a <= b
    case .gt: a > b
    case .ge: a >= b
    }
  }
}
