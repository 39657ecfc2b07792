import SymbolicExpressions

/// Demands on integers, as straight-line code on numbered registers.
///
/// ```text
/// registers   parameters | constants | results of steps
/// steps       r5 = r0 * r3
///             demand r5 <= r4        constraint 2
/// ```
///
/// A step reads registers with lower numbers only, and each distinct expression is computed once. The fast path runs
/// the steps in order and stops at the first demand that is not met. If an integer overflows 64 bits or a result is
/// undefined, which need not matter (`b == 0 or a // b > 1`), the exact path runs the steps again and tracks which
/// registers hold a value.
struct RegisterProgram: Equatable, Sendable {
  /// The number of registers for the parameters, which come first.
  var parameterCount = 0
  /// The constants, which follow the parameters.
  var constants: ContiguousArray<Int> = []
  /// The total number of registers.
  var registerCount = 0
  var instructions: ContiguousArray<Instruction> = []
  /// The operands of calls.
  var operands: ContiguousArray<CallOperand> = []

  /// Whether sizes that no step admits or refuses are unexplored; otherwise they are admitted.
  var admitsByPath = false

  /// How a run ended.
  enum Outcome: Hashable, Sendable {
    /// All demands are met.
    case met
    /// The demand with this number is the first that is not met.
    case violated(Int)
    /// The demand with this number cannot be decided: it needs a value that does not exist.
    case undecided(Int, StepOutcome)
    /// No demand is violated, and no step admits the parameters.
    case uncovered
  }

  /// Runs on as many integers as there are parameters.
  func run(_ parameters: UnsafeBufferPointer<Int>) -> Outcome {
    withCode { code in code.withRegisters(parameters) { code.run($0) } }
  }

  /// Calls `body` with the program as plain pointers, which are valid during the call.
  ///
  /// A closure that captured the arrays would retain them, which takes longer than the steps of a small program.
  @inline(__always)
  func withCode<Result>(_ body: (RegisterCode) -> Result) -> Result {
    let code = RegisterCode(
      parameterCount: parameterCount, registerCount: registerCount, admitsByPath: admitsByPath,
      constants: constants.withUnsafeBufferPointer { $0 },
      instructions: instructions.withUnsafeBufferPointer { $0 },
      operands: operands.withUnsafeBufferPointer { $0 })
    defer { withExtendedLifetime(self) {} }
    return body(code)
  }
}

/// A ``RegisterProgram`` while it runs.
struct RegisterCode {
  let parameterCount: Int
  let registerCount: Int
  let admitsByPath: Bool
  let constants: UnsafeBufferPointer<Int>
  let instructions: UnsafeBufferPointer<Instruction>
  let operands: UnsafeBufferPointer<CallOperand>

  /// Calls `body` with registers that hold parameters and constants.
  ///
  /// Every other register is written before it is read, so it may start with any value. The registers are on the stack
  /// unless there are very many.
  @inline(__always)
  func withRegisters<Result>(
    _ parameters: UnsafeBufferPointer<Int>, _ body: (UnsafeMutablePointer<Int>) -> Result
  ) -> Result {
    precondition(parameters.count == parameterCount)
    // One more than needed, so that the allocation has an address and register 0 exists.
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: registerCount &+ 1) { buffer in
      let registers = buffer.baseAddress.unsafelyUnwrapped
      registers[0] = 0
      for index in 0..<parameterCount { registers[index] = parameters[index] }
      for index in 0..<constants.count { registers[parameterCount &+ index] = constants[index] }
      return body(registers)
    }
  }

  /// Runs on registers that are already loaded.
  @inline(__always)
  func run(_ registers: UnsafeMutablePointer<Int>) -> RegisterProgram.Outcome {
    for instruction in instructions {
      if instruction.code.isDecision {
        switch instruction.code {
        case .admit: if registers[Int(instruction.a)] != 0 { return .met }
        case .refuse: if registers[Int(instruction.a)] != 0 { return .violated(Int(instruction.target)) }
        default: if !instruction.isMet(registers) { return .violated(Int(instruction.target)) }
        }
      } else if instruction.run(registers, operands) != .done {
        return firstProblem(registers)
      }
    }
    return admitsByPath ? .uncovered : .met
  }
}
