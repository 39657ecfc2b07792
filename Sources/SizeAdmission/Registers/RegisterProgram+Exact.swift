extension RegisterProgram {
  /// The first demand that is violated or cannot be decided, on the exact path.
  @inline(never)
  func firstProblem(_ registers: UnsafeMutablePointer<Int>) -> Outcome {
    var first = Outcome.met
    runExactly(registers) { outcome in
      if first == .met { first = outcome }
      return first == .met
    }
    return first
  }

  /// Every demand that is violated or cannot be decided.
  func problems(_ parameters: UnsafeBufferPointer<Int>) -> [Outcome] {
    var problems: [Outcome] = []
    withRegisters(parameters) { registers in
      runExactly(registers) {
        if $0 != .met { problems.append($0) }
        return true
      }
    }
    return problems
  }

  /// Runs all steps and calls `body` after each demand until it returns false.
  ///
  /// A step whose operands have no value has none either, except that `and`, `or` and `select` look only at
  /// what decides them, as ``ExprArena/evaluate(_:_:)`` does.
  private func runExactly(_ registers: UnsafeMutablePointer<Int>, _ body: (Outcome) -> Bool) {
    var outcomes = ContiguousArray(repeating: StepOutcome.done, count: registerCount + 1)
    for instruction in instructions {
      let failure = failure(of: instruction, registers, outcomes)
      if instruction.code.isDemand {
        let number = Int(instruction.target)
        let outcome: Outcome =
          failure != .done
          ? .undecided(number, failure) : instruction.isMet(registers) ? .met : .violated(number)
        if !body(outcome) { return }
      } else {
        let target = Int(instruction.target)
        outcomes[target] = failure == .done ? instruction.run(registers, operands) : failure
        if outcomes[target] != .done { registers[target] = 0 }
      }
    }
  }

  /// What keeps a step from being carried out.
  private func failure(
    of instruction: Instruction, _ registers: UnsafeMutablePointer<Int>,
    _ outcomes: ContiguousArray<StepOutcome>
  ) -> StepOutcome {
    let (a, b) = (outcomes[Int(instruction.a)], outcomes[Int(instruction.b)])
    switch instruction.code {
    case .call:
      let range = Int(instruction.a)..<Int(instruction.a) + Int(instruction.b)
      return operands[range].lazy.map { outcomes[Int($0.register)] }.first { $0 != .done } ?? .done
    case .and, .or:
      if a != .done { return a }
      let isDecided = (registers[Int(instruction.a)] != 0) == (instruction.code == .or)
      return isDecided ? .done : b
    case .select:
      let condition = outcomes[Int(instruction.c)]
      if condition != .done { return condition }
      return registers[Int(instruction.c)] != 0 ? a : b
    case .demand, .not, .magnitude, .toFloat, .truncate, .roundDown, .roundUp, .roundHalfToEven: return a
    default: return a == .done ? b : a
    }
  }
}
