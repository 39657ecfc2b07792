public import SymbolicExpressions

/// A size together with its environment, for arithmetic.
///
/// A ``SymInt`` is only a handle. This value knows its environment, so it has operators and prints as PyTorch does:
///
/// ```swift
/// let n = try shapes.size("s0")
/// let rows = (2 * n + 1).floorDiv(4)
/// print(rows)                      // ((2*s0 + 1)//4)
/// print((rows .>= 1).truth)      // true, false, or nil where it depends on s0
/// let sizes: Sizes = [rows.value, 16]
/// ```
///
/// Nothing is guarded on; ``ShapeEnv/evaluate(_:)`` decides a condition as a program would.
///
/// Both operands of an operator must belong to the same environment.
public struct SizeExpression {
  /// The size as tensors hold it.
  public let value: SymInt
  /// The environment of its symbols.
  public let shapes: ShapeEnv

  /// Creates a size from `value`, which belongs to `shapes`.
  public init(_ value: SymInt, in shapes: ShapeEnv) {
    self.value = value
    self.shapes = shapes
  }

  /// Its handle in the environment's arena.
  public var expression: SymExpr { shapes.expression(value) }

  private func with(
    _ other: SizeExpression, _ operation: (ShapeEnv, SymInt, SymInt) -> SymInt
  ) -> SizeExpression {
    precondition(shapes === other.shapes, "sizes of two environments cannot be combined")
    return SizeExpression(operation(shapes, value, other.value), in: shapes)
  }

  private func compared(
    _ other: SizeExpression, _ operation: (ShapeEnv, SymInt, SymInt) -> SymBool
  ) -> SizeCondition {
    precondition(shapes === other.shapes, "sizes of two environments cannot be compared")
    return SizeCondition(operation(shapes, value, other.value), in: shapes)
  }

  private func constant(_ value: Int) -> SizeExpression { SizeExpression(SymInt(value), in: shapes) }
}

extension SizeExpression: CustomStringConvertible {
  /// The expression as PyTorch prints it: `2*u0 + 1`.
  public var description: String { shapes.text(of: value) }
}

extension SizeExpression {
  /// `a + b`.
  public static func + (a: SizeExpression, b: SizeExpression) -> SizeExpression {
    a.with(b) { $0.add($1, $2) }
  }
  /// `a + b`.
  public static func + (a: SizeExpression, b: Int) -> SizeExpression { a + a.constant(b) }
  /// `a + b`.
  public static func + (a: Int, b: SizeExpression) -> SizeExpression { b.constant(a) + b }
  /// `a - b`.
  public static func - (a: SizeExpression, b: SizeExpression) -> SizeExpression {
    a.with(b) { $0.sub($1, $2) }
  }
  /// `a - b`.
  public static func - (a: SizeExpression, b: Int) -> SizeExpression { a - a.constant(b) }
  /// `a - b`.
  public static func - (a: Int, b: SizeExpression) -> SizeExpression { b.constant(a) - b }
  /// `-a`.
  public static prefix func - (a: SizeExpression) -> SizeExpression { 0 - a }
  /// `a * b`.
  public static func * (a: SizeExpression, b: SizeExpression) -> SizeExpression {
    a.with(b) { $0.mul($1, $2) }
  }
  /// `a * b`.
  public static func * (a: SizeExpression, b: Int) -> SizeExpression { a * a.constant(b) }
  /// `a * b`.
  public static func * (a: Int, b: SizeExpression) -> SizeExpression { b.constant(a) * b }
  /// `a % b` as in Python: the result has the sign of `b`.
  public static func % (a: SizeExpression, b: SizeExpression) -> SizeExpression {
    a.with(b) { $0.remainder($1, $2) }
  }
  /// `a % b` as in Python: the result has the sign of `b`.
  public static func % (a: SizeExpression, b: Int) -> SizeExpression { a % a.constant(b) }

  /// Python's `self // divisor`, which rounds down.
  public func floorDiv(_ divisor: SizeExpression) -> SizeExpression { with(divisor) { $0.floorDiv($1, $2) } }
  /// Python's `self // divisor`, which rounds down.
  public func floorDiv(_ divisor: Int) -> SizeExpression { floorDiv(constant(divisor)) }
  /// `self / divisor`, rounded up.
  public func ceilDiv(_ divisor: SizeExpression) -> SizeExpression { with(divisor) { $0.ceilDiv($1, $2) } }
  /// `self / divisor`, rounded up.
  public func ceilDiv(_ divisor: Int) -> SizeExpression { ceilDiv(constant(divisor)) }
  /// The larger of two sizes.
  public func max(_ other: SizeExpression) -> SizeExpression { with(other) { $0.max($1, $2) } }
  /// The larger of two sizes.
  public func max(_ other: Int) -> SizeExpression { max(constant(other)) }
  /// The smaller of two sizes.
  public func min(_ other: SizeExpression) -> SizeExpression { with(other) { $0.min($1, $2) } }
  /// The smaller of two sizes.
  public func min(_ other: Int) -> SizeExpression { min(constant(other)) }

