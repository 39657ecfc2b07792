/// Parses Python's notation, as in `str` of an expression and in `guards_code`.
struct InfixParser: ExpressionParser {
  /// The meaning of a name that is not a symbol yet; nil makes it an error.
  typealias Resolver = (String) -> SymExpr?

  var scanner: ExpressionScanner

  init(_ bytes: [UInt8]) throws(ExpressionParseError) { scanner = try ExpressionScanner(bytes) }

  /// Parses the whole text as one expression.
  mutating func parse(
    _ arena: inout ExprArena, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    let result = try conditional(&arena, resolve)
    try scanner.expectEnd()
    return result
  }

  /// `a if c else b`, the loosest level.
  private mutating func conditional(
    _ arena: inout ExprArena, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    try scanner.enter()
    defer { scanner.leave() }
    let value = try disjunction(&arena, resolve)
    guard try scanner.take(word: "if") else { return value }
    let condition = try truthValues([try disjunction(&arena, resolve)], arena)[0]
    guard try scanner.take(word: "else") else { throw scanner.error(.expected("'else'")) }
    return arena.where(condition, value, try conditional(&arena, resolve))
  }

  /// `a or b`.
  private mutating func disjunction(
    _ arena: inout ExprArena, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    try scanner.enter()
    defer { scanner.leave() }
    var operands = [try conjunction(&arena, resolve)]
    while try scanner.take(word: "or") { operands.append(try conjunction(&arena, resolve)) }
    return operands.count == 1 ? operands[0] : arena.or(try truthValues(operands, arena))
  }

  private mutating func conjunction(
    _ arena: inout ExprArena, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    var operands = [try negation(&arena, resolve)]
    while try scanner.take(word: "and") { operands.append(try negation(&arena, resolve)) }
    return operands.count == 1 ? operands[0] : arena.and(try truthValues(operands, arena))
  }

  private mutating func negation(
    _ arena: inout ExprArena, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    var negations = 0
    while try scanner.take(word: "not") { negations += 1 }
    let operand = try comparison(&arena, resolve)
    if negations == 0 { return operand }
    let truth = try truthValues([operand], arena)[0]
    return negations % 2 == 0 ? truth : arena.not(truth)
  }

  /// `a < b <= c`, which means `a < b and b <= c`.
  private mutating func comparison(
    _ arena: inout ExprArena, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    var lhs = try binary(&arena, 0, resolve)
    var relations: [SymExpr] = []
    while let kind = Self.comparisons[scanner.token] {
      try scanner.advance()
      let rhs = try binary(&arena, 0, resolve)
      relations.append(arena.relation(kind, lhs, rhs))
      lhs = rhs
    }
    return relations.isEmpty ? lhs : arena.and(relations)
  }

  private static let comparisons = OperatorSigns<RelationKind>([
    ("==", .eq), ("!=", .ne), ("<", .lt), ("<=", .le), (">", .gt), (">=", .ge),
  ])

  private enum BinaryOperator: Sendable {
    case or, xor, and, shiftLeft, shiftRight, add, sub, mul, trueDiv, floorDiv, mod
  }

  /// Left-associative operators by level, the loosest first.
  private static let levels: [OperatorSigns<BinaryOperator>] = [
    OperatorSigns([("|", .or)]), OperatorSigns([("^", .xor)]), OperatorSigns([("&", .and)]),
    OperatorSigns([("<<", .shiftLeft), (">>", .shiftRight)]),
    OperatorSigns([("+", .add), ("-", .sub)]),
    OperatorSigns([("*", .mul), ("//", .floorDiv), ("/", .trueDiv), ("%", .mod)]),
  ]

  private mutating func binary(
    _ arena: inout ExprArena, _ level: Int, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    guard level < Self.levels.count else { return try unary(&arena, resolve) }
    var result = try binary(&arena, level + 1, resolve)
    while let op = Self.levels[level][scanner.token] {
      try scanner.advance()
      result = combine(op, result, try binary(&arena, level + 1, resolve), &arena)
    }
    return result
  }

  private func combine(
    _ op: BinaryOperator, _ a: SymExpr, _ b: SymExpr, _ arena: inout ExprArena
  ) -> SymExpr {
    let areBools = arena.sort(of: a) == .bool && arena.sort(of: b) == .bool
    switch op {
    case .or: return areBools ? arena.or(a, b) : arena.apply(.bitwiseOr, a, b)
    case .and: return areBools ? arena.and(a, b) : arena.apply(.bitwiseAnd, a, b)
    case .xor: return arena.apply(.bitwiseXor, a, b)
    case .shiftLeft: return arena.apply(.lShift, a, b)
    case .shiftRight: return arena.apply(.rShift, a, b)
    case .add: return arena.add(a, b)
    case .sub: return arena.sub(a, b)
    case .mul: return arena.mul(a, b)
    case .floorDiv: return arena.floorDiv(a, b)
    case .mod:
      return arena.sign(of: a).contains(.nonNegative) && arena.sign(of: b).contains(.nonNegative)
        ? arena.mod(a, b) : arena.pythonMod(a, b)
    case .trueDiv:
      return arena.apply(
        arena.sort(of: a) == .int && arena.sort(of: b) == .int ? .intTrueDiv : .floatTrueDiv, a, b)
    }
  }

