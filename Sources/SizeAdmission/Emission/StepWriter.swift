import SymbolicExpressions

/// Writes the steps of a program as expressions of a language: a step that is used once is inlined where it is used;
/// others become variables.
struct StepWriter {
  /// A line of output.
  enum Line: Equatable {
    /// `t3 = x_0 * x_1`
    case assignment(variable: String, kind: RegisterKind, value: String)
    /// The condition of the constraint with this number.
    case demand(Int, condition: String)
    /// The constraint with this number is violated if the condition holds.
    ///
    /// A partial condition has no value for some sizes and then refuses nothing.
    case refusal(Int, condition: String, isPartial: Bool)
    /// The constraint calls a function for which the language has no template.
    case skipped(Int)
  }

  private let program: RegisterProgram
  private let templates: StepTemplates
  private let literal: (Int, RegisterKind) -> String
  private var texts: [String?]
  private var uses: [Int]
  /// Whether a register has no value for some parameters, for example because of a division.
  private var isPartial: [Bool]
  private var variableCount = 0
  private(set) var lines: [Line] = []

  init(
    _ program: RegisterProgram, _ language: SourceLanguage, parameters: [String],
    literal: @escaping (Int, RegisterKind) -> String
  ) {
    self.program = program
    self.literal = literal
    templates = StepTemplates(language)
    texts = parameters
    texts += [String?](repeating: nil, count: program.registerCount - parameters.count)
    uses = [Int](repeating: 0, count: program.registerCount + 1)
    isPartial = [Bool](repeating: false, count: program.registerCount + 1)
    // Admitting steps are omitted: the function admits whatever it does not refuse.
    let steps = program.instructions.filter { $0.code != .admit }
    // Counted from the end, so that an unused step does not count as a use of its operands.
    for step in steps.reversed() where step.code.isDecision || uses[Int(step.target)] > 0 {
      for register in Set(step.inputs(program)) { uses[register] += 1 }
    }
    for step in steps where step.code.isDecision || uses[Int(step.target)] > 0 { write(step) }
  }

  private mutating func write(_ instruction: Instruction) {
    let number = Int(instruction.target)
    guard let value = value(instruction) else {
      if instruction.code.isDecision { lines.append(.skipped(number)) }
      return
    }
    if instruction.code == .refuse {
      lines.append(.refusal(number, condition: value, isPartial: isPartial[Int(instruction.a)]))
      return
    }
    if instruction.code.isDecision {
      lines.append(.demand(number, condition: value))
      return
    }
    isPartial[number] = mayFail(instruction) || instruction.inputs(program).contains { isPartial[$0] }
    // A step that may fail is written where it is needed, behind the conditions that keep it from failing.
    if uses[number] > 1, !isPartial[number] {
      let variable = "t\(variableCount)"
      variableCount += 1
      lines.append(.assignment(variable: variable, kind: instruction.kind, value: value))
      texts[number] = variable
    } else {
      texts[number] = value
    }
  }

  /// Whether a step may have no value for some operands, apart from overflow.
  private func mayFail(_ instruction: Instruction) -> Bool {
    switch instruction.code {
    case .floorDivide, .remainder, .divideFloats, .divideIntegers:
      let divisor = Int(instruction.b) - program.parameterCount
      return !program.constants.indices.contains(divisor) || program.constants[divisor] == 0
    case .power, .shiftLeft, .shiftRight, .truncate, .roundDown, .roundUp, .roundHalfToEven, .call:
      return true
    default: return false
    }
  }

  private func value(_ instruction: Instruction) -> String? {
    let kind = instruction.operandKind
    switch instruction.code {
    case .demand, .refuse: return text(instruction.a, .bool)
    case .demandEqual, .demandUnequal, .demandLess, .demandLessOrEqual:
      guard let a = text(instruction.a, .int), let b = text(instruction.b, .int) else { return nil }
      return "\(a) \(Self.sign(instruction.code)) \(b)"
    case .call:
      let range = Int(instruction.a)..<Int(instruction.a) + Int(instruction.b)
      var operands: [String] = []
      for operand in program.operands[range] {
        guard let text = text(operand.register, operand.kind) else { return nil }
        operands.append(text)
      }
      guard let function = SymFunction(rawValue: UInt8(truncatingIfNeeded: instruction.c)),
        let template = templates.calls[function.name], operands.count <= 3
      else { return nil }
      return filled(template, operands)
    case .select:
      guard let a = text(instruction.a, instruction.kind), let c = text(instruction.c, .bool),
        let b = text(instruction.b, instruction.kind)
      else { return nil }
      return templates.steps[.select].map { filled($0, [a, b, c]) }
    default:
      guard let a = text(instruction.a, kind), let b = text(instruction.b, kind) else { return nil }
      return templates.steps[instruction.code].map { filled($0, [a, b]) }
    }
  }

  private static func sign(_ code: Instruction.Code) -> String {
    switch code {
    case .demandUnequal: "!="
    case .demandLess: "<"
    case .demandLessOrEqual: "<="
    default: "=="
    }
  }

  /// The text of a register that is read as `kind`.
  private func text(_ register: UInt32, _ kind: RegisterKind) -> String? {
    let index = Int(register)
    let firstResult = program.parameterCount + program.constants.count
    guard index >= program.parameterCount, index < firstResult else { return texts[index] }
    return literal(program.constants[index - program.parameterCount], kind)
  }

  /// The template with `$a`, `$b` and `$c` replaced by operands.
  private func filled(_ template: String, _ operands: [String]) -> String {
    let pieces = template.split(separator: "$", omittingEmptySubsequences: false)
    return pieces.dropFirst().reduce(into: String(pieces[0])) { text, piece in
      switch piece.first {
      case "a": text += operands[0]
      case "b": text += operands[1]
      default: text += operands[2]
      }
      text += piece.dropFirst()
    }
  }
}

extension Instruction {
  /// The registers that the step reads, without the placeholders of absent operands.
  func inputs(_ program: RegisterProgram) -> [Int] {
    switch code {
    case .call:
      program.operands[Int(a)..<Int(a) + Int(b)].map { Int($0.register) }
    case .select: [Int(a), Int(b), Int(c)]
    default: [Int(a), Int(b)]
    }
  }

  /// The kind as which the step reads its operands.
  var operandKind: RegisterKind {
    switch code {
    case .addFloats, .multiplyFloats, .divideFloats, .equalFloats, .unequalFloats, .lessFloats,
      .lessOrEqualFloats, .truncate, .roundDown, .roundUp, .roundHalfToEven:
      .float
    case .and, .or, .not, .demand, .refuse, .admit: .bool
    default: .int
    }
  }
}
