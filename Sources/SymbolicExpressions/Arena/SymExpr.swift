/// A handle to an integer, float or boolean expression of one ``ExprArena``.
///
/// Handles of one arena are equal exactly when the normal forms of the expressions are, so `==`
/// compares one integer. Small integers need no arena: they are stored in the handle.
///
/// ```
/// 1vvv vvvv … vvvv   the integer v, 31 bits in two's complement
/// 0iii iiii … iiii   record i of the arena
/// ```
///
/// Debug builds refuse a handle that is used in another arena.
@frozen
public struct SymExpr: Hashable, Sendable {
  /// The stored bits.
  public let bits: UInt32

  /// The arena, in debug builds.
  @usableFromInline let mark: ArenaMark

  /// The handle with these ``bits``.
  @inlinable
  public init(bits: UInt32) { self.init(bits: bits, ArenaMark()) }

  @inlinable
  init(bits: UInt32, _ mark: ArenaMark) { (self.bits, self.mark) = (bits, mark) }

  /// Whether both are handles of one expression.
  @inlinable
  public static func == (a: SymExpr, b: SymExpr) -> Bool { a.bits == b.bits }

  /// Hashes the bits.
  @inlinable
  public func hash(into hasher: inout Hasher) { hasher.combine(bits) }

  @usableFromInline static let smallFlag: UInt32 = 0x8000_0000

  /// The handle of an integer of at most 31 bits; nil if `value` is larger.
  @inlinable
  public init?(small value: Int) {
    guard value >= -0x4000_0000, value < 0x4000_0000 else { return nil }
    self.init(bits: UInt32(truncatingIfNeeded: value) | SymExpr.smallFlag)
  }

  /// The integer in the handle itself; nil for anything else.
  @inlinable
  public var small: Int? {
    bits >= SymExpr.smallFlag ? Int(Int32(bitPattern: bits << 1) >> 1) : nil
  }

  /// The slot of an expression with these operands in a hash index: that of the newer operand, shifted by the other one
  /// if that is a small integer.
  ///
  /// Expressions that are used together were usually created together and have nearby handles. Slots derived from the
  /// handles keep them close in memory; a hash would scatter them over the whole index.
  static func place(_ a: UInt32, _ b: UInt32) -> UInt32 {
    (a | b) & smallFlag == 0 ? Swift.max(a, b) : a &+ b
  }

  /// The index of the record in the arena; meaningless for small integers.
  @inlinable
  var index: Int { Int(bits) }
}

extension SymExpr: CustomStringConvertible {
  /// The integer, the constant, or the number of the expression; only the arena knows its text.
  public var description: String {
    if let value = small { return "\(value)" }
    return index < 8 ? ExpressionPrinter.name(ofConstant: self) : "expression #\(bits)"
  }
}

extension SymExpr {
  /// The integer 0.
  @inlinable public static var zero: SymExpr { SymExpr(bits: 0x8000_0000) }
  /// The integer 1.
  @inlinable public static var one: SymExpr { SymExpr(bits: 0x8000_0001) }
  /// The integer −1.
  @inlinable public static var minusOne: SymExpr { SymExpr(bits: 0xFFFF_FFFF) }
  /// The condition that always holds.
  @inlinable public static var `true`: SymExpr { SymExpr(bits: 0) }
  /// The condition that never holds.
  @inlinable public static var `false`: SymExpr { SymExpr(bits: 1) }
  /// A number that does not fit 64 bits.
  ///
  /// It absorbs arithmetic, and a relation on it stays open.
  @inlinable public static var tooLarge: SymExpr { SymExpr(bits: 2) }
  /// PyTorch's `int_oo`, the bound of an integer range without one.
  @inlinable public static var intInfinity: SymExpr { SymExpr(bits: 3) }
  /// PyTorch's `-int_oo`.
  @inlinable public static var negativeIntInfinity: SymExpr { SymExpr(bits: 4) }
  /// sympy's `oo`, a float.
  @inlinable public static var infinity: SymExpr { SymExpr(bits: 5) }
  /// sympy's `-oo`.
  @inlinable public static var negativeInfinity: SymExpr { SymExpr(bits: 6) }
  /// Not a number.
  @inlinable public static var nan: SymExpr { SymExpr(bits: 7) }

  /// The constant for a boolean.
  @inlinable
  public init(_ value: Bool) { self.init(bits: value ? 0 : 1) }
}

extension SymExpr {
  /// A symbol of one ``ExprArena``, numbered in the order of creation.
  @frozen
  public struct Symbol: Hashable, Sendable, Comparable {
    /// The index among the arena's symbols.
    public let index: UInt32

    /// The symbol with this number.
    @inlinable
    public init(index: UInt32) { self.index = index }

    /// Orders by number, which is the order of creation.
    @inlinable
    public static func < (a: Symbol, b: Symbol) -> Bool { a.index < b.index }
  }
}

/// The assumptions with which a symbol is created: those of sympy, and whether it has a hint.
public struct SymbolAssumptions: OptionSet, Hashable, Sendable {
  /// One bit for each assumption.
  public let rawValue: UInt8

  /// The assumptions with these bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// It is an integer.
  public static let integer = SymbolAssumptions(rawValue: 1)
  /// It is a real number.
  public static let real = SymbolAssumptions(rawValue: 2)
  /// It is above 0.
  public static let positive = SymbolAssumptions(rawValue: 4)
  /// It is 0 or above.
  public static let nonnegative = SymbolAssumptions(rawValue: 8)
  /// Data-dependent: no hint exists.
  public static let unbacked = SymbolAssumptions(rawValue: 16)
  /// A float, even if sympy was not told so (`zuf0`).
  public static let float = SymbolAssumptions(rawValue: 32)
  /// It is below 0.
  public static let negative = SymbolAssumptions(rawValue: 64)
  /// It is 0 or below.
  public static let nonpositive = SymbolAssumptions(rawValue: 128)
}

/// The kind of value that an expression has.
public enum SymSort: UInt8, Sendable {
  case int, float, bool
}
