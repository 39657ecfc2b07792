import SymbolicExpressions

/// Demands on integers as straight code on numbered registers.
///
/// ```text
/// registers   parameters | constants | results of steps
/// steps       r5 = r0 * r3
///             demand r5 <= r4        constraint 2
/// ```
///
/// A step reads registers with lower numbers only, and each distinct expression is computed once. The fast
/// path runs the steps in order and stops at the first demand that is not met. When an integer does not fit
/// 64 bits or a result is undefined, which need not matter (`b == 0 or a // b > 1`), the exact path runs the
/// steps again and tracks which registers hold a value.
struct RegisterProgram: Equatable, Sendable {
  /// How many registers hold the parameters; they come first.
  var parameterCount = 0
  /// What follows the parameters.
  var constants: ContiguousArray<Int> = []
  /// All registers.
  var registerCount = 0
  var instructions: ContiguousArray<Instruction> = []
  /// The operands of calls.
  var operands: ContiguousArray<CallOperand> = []

  /// How a run ended.
  enum Outcome: Hashable, Sendable {
    /// All demands are met.
    case met
    /// The demand with this number is the first that is not.
    case violated(Int)
    /// The demand with this number cannot be decided: it needs a value that does not exist.
    case undecided(Int, StepOutcome)
  }

  /// Runs on as many integers as there are parameters.
  @inline(__always)
  func run(_ parameters: UnsafeBufferPointer<Int>) -> Outcome {
    var outcome = Outcome.met
    withRegisters(parameters) { outcome = run($0) }
    return outcome
  }

  /// Calls `body` with registers that hold parameters and constants.
  ///
  /// The steps write every other register before any reads it, so those may hold anything.
  @inline(__always)
  func withRegisters(
    _ parameters: UnsafeBufferPointer<Int>, _ body: (UnsafeMutablePointer<Int>) -> Void
  ) {
    precondition(parameters.count == parameterCount)
    // One more than there are, so that the allocation has an address and register 0 exists.
    withUnsafeTemporaryAllocation(of: Int.self, capacity: registerCount &+ 1) { buffer in
      guard let registers = buffer.baseAddress else { return }
      registers[0] = 0
      for index in 0..<parameterCount { registers[index] = parameters[index] }
      for index in 0..<constants.count { registers[parameterCount &+ index] = constants[index] }
      body(registers)
    }
  }

  /// Runs on registers that are loaded.
  @inline(__always)
  func run(_ registers: UnsafeMutablePointer<Int>) -> Outcome {
    for instruction in instructions {
      if instruction.code.rawValue >= Instruction.Code.demand.rawValue {
        if !instruction.isMet(registers) { return .violated(Int(instruction.target)) }
      } else if instruction.run(registers, operands) != .done {
        return firstProblem(registers)
      }
    }
    return .met
  }
}
