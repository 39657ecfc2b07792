// Temporary stand-in for the arena; delete this file when the real one lands.
/// A handle to an integer, float or boolean expression of one ``ExprArena``.
///
/// Handles of one arena are equal exactly when the normal forms of the expressions are, so `==`
/// compares one integer. Small integers need no arena at all: they are in the handle.
///
/// ```
/// 1vvv vvvv … vvvv   the integer v, 31 bits in two's complement
/// 0iii iiii … iiii   record i of the arena
/// ```
@frozen
public struct SymExpr: Hashable, Sendable {
  public let bits: UInt32

  @inlinable
  public init(bits: UInt32) { self.bits = bits }

  @usableFromInline static let smallFlag: UInt32 = 0x8000_0000

  /// The handle of an integer of at most 31 bits, or nil when `value` is larger.
  @inlinable
  public init?(small value: Int) {
    guard value >= -0x4000_0000, value < 0x4000_0000 else { return nil }
    bits = UInt32(truncatingIfNeeded: value) | SymExpr.smallFlag
  }

  /// The integer in the handle itself, or nil for everything else.
  @inlinable
  public var small: Int? {
    bits >= SymExpr.smallFlag ? Int(Int32(bitPattern: bits << 1) >> 1) : nil
  }

  /// The place of the record in the arena; meaningless for small integers.
  @inlinable
  var index: Int { Int(bits) }
}

extension SymExpr {
  public static let zero = SymExpr(bits: 0x8000_0000)
  public static let one = SymExpr(bits: 0x8000_0001)
  public static let minusOne = SymExpr(bits: 0xFFFF_FFFF)
  public static let `true` = SymExpr(bits: 0)
  public static let `false` = SymExpr(bits: 1)
  /// A number that does not fit 64 bits. It absorbs arithmetic, and a relation on it stays open.
  public static let tooLarge = SymExpr(bits: 2)
  /// PyTorch's `int_oo`, the end of an integer range that has none.
  public static let intInfinity = SymExpr(bits: 3)
  public static let negativeIntInfinity = SymExpr(bits: 4)
  /// sympy's `oo`, a float.
  public static let infinity = SymExpr(bits: 5)
  public static let negativeInfinity = SymExpr(bits: 6)
  public static let nan = SymExpr(bits: 7)

  /// The constant of a truth value.
  @inlinable
  public init(_ value: Bool) { self.init(bits: value ? 0 : 1) }
}

/// A symbol of one ``ExprArena``, numbered in the order of creation.
@frozen
public struct Symbol: Hashable, Sendable, Comparable {
  public let index: UInt32

  @inlinable
  public init(index: UInt32) { self.index = index }

  @inlinable
  public static func < (a: Symbol, b: Symbol) -> Bool { a.index < b.index }
}

/// What is known of a symbol from its birth: sympy's assumptions, and whether it has a hint.
public struct SymbolAssumptions: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let integer = SymbolAssumptions(rawValue: 1)
  public static let real = SymbolAssumptions(rawValue: 2)
  public static let positive = SymbolAssumptions(rawValue: 4)
  public static let nonnegative = SymbolAssumptions(rawValue: 8)
  /// Data-dependent: no hint exists.
  public static let unbacked = SymbolAssumptions(rawValue: 16)
  /// A float, even when sympy was told nothing (`zuf0`).
  public static let float = SymbolAssumptions(rawValue: 32)
  public static let negative = SymbolAssumptions(rawValue: 64)
  public static let nonpositive = SymbolAssumptions(rawValue: 128)
}

/// What kind of value an expression has.
public enum SymSort: UInt8, Sendable {
  case int, float, bool
}
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

  /// The function of a class name; also the names Python code uses (`sym_max`, `abs`).
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

  /// How many arguments a call takes.
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

  /// What a call returns; nil when that follows from the arguments.
  var resultSort: SymSort? {
    switch self {
    case .floorDiv, .cleanDiv, .ceilDiv, .mod, .pythonMod, .modularIndexing, .powByNatural, .lShift, .rShift,
      .isNonOverlappingAndDenseIndicator, .truncToInt, .ceilToInt, .floorToInt, .roundToInt, .floor, .ceiling:
      .int
    case .where, .piecewise, .max, .min, .abs, .identity, .pow, .bitwiseAnd, .bitwiseOr, .bitwiseXor: nil
    default: .float
    }
  }

  /// Whether this is one of `OpaqueUnaryFn_*`.
  var isOpaqueUnary: Bool { rawValue >= SymFunction.sqrt.rawValue }
}

/// The six comparisons.
public enum RelationKind: UInt8, CaseIterable, Sendable {
  case eq, ne, lt, le, gt, ge

  /// `a op b` is `b mirrored a`.
  public var mirrored: RelationKind {
    switch self {
    case .eq, .ne: self
    case .lt: .gt
    case .le: .ge
    case .gt: .lt
    case .ge: .le
    }
  }

