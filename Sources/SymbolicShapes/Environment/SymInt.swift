public import SymbolicExpressions

/// An integer that may be symbolic: a size, a stride, an offset or an integer argument.
///
/// A constant is stored as itself, so arithmetic on concrete shapes never touches an arena. Any other value is the
/// handle of an expression in the arena of one ``ShapeEnv``. Constants are always stored inline, so two values of one
/// environment are equal exactly when their normal forms are.
///
/// ```text
/// Int.min + 2³² … Int.max    the constant itself
/// Int.min … Int.min + 2³²−1  an expression: the low 32 bits are its handle
/// ```
///
/// Debug builds store the number of the environment in the eight bits above the handle and refuse a value that is used
/// in another environment. Comparison and hashing ignore these bits.
@frozen
public struct SymInt: Hashable, Sendable, ExpressibleByIntegerLiteral {
  @usableFromInline let bits: Int

  @inlinable
  init(bits: Int) { self.bits = bits }

  #if DEBUG
    @inlinable static var firstConstant: Int { Int.min + (1 << 40) }

    /// The value of `expression`, which belongs to the environment with this number.
    @inlinable
    init(symbolic expression: SymExpr, of environment: UInt8) {
      bits = Int.min | Int(environment) << 32 | Int(expression.bits)
    }

    /// Whether the value may be used in the environment with this number; constants may be used in all.
    @inlinable
    func belongs(to environment: UInt8) -> Bool {
      guard isSymbolic else { return true }
      let owner = UInt8(truncatingIfNeeded: bits >> 32)
      return owner == 0 || owner == environment
    }

    /// Whether both are the same constant, or the same expression of one environment.
    @inlinable
    public static func == (a: SymInt, b: SymInt) -> Bool { a.word == b.word }

    /// Hashes the constant or the handle.
    @inlinable
    public func hash(into hasher: inout Hasher) { hasher.combine(word) }
  #else
    @inlinable static var firstConstant: Int { Int.min + (1 << 32) }
  #endif

  /// A word that is equal for equal values of one environment.
  @inlinable
  public var word: UInt64 {
    isSymbolic ? UInt64(UInt32(truncatingIfNeeded: bits)) | 1 << 63 : UInt64(bitPattern: Int64(bits))
  }

  /// Creates a constant.
  ///
  /// Values too close to `Int.min` to be stored become ``tooLarge``.
  @inlinable
  public init(_ value: Int) {
    bits = value >= Self.firstConstant ? value : Int.min | Int(SymExpr.tooLarge.bits)
  }

  /// Creates a constant from a literal.
  @inlinable
  public init(integerLiteral value: Int) { self.init(value) }

  /// The symbolic value of `expression`, which must not be an integer constant.
  @inlinable
  init(symbolic expression: SymExpr) { bits = Int.min | Int(expression.bits) }

  /// The result of an integer operation that overflows 64 bits.
  ///
  /// It equals nothing and decides nothing.
  @inlinable
  public static var tooLarge: SymInt { SymInt(symbolic: .tooLarge) }

  /// The value, if it is a constant.
  @inlinable
  public var constant: Int? { bits >= Self.firstConstant ? bits : nil }

  /// Whether the value is a constant for which `condition` holds.
  @inlinable
  public func isKnown(_ condition: (Int) -> Bool) -> Bool { constant.map(condition) == true }

  /// Whether the value depends on symbols.
  @inlinable
  public var isSymbolic: Bool { bits < Self.firstConstant }

  /// The handle of a value that is not a constant.
  @inlinable
  public var symbolicExpression: SymExpr? { isSymbolic ? handle : nil }

  /// The handle; meaningless for a constant.
  @inlinable var handle: SymExpr { SymExpr(bits: UInt32(truncatingIfNeeded: bits)) }
}

extension SymInt: CustomStringConvertible {
  /// The number if it is a constant; `…` for an expression, which ``ShapeEnv/text(of:)-(SymInt)`` and
  /// ``SizeExpression`` print.
  public var description: String { constant.map { "\($0)" } ?? "…" }
}

/// A floating-point number that may be symbolic: the handle of an expression.
@frozen
public struct SymFloat: Hashable, Sendable {
  /// The handle in the arena.
  public let expression: SymExpr

  /// Creates a value from a handle.
  @inlinable
  public init(_ expression: SymExpr) { self.expression = expression }
}

/// A truth value that may be symbolic: the handle of an expression.
@frozen
public struct SymBool: Hashable, Sendable, ExpressibleByBooleanLiteral {
  /// The handle in the arena.
  public let expression: SymExpr

  /// Creates a value from a handle.
  @inlinable
  public init(_ expression: SymExpr) { self.expression = expression }

  /// Makes the value.
  @inlinable
  public init(booleanLiteral value: Bool) { self.init(value) }

  /// Makes the value.
  @inlinable
  public init(_ value: Bool) { expression = value ? .true : .false }

  /// The value, if it is a constant.
  @inlinable
  public var constant: Bool? {
    expression == .true ? true : expression == .false ? false : nil
  }
}
