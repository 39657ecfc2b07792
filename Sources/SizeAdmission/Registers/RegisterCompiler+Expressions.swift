import SymbolicExpressions

// One case for each form of expression. Steps are ordered as in `ExprArena.evaluate`, so that both overflow for the
// same values.

extension RegisterCompiler {
  mutating func computed(_ expression: SymExpr, _ arena: borrowing ExprArena) -> Value? {
    switch arena.view(of: expression) {
    case .integer(let value): return constant(value, .int)
    case .float(let value): return constant(value.register, .float)
    case .boolean(let value): return constant(value ? 1 : 0, .bool)
    case .infinite(let handle):
      guard let value = arena.doubleValue(of: handle), !value.isNaN else { return nil }
      return constant(value.register, .float)
    case .symbol, .tooLarge: return nil
    case .add(let terms): return folded(terms, arena) { $0.arithmetic(.add, .addFloats, $1, $2) }
    case .mul(let factors): return product(factors, arena)
    case .pow(let base, let exponent): return power(base, exponent, arena)
    case .relation(let kind, let lhs, let rhs):
      guard let a = value(of: lhs, arena), let b = value(of: rhs, arena) else { return nil }
      return relation(kind, a, b)
    case .and(let parts): return folded(parts, arena) { $0.connective(.and, $1, $2) }
    case .or(let parts): return folded(parts, arena) { $0.connective(.or, $1, $2) }
    case .not(let part):
      guard let value = value(of: part, arena), value.kind == .bool else { return nil }
      return emit(.not, .bool, value)
    case .call(let function, let arguments):
      return call(function, arguments, kind: RegisterKind(arena.sort(of: expression)), arena)
    }
  }

  /// Whether all of `conditions` hold.
  mutating func conjunction(_ conditions: [SymExpr], _ arena: borrowing ExprArena) -> Value? {
    if conditions.isEmpty { return constant(1, .bool) }
    return folded(conditions, arena) { $0.connective(.and, $1, $2) }
  }

  private mutating func folded(
    _ parts: [SymExpr], _ arena: borrowing ExprArena,
    _ combine: (inout RegisterCompiler, Value, Value) -> Value?
  ) -> Value? {
    guard let first = parts.first, var result = value(of: first, arena) else { return nil }
    for part in parts.dropFirst() {
      guard let next = value(of: part, arena), let combined = combine(&self, result, next) else { return nil }
      result = combined
    }
    return result
  }

  /// Products are computed before their coefficient is applied.
  private mutating func product(_ factors: [SymExpr], _ arena: borrowing ExprArena) -> Value? {
    var factors = factors
    if let first = factors.first, arena.integerValue(of: first) != nil || arena.doubleValue(of: first) != nil
    {
      factors.append(factors.removeFirst())
    }
    return folded(factors, arena) { $0.arithmetic(.multiply, .multiplyFloats, $1, $2) }
  }

  private mutating func power(_ base: SymExpr, _ exponent: Int, _ arena: borrowing ExprArena) -> Value? {
    guard let base = value(of: base, arena) else { return nil }
    guard base.kind == .int else {
      guard base.kind == .float else { return nil }
      return emitCall(.floatPow, .float, [base, constant(exponent, .int)])
    }
    guard (2...4).contains(exponent) else { return emit(.power, .int, base, constant(exponent, .int)) }
    var result = base
    for _ in 1..<exponent { result = emit(.multiply, .int, result, base) }
    return result
  }

  private mutating func arithmetic(
    _ integers: Instruction.Code, _ floats: Instruction.Code, _ a: Value, _ b: Value
  ) -> Value? {
    if a.kind == .int, b.kind == .int { return emit(integers, .int, a, b) }
    return emit(floats, .float, float(a), float(b))
  }

  private mutating func connective(_ code: Instruction.Code, _ a: Value, _ b: Value) -> Value? {
    a.kind == .bool && b.kind == .bool ? emit(code, .bool, a, b) : nil
  }