  /// `not (a op b)` is `a negated b`.
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
public struct IntRange: Hashable, Sendable { public var lower: Int; public var upper: Int
  public init(lower: Int, upper: Int) { self.lower = lower; self.upper = upper }
  public static let unbounded = IntRange(lower: .min, upper: .max)
  public func isSubset(of o: IntRange) -> Bool { true } }
public struct FloatRange: Hashable, Sendable { public var lower: Double; public var upper: Double; public static let unbounded = FloatRange(lower: 0, upper: 0) }
public enum ValueRange: Hashable, Sendable { case int(IntRange), float(FloatRange), bool(canBeFalse: Bool, canBeTrue: Bool) }
public struct SymbolRanges: Sendable { public var ranges: ContiguousArray<ValueRange> = []; public var version: UInt32 = 0; public init() {} }
public enum Number: Hashable, Sendable { case int(Int), float(Double), bool(Bool) }
public enum ExprView { case integer(Int), float(Double), boolean(Bool), symbol(Symbol), add([SymExpr]), mul([SymExpr]), pow(SymExpr, Int), call(SymFunction, [SymExpr]), relation(RelationKind, SymExpr, SymExpr), and([SymExpr]), or([SymExpr]), not(SymExpr), tooLarge }
public struct ExpressionParseError: Error {}
extension ExprArena {
  public func view(of e: SymExpr) -> ExprView { .tooLarge }
  public mutating func range(of e: SymExpr, in: borrowing SymbolRanges) -> ValueRange { .int(.unbounded) }
  public mutating func canonicalBool(_ e: SymExpr) -> SymExpr { e }
  public mutating func impliedFacts(of e: SymExpr) -> [(SymExpr, Bool)] { [] }
  public mutating func trySolve(_ r: SymExpr, for t: SymExpr, floorDivInequality: Bool = true) -> (RelationKind, SymExpr)? { nil }
  public mutating func substitute(_ e: SymExpr, _ f: (Symbol) -> SymExpr?) -> SymExpr { e }
  public mutating func replace(_ e: SymExpr, atom: SymExpr, with: SymExpr) -> SymExpr { e }
  public func evaluate(_ e: SymExpr, _ v: (Symbol) -> Number?) -> Number? { nil }
  public func text(of e: SymExpr) -> String { "" }
  public mutating func parseSrepr(_ t: String) throws(ExpressionParseError) -> SymExpr { .zero }
  public mutating func parse(_ t: String, unknownSymbol: (String) -> SymExpr?) throws(ExpressionParseError) -> SymExpr { .zero }
  public func atoms(of e: SymExpr, calling: SymFunction) -> [SymExpr] { [] }
  public func isNonlinear(_ e: SymExpr) -> Bool { false }
  public func isInteger(_ e: SymExpr) -> Bool { false }
}

public struct ExprArena: ~Copyable { public init() {} }
extension ExprArena {
  public mutating func symbol(_ name: String, _ assumptions: SymbolAssumptions = .integer) -> SymExpr { .zero }
  public func symbol(named name: String) -> SymExpr? { nil }
  public var symbolCount: Int { 0 }
  public func name(of symbol: Symbol) -> String { "" }
  public func assumptions(of symbol: Symbol) -> SymbolAssumptions { [] }
  public func handle(of symbol: Symbol) -> SymExpr { .zero }
  public func asSymbol(_ e: SymExpr) -> Symbol? { nil }
  public func hasSymbols(_ e: SymExpr) -> Bool { false }
  public func hasUnbacked(_ e: SymExpr) -> Bool { false }
  public func freeSymbols(of e: SymExpr) -> [Symbol] { [] }
  public func integerValue(of e: SymExpr) -> Int? { nil }
  public func booleanValue(of e: SymExpr) -> Bool? { nil }
  public mutating func add(_ a: SymExpr, _ b: SymExpr) -> SymExpr { a }
  public mutating func sub(_ a: SymExpr, _ b: SymExpr) -> SymExpr { a }
  public mutating func mul(_ a: SymExpr, _ b: SymExpr) -> SymExpr { a }
  public mutating func floorDiv(_ a: SymExpr, _ b: SymExpr) -> SymExpr { a }
  public mutating func cleanDiv(_ a: SymExpr, _ b: SymExpr) -> SymExpr { a }
  public mutating func ceilDiv(_ a: SymExpr, _ b: SymExpr) -> SymExpr { a }
  public mutating func mod(_ a: SymExpr, _ b: SymExpr) -> SymExpr { a }
  public mutating func pythonMod(_ a: SymExpr, _ b: SymExpr) -> SymExpr { a }
  public mutating func max(_ a: SymExpr, _ b: SymExpr) -> SymExpr { a }
  public mutating func min(_ a: SymExpr, _ b: SymExpr) -> SymExpr { a }
  public mutating func eq(_ a: SymExpr, _ b: SymExpr) -> SymExpr { a }
  public mutating func ne(_ a: SymExpr, _ b: SymExpr) -> SymExpr { a }
  public mutating func lt(_ a: SymExpr, _ b: SymExpr) -> SymExpr { a }
  public mutating func le(_ a: SymExpr, _ b: SymExpr) -> SymExpr { a }
  public mutating func gt(_ a: SymExpr, _ b: SymExpr) -> SymExpr { a }
  public mutating func ge(_ a: SymExpr, _ b: SymExpr) -> SymExpr { a }
  public mutating func integer(_ a: Int) -> SymExpr { .zero }
  public mutating func float(_ a: Double) -> SymExpr { .zero }
  public mutating func `where`(_ a: SymExpr, _ b: SymExpr, _ c: SymExpr) -> SymExpr { .zero }
  public mutating func and(_ a: [SymExpr]) -> SymExpr { .zero }
  public mutating func or(_ a: [SymExpr]) -> SymExpr { .zero }
  public mutating func not(_ a: SymExpr) -> SymExpr { .zero }
}
