import SymbolicExpressions

/// Writes the steps of a program as expressions of a language: a step that is used once goes where it is used,
/// others become variables.
struct StepWriter {
  /// What a demand turned into.
  enum Line: Equatable {
    /// `t3 = x_0 * x_1`
    case assignment(variable: String, kind: RegisterKind, value: String)
    /// The condition of the constraint with this number.
    case demand(Int, condition: String)
    /// The constraint calls a function that the language has no template for.
    case skipped(Int)
  }

  private let program: RegisterProgram
  private let templates: StepTemplates
  private let literal: (Int, RegisterKind) -> String
  private var texts: [String?]
  private var uses: [Int]
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
    for instruction in program.instructions {
      for register in Set(instruction.inputs(program)) { uses[register] += 1 }
    }
    for instruction in program.instructions { write(instruction) }
  }

  private mutating func write(_ instruction: Instruction) {
    let number = Int(instruction.target)
    guard let value = value(instruction) else {
      if instruction.code.isDemand { lines.append(.skipped(number)) }
      return
    }
    if instruction.code.isDemand {
      lines.append(.demand(number, condition: value))
    } else if uses[number] > 1 {
      let variable = "t\(variableCount)"
      variableCount += 1
      lines.append(.assignment(variable: variable, kind: instruction.kind, value: value))
      texts[number] = variable
    } else {
      texts[number] = value
    }
  }

  private func value(_ instruction: Instruction) -> String? {
    let kind = instruction.operandKind
    switch instruction.code {
    case .demand: return text(instruction.a, .bool)
    case .demandEqual, .demandUnequal, .demandLess, .demandLessOrEqual:
      let signs: [Instruction.Code: String] = [
        .demandEqual: "==", .demandUnequal: "!=", .demandLess: "<", .demandLessOrEqual: "<=",
      ]
      guard let a = text(instruction.a, .int), let b = text(instruction.b, .int) else { return nil }
      return "\(a) \(signs[instruction.code] ?? "==") \(b)"
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

  /// The text of a register that is read as `kind`.
  private func text(_ register: UInt32, _ kind: RegisterKind) -> String? {
    let index = Int(register)
    let firstResult = program.parameterCount + program.constants.count
    guard index >= program.parameterCount, index < firstResult else { return texts[index] }
    return literal(program.constants[index - program.parameterCount], kind)
  }

  private func filled(_ template: String, _ operands: [String]) -> String {
    var text = ""
    var rest = template[...]
    while let dollar = rest.firstIndex(of: "$") {
      let letter = rest.index(after: dollar)
      text += rest[..<dollar]
      let position = ["a": 0, "b": 1, "c": 2][rest[letter]] ?? 0
      text += position < operands.count ? operands[position] : ""
      rest = rest[rest.index(after: letter)...]
    }
    return text + rest
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

  /// What the step's operands are read as.
  var operandKind: RegisterKind {
    switch code {
    case .addFloats, .multiplyFloats, .divideFloats, .equalFloats, .unequalFloats, .lessFloats,
      .lessOrEqualFloats, .truncate, .roundDown, .roundUp, .roundHalfToEven:
      .float
    case .and, .or, .not: .bool
    default: .int
    }
  }
}
