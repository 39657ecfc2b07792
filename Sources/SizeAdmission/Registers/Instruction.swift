import SymbolicExpressions

/// One step of a ``RegisterProgram``: it reads up to three registers and either writes one or is a demand.
///
/// Registers are 64 bits wide. A boolean is 0 or 1, a float is its bit pattern; the kind of each register is known when
/// the program is compiled.
struct Instruction: Equatable, Sendable {
  enum Code: UInt8, Sendable {
    // Integers: an overflow or an undefined result stops the fast path.
    case add, multiply, floorDivide, remainder, minimum, maximum, magnitude
    case power, shiftLeft, shiftRight, bitAnd, bitOr, bitXor
    // Floats.
    case toFloat, addFloats, multiplyFloats, divideFloats, divideIntegers
    case truncate, roundDown, roundUp, roundHalfToEven
    // Booleans.
    case equal, unequal, less, lessOrEqual
    case equalFloats, unequalFloats, lessFloats, lessOrEqualFloats
    case and, or, not
    /// `a` if `c` holds, else `b`.
    case select
    /// The function number `c`, called with the operands `a ..< a + b` of ``RegisterProgram/operands``.
    case call
    // Demands: the constraint `target` is violated unless they hold.
    case demand, demandEqual, demandUnequal, demandLess, demandLessOrEqual
    /// The sizes are admitted if `a` holds, whatever follows.
    case admit
    /// The constraint `target` is violated if `a` holds.
    case refuse
  }

  var code: Code
  /// The kind of value that is written.
  var kind = RegisterKind.bool
  /// The register that is written; for a demand, the number of the constraint.
  var target: UInt32
  var a: UInt32
  var b: UInt32 = 0
  var c: UInt32 = 0
}

/// The kind of value that a register holds.
enum RegisterKind: UInt8, Sendable {
  case int, float, bool
}

/// An operand of ``Instruction/Code/call``.
struct CallOperand: Equatable, Sendable {
  var register: UInt32
  var kind: RegisterKind

  /// The value of the register's 64 bits.
  func number(_ bits: Int) -> SymExpr.Number {
    switch kind {
    case .int: .int(bits)
    case .float: .float(Double(bitPattern: UInt64(bitPattern: Int64(bits))))
    case .bool: .bool(bits != 0)
    }
  }
}

/// The outcome of a step.
enum StepOutcome: UInt8, Sendable {
  case done
  /// An integer does not fit 64 bits.
  case overflow
  /// A division by zero, or a float that is undefined.
  case undefined
}