  private mutating func relation(_ kind: RelationKind, _ a: Value, _ b: Value) -> Value {
    let isFloat = a.kind == .float || b.kind == .float
    let (x, y) = isFloat ? (float(a), float(b)) : (a, b)
    switch kind {
    case .eq: return emit(isFloat ? .equalFloats : .equal, .bool, x, y)
    case .ne: return emit(isFloat ? .unequalFloats : .unequal, .bool, x, y)
    case .lt: return emit(isFloat ? .lessFloats : .less, .bool, x, y)
    case .le: return emit(isFloat ? .lessOrEqualFloats : .lessOrEqual, .bool, x, y)
    case .gt: return emit(isFloat ? .lessFloats : .less, .bool, y, x)
    case .ge: return emit(isFloat ? .lessOrEqualFloats : .lessOrEqual, .bool, y, x)
    }
  }

  private mutating func float(_ value: Value) -> Value {
    value.kind == .float ? value : emit(.toFloat, .float, value)
  }

  private mutating func call(
    _ function: SymFunction, _ operands: [SymExpr], kind: RegisterKind, _ arena: borrowing ExprArena
  ) -> Value? {
    if function == .piecewise { return piecewise(operands, arena) }
    var arguments: [Value] = []
    for operand in operands {
      guard let argument = value(of: operand, arena) else { return nil }
      arguments.append(argument)
    }
    if let native = native(function, arguments) { return native }
    // If a function's kind follows from its arguments, they must all have the same kind.
    guard Set(arguments.map(\.kind)).count == 1 || !Self.takesItsArgumentsKind(function) else { return nil }
    return emitCall(function, kind, arguments)
  }

  private static func takesItsArgumentsKind(_ function: SymFunction) -> Bool {
    switch function {
    case .max, .min, .where, .abs, .identity, .bitwiseAnd, .bitwiseOr, .bitwiseXor: true
    default: false
    }
  }

  /// The step for a function, if there is one for these kinds of arguments.
  private mutating func native(_ function: SymFunction, _ arguments: [Value]) -> Value? {
    let a = arguments[0]
    if function == .where {
      guard a.kind == .bool, arguments[1].kind == arguments[2].kind else { return nil }
      return emit(.select, arguments[1].kind, arguments[1], arguments[2], condition: a)
    }
    if function == .identity { return a }
    if let code = Self.ofFloats[function] {
      if a.kind == .int { return a }
      return a.kind == .float ? emit(code, .int, a) : nil
    }
    if function == .toFloat { return float(a) }
    if function == .floatTrueDiv { return emit(.divideFloats, .float, float(a), float(arguments[1])) }
    guard arguments.allSatisfy({ $0.kind == .int }) else { return nil }
    if function == .intTrueDiv { return emit(.divideIntegers, .float, a, arguments[1]) }
    if function == .abs { return emit(.magnitude, .int, a) }
    guard let code = Self.ofIntegers[function] else { return nil }
    return arguments.dropFirst().reduce(a) { emit(code, .int, $0, $1) }
  }

  private static let ofFloats: [SymFunction: Instruction.Code] = [
    .truncToInt: .truncate, .floorToInt: .roundDown, .ceilToInt: .roundUp, .roundToInt: .roundHalfToEven,
    .floor: .roundDown, .ceiling: .roundUp,
  ]

  private static let ofIntegers: [SymFunction: Instruction.Code] = [
    .floorDiv: .floorDivide, .cleanDiv: .floorDivide, .mod: .remainder, .pythonMod: .remainder,
    .max: .maximum, .min: .minimum, .powByNatural: .power, .lShift: .shiftLeft, .rShift: .shiftRight,
    .bitwiseAnd: .bitAnd, .bitwiseOr: .bitOr, .bitwiseXor: .bitXor,
  ]

  /// Built from the last case, which must be the one that always holds.
  private mutating func piecewise(_ operands: [SymExpr], _ arena: borrowing ExprArena) -> Value? {
    guard operands.count >= 2, operands.last == .true,
      var result = value(of: operands[operands.count - 2], arena)
    else { return nil }
    for position in stride(from: operands.count - 4, through: 0, by: -2) {
      guard let choice = value(of: operands[position], arena),
        let condition = value(of: operands[position + 1], arena), condition.kind == .bool,
        choice.kind == result.kind
      else { return nil }
      result = emit(.select, result.kind, choice, result, condition: condition)
    }
    return result
  }
}

extension RegisterKind {
  init(_ sort: SymSort) {
    switch sort {
    case .int: self = .int
    case .float: self = .float
    case .bool: self = .bool
    }
  }
}
