extension RegisterProgram {
  /// Every demand that is violated or cannot be decided.
  ///
  /// If there is none, parameters that no step admits are reported as a single problem.
  func problems(_ parameters: UnsafeBufferPointer<Int>) -> [Outcome] {
    var problems: [Outcome] = []
    let end = withCode { code in
      code.withRegisters(parameters) { registers in
        code.runExactly(registers) {
          problems.append($0)
          return true
        }
      }
    }
    if problems.isEmpty, end == .uncovered { problems.append(.uncovered) }
    return problems
  }
}

extension RegisterCode {
  /// The first demand that is violated or cannot be decided, on the exact path.
  @inline(never)
  func firstProblem(_ registers: UnsafeMutablePointer<Int>) -> RegisterProgram.Outcome {
    var first: RegisterProgram.Outcome?
    let end = runExactly(registers) { outcome in
      first = outcome
      return false
    }
    return first ?? end
  }

  /// Runs all steps and calls `body` with each problem until it returns false.
  ///
  /// A step whose operands have no value has none either, except that `and`, `or` and `select` look only at the
  /// operands that decide them, as in ``ExprArena/evaluate(_:_:)``. A condition without a value neither admits nor
  /// refuses.
  func runExactly(
    _ registers: UnsafeMutablePointer<Int>, _ body: (RegisterProgram.Outcome) -> Bool
  ) -> RegisterProgram.Outcome {
    var outcomes = ContiguousArray(repeating: StepOutcome.done, count: registerCount + 1)
    for instruction in instructions {
      let failure = failure(of: instruction, registers, outcomes)
      let number = Int(instruction.target)
      switch instruction.code {
      case .admit: if failure == .done, registers[Int(instruction.a)] != 0 { return .met }
      case .refuse:
        guard failure == .done, registers[Int(instruction.a)] != 0 else { continue }
        if !body(.violated(number)) { return .met }
      case .demand, .demandEqual, .demandUnequal, .demandLess, .demandLessOrEqual:
        if failure != .done {
          if !body(.undecided(number, failure)) { return .met }
        } else if !instruction.isMet(registers), !body(.violated(number)) {
          return .met
        }
      default:
        outcomes[number] = failure == .done ? instruction.run(registers, operands) : failure
        if outcomes[number] != .done { registers[number] = 0 }
      }
    }
    return admitsByPath ? .uncovered : .met
  }

  /// Why a step cannot be executed.
  private func failure(
    of instruction: Instruction, _ registers: UnsafeMutablePointer<Int>,
    _ outcomes: ContiguousArray<StepOutcome>
  ) -> StepOutcome {
    let (a, b) = (outcomes[Int(instruction.a)], outcomes[Int(instruction.b)])
    switch instruction.code {
    case .call:
      let range = Int(instruction.a)..<Int(instruction.a) + Int(instruction.b)
      return operands[range].lazy.map { outcomes[Int($0.register)] }.first { $0 != .done } ?? StepOutcome.done
    case .and, .or:
      if a != .done { return a }
      let isDecided = (registers[Int(instruction.a)] != 0) == (instruction.code == .or)
      return isDecided ? .done : b
    case .select:
      let condition = outcomes[Int(instruction.c)]
      if condition != .done { return condition }
      return registers[Int(instruction.c)] != 0 ? a : b
    case .demand, .admit, .refuse, .not, .magnitude, .toFloat, .truncate, .roundDown, .roundUp,
      .roundHalfToEven:
      return a
    default: return a == .done ? b : a
    }
  }
}
