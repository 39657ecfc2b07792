import SymbolicExpressions

/// Compiles numbered conditions into a ``RegisterProgram``.
///
/// Expressions are shared by handle: each is computed only once.
struct RegisterCompiler {
  /// A register under construction, and the kind of value it holds.
  struct Value: Equatable {
    var register: UInt32
    var kind: RegisterKind
  }

  /// Until the constants are counted, the two high bits of a register's number encode its kind of place.
  enum Place {
    static let constant: UInt32 = 0x4000_0000
    static let result: UInt32 = 0x8000_0000
    static let number: UInt32 = 0x3FFF_FFFF
  }

  private let parameterCount: Int
  private var values: [SymExpr: Value] = [:]
  private var constants: [Int: UInt32] = [:]
  private var resultCount: UInt32 = 0
  /// What the current condition has added to `values`; removed again if it cannot be compiled.
  private var added: [SymExpr] = []
  private(set) var program = RegisterProgram()

  init(parameterCount: Int) {
    self.parameterCount = parameterCount
    program.parameterCount = parameterCount
  }

  /// Binds `expression`, a symbol, to a parameter.
  mutating func bind(_ expression: SymExpr, toParameter index: Int) {
    values[expression] = Value(register: UInt32(index), kind: .int)
  }

  /// Whether `expression` already has a register.
  func isKnown(_ expression: SymExpr) -> Bool { values[expression] != nil }

  /// Adds a demand that `condition` holds.
  ///
  /// - Returns: false if it contains an unknown symbol or calls a function that cannot be compiled; the program is then
  ///   unchanged.
  mutating func demand(_ condition: SymExpr, number: Int, _ arena: borrowing ExprArena) -> Bool {
    let target = UInt32(truncatingIfNeeded: number)
    if case .relation(let kind, let lhs, let rhs) = arena.view(of: condition), !isKnown(condition) {
      let sides = attempt { compiler -> (Value, Value)? in
        guard let a = compiler.value(of: lhs, arena), let b = compiler.value(of: rhs, arena) else {
          return nil
        }
        return (a, b)
      }
      guard let (a, b) = sides else { return false }
      if a.kind != .float, b.kind != .float {
        program.instructions.append(Self.demand(kind, a, b, target))
        return true
      }
    }
    guard let value = attempt({ $0.value(of: condition, arena) }), value.kind == .bool else { return false }
    program.instructions.append(Instruction(code: .demand, target: target, a: value.register))
    return true
  }

  /// Ends the program without a problem if all of `conditions` hold.
  ///
  /// - Returns: false if one cannot be compiled; the program is then unchanged.
  mutating func admit(_ conditions: [SymExpr], _ arena: borrowing ExprArena) -> Bool {
    program.admitsByPath = true
    guard let value = attempt({ $0.conjunction(conditions, arena) }) else { return false }
    program.instructions.append(Instruction(code: .admit, target: 0, a: value.register))
    return true
  }

  /// Violates the constraint with this number if all of `conditions` hold.
  ///
  /// - Returns: false if one cannot be compiled; the program is then unchanged.
  mutating func refuse(_ conditions: [SymExpr], number: Int, _ arena: borrowing ExprArena) -> Bool {
    program.admitsByPath = true
    guard let value = attempt({ $0.conjunction(conditions, arena) }) else { return false }
    let target = UInt32(truncatingIfNeeded: number)
    program.instructions.append(Instruction(code: .refuse, target: target, a: value.register))
    return true
  }

  private static func demand(_ kind: RelationKind, _ a: Value, _ b: Value, _ target: UInt32) -> Instruction {
    let (code, isSwapped): (Instruction.Code, Bool) =
      switch kind {
      case .eq: (.demandEqual, false)
      case .ne: (.demandUnequal, false)
      case .lt: (.demandLess, false)
      case .le: (.demandLessOrEqual, false)
      case .gt: (.demandLess, true)
      case .ge: (.demandLessOrEqual, true)
      }
    return Instruction(
      code: code, target: target, a: isSwapped ? b.register : a.register,
      b: isSwapped ? a.register : b.register)
  }

  /// The finished program, with places turned into register numbers.
  func finished() -> RegisterProgram {
    var program = program
    let firstResult = UInt32(parameterCount + program.constants.count)
    func number(_ register: UInt32) -> UInt32 {
      let index = register & Place.number
      if register & Place.result != 0 { return firstResult + index }
      return register & Place.constant != 0 ? UInt32(parameterCount) + index : index
    }
    for index in program.instructions.indices {
      var instruction = program.instructions[index]
      if !instruction.code.isDecision { instruction.target = number(instruction.target) }
      if instruction.code != .call {
        instruction.a = number(instruction.a)
        instruction.b = number(instruction.b)
        instruction.c = number(instruction.c)
      }
      program.instructions[index] = instruction
    }
    for index in program.operands.indices {
      program.operands[index].register = number(program.operands[index].register)
    }
    program.registerCount = Int(firstResult + resultCount)
    return program
  }
}

// MARK: - Building blocks

extension RegisterCompiler {
  /// Runs `body`, and undoes what it added if it returns `nil`.
  private mutating func attempt<Result>(_ body: (inout RegisterCompiler) -> Result?) -> Result? {
    let (steps, operands, results) = (program.instructions.count, program.operands.count, resultCount)
    added.removeAll(keepingCapacity: true)
    if let result = body(&self) { return result }
    for expression in added { values[expression] = nil }
    program.instructions.removeSubrange(steps...)
    program.operands.removeSubrange(operands...)
    resultCount = results
    return nil
  }

  mutating func constant(_ bits: Int, _ kind: RegisterKind) -> Value {
    if let register = constants[bits] { return Value(register: register, kind: kind) }
    let register = UInt32(program.constants.count) | Place.constant
    program.constants.append(bits)
    constants[bits] = register
    return Value(register: register, kind: kind)
  }

  mutating func emit(
    _ code: Instruction.Code, _ kind: RegisterKind, _ a: Value, _ b: Value? = nil, condition: Value? = nil
  ) -> Value {
    append(
      Instruction(
        code: code, kind: kind, target: 0, a: a.register, b: b?.register ?? a.register,
        c: condition?.register ?? a.register))
  }

  mutating func emitCall(_ function: SymFunction, _ kind: RegisterKind, _ arguments: [Value]) -> Value {
    let start = program.operands.count
    for argument in arguments {
      program.operands.append(CallOperand(register: argument.register, kind: argument.kind))
    }
    return append(
      Instruction(
        code: .call, kind: kind, target: 0, a: UInt32(start), b: UInt32(arguments.count),
        c: UInt32(function.rawValue)))
  }

  private mutating func append(_ instruction: Instruction) -> Value {
    var instruction = instruction
    instruction.target = resultCount | Place.result
    resultCount += 1
    program.instructions.append(instruction)
    return Value(register: instruction.target, kind: instruction.kind)
  }

  /// The register of `expression`, which is compiled unless it already has one.
  mutating func value(of expression: SymExpr, _ arena: borrowing ExprArena) -> Value? {
    if let known = values[expression] { return known }
    guard let value = computed(expression, arena) else { return nil }
    values[expression] = value
    added.append(expression)
    return value
  }
}