  /// `a == b`, as a condition.
  public static func .== (a: SizeExpression, b: SizeExpression) -> SizeCondition {
    a.compared(b) { $0.eq($1, $2) }
  }
  /// `a == b`, as a condition.
  public static func .== (a: SizeExpression, b: Int) -> SizeCondition { a .== a.constant(b) }
  /// `a != b`, as a condition.
  public static func .!= (a: SizeExpression, b: SizeExpression) -> SizeCondition {
    a.compared(b) { $0.ne($1, $2) }
  }
  /// `a != b`, as a condition.
  public static func .!= (a: SizeExpression, b: Int) -> SizeCondition { a .!= a.constant(b) }
  /// `a < b`, as a condition.
  public static func .< (a: SizeExpression, b: SizeExpression) -> SizeCondition {
    a.compared(b) { $0.lt($1, $2) }
  }
  /// `a < b`, as a condition.
  public static func .< (a: SizeExpression, b: Int) -> SizeCondition { a .< a.constant(b) }
  /// `a <= b`, as a condition.
  public static func .<= (a: SizeExpression, b: SizeExpression) -> SizeCondition {
    a.compared(b) { $0.le($1, $2) }
  }
  /// `a <= b`, as a condition.
  public static func .<= (a: SizeExpression, b: Int) -> SizeCondition { a .<= a.constant(b) }
  /// `a > b`, as a condition.
  public static func .> (a: SizeExpression, b: SizeExpression) -> SizeCondition {
    a.compared(b) { $0.gt($1, $2) }
  }
  /// `a > b`, as a condition.
  public static func .> (a: SizeExpression, b: Int) -> SizeCondition { a .> a.constant(b) }
  /// `a >= b`, as a condition.
  public static func .>= (a: SizeExpression, b: SizeExpression) -> SizeCondition {
    a.compared(b) { $0.ge($1, $2) }
  }
  /// `a >= b`, as a condition.
  public static func .>= (a: SizeExpression, b: Int) -> SizeCondition { a .>= a.constant(b) }
}

/// A condition on sizes together with its environment, made by comparing ``SizeExpression``s.
public struct SizeCondition {
  /// The condition as operators hold it.
  public let value: SymBool
  /// The environment of its symbols.
  public let shapes: ShapeEnv

  /// Creates a condition from `value`, which belongs to `shapes`.
  public init(_ value: SymBool, in shapes: ShapeEnv) {
    self.value = value
    self.shapes = shapes
  }

  /// Its truth if it follows from what is known; nil if it depends on the sizes.
  public var truth: Bool? { shapes.staticallyKnown(value) }

  /// Whether both hold.
  public static func & (a: SizeCondition, b: SizeCondition) -> SizeCondition { a.with(b) { $0.and($1, $2) } }
  /// Whether at least one holds.
  public static func | (a: SizeCondition, b: SizeCondition) -> SizeCondition { a.with(b) { $0.or($1, $2) } }
  /// Whether it does not hold.
  public static prefix func ! (a: SizeCondition) -> SizeCondition {
    SizeCondition(a.shapes.not(a.value), in: a.shapes)
  }

  private func with(
    _ other: SizeCondition, _ operation: (ShapeEnv, SymBool, SymBool) -> SymBool
  ) -> SizeCondition {
    precondition(shapes === other.shapes, "conditions of two environments cannot be combined")
    return SizeCondition(operation(shapes, value, other.value), in: shapes)
  }
}

extension SizeCondition: CustomStringConvertible {
  /// The condition as PyTorch prints it: `Eq(u0, 4)`.
  public var description: String { shapes.text(of: value.expression) }
}

extension ShapeEnv {
  /// `value` as a size of this environment, for arithmetic.
  public func size(_ value: SymInt) -> SizeExpression { SizeExpression(value, in: self) }

  /// The size that `text` denotes, such as `s0` or `2*u0 + s77//4`.
  ///
  /// - Throws: ``ExpressionParseError`` for unknown symbols and for text that is not an expression.
  public func size(_ text: String) throws(ExpressionParseError) -> SizeExpression {
    SizeExpression(symInt(try parse(text)), in: self)
  }
}