  private mutating func unary(
    _ arena: inout ExprArena, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    try scanner.enter()
    defer { scanner.leave() }
    if try scanner.take(.minus) { return arena.neg(try unary(&arena, resolve)) }
    if try scanner.take(.plus) { return try unary(&arena, resolve) }
    if try scanner.take(.tilde) { return arena.not(try truthValues([try unary(&arena, resolve)], arena)[0]) }
    let offset = scanner.offset
    let base = try atom(&arena, resolve)
    guard try scanner.take(.power) else { return base }
    return try power(base, try unary(&arena, resolve), &arena, at: offset)
  }

  private mutating func atom(
    _ arena: inout ExprArena, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    let offset = scanner.offset
    switch scanner.token {
    case .number:
      guard let value = literal(scanner.text, &arena) else { throw scanner.error(.expected("a number")) }
      try scanner.advance()
      return value
    case .sign(.open):
      try scanner.advance()
      let inner = try conditional(&arena, resolve)
      try scanner.expect(.close)
      return inner
    case .name:
      let name = scanner.text
      try scanner.advance()
      guard try scanner.take(.open) else { return try named(name, &arena, at: offset, resolve) }
      if name == "Piecewise" { return try piecewise(&arena, resolve) }
      let arguments = try arguments(&arena) { (parser, arena) throws(ExpressionParseError) in
        try parser.conditional(&arena, resolve)
      }
      if name == "cast_symbool_to_symint_guardless", arguments.count == 1 {
        return arena.where(try truthValues(arguments, arena, at: offset)[0], .one, .zero)
      }
      return try build(Self.functionName(name, arguments.count), arguments, &arena, at: offset)
    default: throw scanner.error(.expected("an expression"))
    }
  }

  /// The name that Python's functions have here: `torch.sym_max` is `sym_max`, `math.trunc` is `TruncToInt`.
  private static func functionName(_ name: String, _ argumentCount: Int) -> String {
    for module in ["torch.", "math."] where name.hasPrefix(module) {
      let unqualified = String(name.dropFirst(module.utf8.count))
      return pythonFunctions[unqualified].map(\.name) ?? unqualified
    }
    guard name == "round" else { return name }
    return (argumentCount == 2 ? SymFunction.roundDecimal : .roundToInt).name
  }

  /// The functions of Python's `math` module that `guards_code` calls.
  private static let pythonFunctions: [String: SymFunction] = [
    "acos": .acos, "asin": .asin, "asinh": .asinh, "atan": .atan, "ceil": .ceilToInt, "cos": .cos,
    "cosh": .cosh, "exp": .exp, "floor": .floorToInt, "log": .log, "log2": .log2, "sin": .sin, "sinh": .sinh,
    "sqrt": .sqrt, "_sym_sqrt": .sqrt, "tan": .tan, "tanh": .tanh, "trunc": .truncToInt, "sym_ite": .where,
  ]

  private func named(
    _ name: String, _ arena: inout ExprArena, at offset: Int, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    switch name {
    case "True", "true": return .true
    case "False", "false": return .false
    case "int_oo": return .intInfinity
    case "oo", "math.inf", "inf": return .infinity
    case "nan", "math.nan": return .nan
    case "too_large": return .tooLarge
    default: break
    }
    if let known = arena.symbol(named: name) ?? resolve(name) { return known }
    throw scanner.error(.unknownSymbol(name), at: offset)
  }

  /// The rest of `Piecewise((1, Eq(u0, 1)), (0, True))`.
  private mutating func piecewise(
    _ arena: inout ExprArena, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    var arguments: [SymExpr] = []
    while try !scanner.take(.close) {
      if !arguments.isEmpty { try scanner.expect(.comma) }
      try scanner.expect(.open)
      arguments.append(try disjunction(&arena, resolve))
      try scanner.expect(.comma)
      arguments.append(try disjunction(&arena, resolve))
      try scanner.expect(.close)
    }
    guard let result = arena.apply(.piecewise, arguments) else {
      throw scanner.error(.wrongArgumentCount("Piecewise"))
    }
    return result
  }
}

/// The operators of one level by their spelling.
private struct OperatorSigns<Operator: Sendable>: Sendable {
  private let rows: [(code: UInt16, value: Operator)]

  init(_ rows: [(StaticString, Operator)]) {
    self.rows = rows.map { (code: ExpressionScanner.Sign($0.0).code, value: $0.1) }
  }

  subscript(token: ExpressionScanner.Token) -> Operator? {
    guard case .sign(let sign) = token else { return nil }
    return rows.first { $0.code == sign.code }?.value
  }
}
