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

  /// Whether sizes that no step admits or refuses are unknown to the program; else they are admitted.
  var admitsByPath = false

  /// How a run ended.
  enum Outcome: Hashable, Sendable {
    /// All demands are met.
    case met
    /// The demand with this number is the first that is not.
    case violated(Int)
    /// The demand with this number cannot be decided: it needs a value that does not exist.
    case undecided(Int, StepOutcome)
    /// No demand speaks against the parameters, and no step admits them.
    case uncovered
  }

  /// Runs on as many integers as there are parameters.
  func run(_ parameters: UnsafeBufferPointer<Int>) -> Outcome {
    precondition(parameters.count == parameterCount)
    // Nearly all programs fit a block of the stack, which costs nothing to take.
    return withRegisters(parameters) { run($0) }
  }

  /// Calls `body` with registers that hold parameters and constants.
  ///
  /// The steps write every other register before any reads it, so those may hold anything.
  @inline(__always)
  func withRegisters<Result>(
    _ parameters: UnsafeBufferPointer<Int>, _ body: (UnsafeMutablePointer<Int>) -> Result
  ) -> Result {
    precondition(parameters.count == parameterCount)
    // One more than there are, so that register 0 exists.
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: registerCount &+ 1) { buffer in
      buffer.initializeElement(at: 0, to: 0)
      for index in 0..<parameterCount { buffer.initializeElement(at: index, to: parameters[index]) }
      constants.withUnsafeBufferPointer { constants in
        for index in 0..<constants.count {
          buffer.initializeElement(at: parameterCount &+ index, to: constants[index])
        }
      }
      return body(buffer.baseAddress.unsafelyUnwrapped)
    }
  }

  /// Runs on registers that are loaded.
  @inline(__always)
  func run(_ registers: UnsafeMutablePointer<Int>) -> Outcome {
    instructions.withUnsafeBufferPointer { instructions in
      for instruction in instructions {
        if instruction.code.isDecision {
          switch instruction.code {
          case .admit: if registers[Int(instruction.a)] != 0 { return .met }
          case .refuse: if registers[Int(instruction.a)] != 0 { return .violated(Int(instruction.target)) }
          default: if !instruction.isMet(registers) { return .violated(Int(instruction.target)) }
          }
        } else if instruction.run(registers, in: self) != .done {
          return firstProblem(registers)
        }
      }
      return admitsByPath ? .uncovered : .met
    }
  }
}
