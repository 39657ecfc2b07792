extension ExprArena {
  /// Reads Python's notation, as `str` of an expression and `guards_code` have it: `2*u0 + 1`,
  /// `(s0//4)`, `Eq(u0, s0)`, `2 <= s0 and s0 <= 8`, `Mod(s0, 2)`.
  ///
  /// - Parameters:
  ///   - text: the notation to read.
  ///   - unknownSymbol: what a name means that is no symbol yet; nil makes it an error.
  /// - Returns: the expression in normal form.
  /// - Throws: ``ExpressionParseError``, with the byte at which reading stopped.
  public mutating func parse(
    _ text: String, unknownSymbol: (String) -> SymExpr? = { _ in nil }
  ) throws(ExpressionParseError) -> SymExpr {
    try parse(bytes: text.utf8, unknownSymbol: unknownSymbol)
  }

  /// ``parse(_:unknownSymbol:)`` of UTF-8 bytes.
  public mutating func parse(
    bytes: some Sequence<UInt8>, unknownSymbol: (String) -> SymExpr? = { _ in nil }
  ) throws(ExpressionParseError) -> SymExpr {
    var scanner = try ExpressionScanner([UInt8](bytes))
    let result = try conditional(&scanner, unknownSymbol)
    try scanner.expectEnd()
    return result
  }

  private typealias Resolver = (String) -> SymExpr?

  /// `a if c else b`, the loosest level.
  private mutating func conditional(
    _ scanner: inout ExpressionScanner, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    try scanner.enter()
    defer { scanner.leave() }
    let value = try disjunction(&scanner, resolve)
    guard try scanner.take(word: "if") else { return value }
    let condition = try truthValues([try disjunction(&scanner, resolve)], scanner)[0]
    guard try scanner.take(word: "else") else { throw scanner.error(.expected("'else'")) }
    return `where`(condition, value, try conditional(&scanner, resolve))
  }

  /// `a or b`.
  private mutating func disjunction(
    _ scanner: inout ExpressionScanner, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    try scanner.enter()
    defer { scanner.leave() }
    var operands = [try conjunction(&scanner, resolve)]
    while try scanner.take(word: "or") { operands.append(try conjunction(&scanner, resolve)) }
    return operands.count == 1 ? operands[0] : or(try truthValues(operands, scanner))
  }

  private mutating func conjunction(
    _ scanner: inout ExpressionScanner, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    var operands = [try negation(&scanner, resolve)]
    while try scanner.take(word: "and") { operands.append(try negation(&scanner, resolve)) }
    return operands.count == 1 ? operands[0] : and(try truthValues(operands, scanner))
  }

  private mutating func negation(
    _ scanner: inout ExpressionScanner, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    var negations = 0
    while try scanner.take(word: "not") { negations += 1 }
    let operand = try comparison(&scanner, resolve)
    if negations == 0 { return operand }
    let truth = try truthValues([operand], scanner)[0]
    return negations % 2 == 0 ? truth : not(truth)
  }

  /// `a < b <= c`, which means `a < b and b <= c`.
  private mutating func comparison(
    _ scanner: inout ExpressionScanner, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    var lhs = try binary(&scanner, 0, resolve)
    var relations: [SymExpr] = []
    while let kind = Self.comparisons[scanner.token] {
      try scanner.advance()
      let rhs = try binary(&scanner, 0, resolve)
      relations.append(relation(kind, lhs, rhs))
      lhs = rhs
    }
    return relations.isEmpty ? lhs : and(relations)
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
    _ scanner: inout ExpressionScanner, _ level: Int, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    guard level < Self.levels.count else { return try unary(&scanner, resolve) }
    var result = try binary(&scanner, level + 1, resolve)
    while let op = Self.levels[level][scanner.token] {
      try scanner.advance()
      result = combine(op, result, try binary(&scanner, level + 1, resolve))
    }
    return result
  }

  private mutating func combine(_ op: BinaryOperator, _ a: SymExpr, _ b: SymExpr) -> SymExpr {
    let areBools = sort(of: a) == .bool && sort(of: b) == .bool
    switch op {
    case .or: return areBools ? or(a, b) : apply(.bitwiseOr, a, b)
    case .and: return areBools ? and(a, b) : apply(.bitwiseAnd, a, b)
    case .xor: return apply(.bitwiseXor, a, b)
    case .shiftLeft: return apply(.lShift, a, b)
    case .shiftRight: return apply(.rShift, a, b)
    case .add: return add(a, b)
    case .sub: return sub(a, b)
    case .mul: return mul(a, b)
    case .floorDiv: return floorDiv(a, b)
    case .mod:
      return sign(of: a).contains(.nonNegative) && sign(of: b).contains(.nonNegative)
        ? mod(a, b) : pythonMod(a, b)
    case .trueDiv:
      return apply(sort(of: a) == .int && sort(of: b) == .int ? .intTrueDiv : .floatTrueDiv, a, b)
    }
  }

  private mutating func unary(
    _ scanner: inout ExpressionScanner, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    try scanner.enter()
    defer { scanner.leave() }
    if try scanner.take(.minus) { return neg(try unary(&scanner, resolve)) }
    if try scanner.take(.plus) { return try unary(&scanner, resolve) }
    if try scanner.take(.tilde) { return not(try truthValues([try unary(&scanner, resolve)], scanner)[0]) }
    let offset = scanner.offset
    let base = try atom(&scanner, resolve)
    guard try scanner.take(.power) else { return base }
    return try power(base, try unary(&scanner, resolve), scanner, at: offset)
  }

  private mutating func atom(
    _ scanner: inout ExpressionScanner, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    let offset = scanner.offset
    switch scanner.token {
    case .number:
      guard let value = literal(scanner.text) else { throw scanner.error(.expected("a number")) }
      try scanner.advance()
      return value
    case .sign(.open):
      try scanner.advance()
      let inner = try conditional(&scanner, resolve)
      try scanner.expect(.close)
      return inner
    case .name:
      let name = scanner.text
      try scanner.advance()
      guard try scanner.take(.open) else { return try named(name, scanner, at: offset, resolve) }
      if name == "Piecewise" { return try piecewise(&scanner, resolve) }
      let arguments = try arguments(&scanner) { (arena, scanner) throws(ExpressionParseError) in
        try arena.conditional(&scanner, resolve)
      }
      if name == "cast_symbool_to_symint_guardless", arguments.count == 1 {
        return `where`(try truthValues(arguments, scanner, at: offset)[0], .one, .zero)
      }
      return try build(Self.functionName(name, arguments.count), arguments, scanner, at: offset)
    default: throw scanner.error(.expected("an expression"))
    }
  }

  /// What Python's functions are called here: `torch.sym_max` is `sym_max`, `math.trunc` is `TruncToInt`.
  private static func functionName(_ name: String, _ argumentCount: Int) -> String {
    for module in ["torch.", "math."] where name.hasPrefix(module) {
      let unqualified = String(name.dropFirst(module.utf8.count))
      return pythonFunctions[unqualified]?.name ?? unqualified
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

  private mutating func named(
    _ name: String, _ scanner: borrowing ExpressionScanner, at offset: Int, _ resolve: Resolver
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
    if let known = symbol(named: name) ?? resolve(name) { return known }
    throw scanner.error(.unknownSymbol(name), at: offset)
  }

  /// The rest of `Piecewise((1, Eq(u0, 1)), (0, True))`.
  private mutating func piecewise(
    _ scanner: inout ExpressionScanner, _ resolve: Resolver
  ) throws(ExpressionParseError) -> SymExpr {
    var arguments: [SymExpr] = []
    while try !scanner.take(.close) {
      if !arguments.isEmpty { try scanner.expect(.comma) }
      try scanner.expect(.open)
      arguments.append(try disjunction(&scanner, resolve))
      try scanner.expect(.comma)
      arguments.append(try disjunction(&scanner, resolve))
      try scanner.expect(.close)
    }
    guard let result = apply(.piecewise, arguments) else {
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
