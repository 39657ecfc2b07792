/// Parses constructor calls as `srepr` writes them, and builds the expression by the laws.
struct SreprParser: ExpressionParser {
  var scanner: ExpressionScanner

  init(_ bytes: [UInt8]) throws(ExpressionParseError) { scanner = try ExpressionScanner(bytes) }

  /// Parses the whole text as one expression.
  mutating func parse(_ arena: inout ExprArena) throws(ExpressionParseError) -> SymExpr {
    let result = try expression(&arena)
    try scanner.expectEnd()
    return result
  }

  private mutating func expression(
    _ arena: inout ExprArena
  ) throws(ExpressionParseError) -> SymExpr {
    try scanner.enter()
    defer { scanner.leave() }
    if try scanner.take(.minus) { return arena.neg(try expression(&arena)) }
    if scanner.token == .number { return try number(&arena) }
    guard scanner.token == .name else { throw scanner.error(.expected("a name")) }
    let (name, offset) = (scanner.text, scanner.offset)
    try scanner.advance()
    // Only bare words and calls without arguments can be constants, so most names need not be compared with them.
    if try !scanner.take(.open) {
      guard let constant = Self.constant(name) else { throw scanner.error(.expected("'('")) }
      return constant
    }
    if scanner.token == .sign(.close), let constant = Self.constant(name) {
      try scanner.advance()
      return constant
    }
    switch name {
    case "Integer", "Float", "Rational": return try numberCall(name, &arena)
    case "Symbol": return try symbolCall(&arena)
    case "Piecewise": return try piecewise(&arena)
    default: break
    }
    var arguments = try arguments(&arena) { (parser, arena) throws(ExpressionParseError) in
      try parser.expression(&arena)
    }
    switch name {
    case "Max": arguments = arena.undominated(.max, arguments)
    case "Min": arguments = arena.undominated(.min, arguments)
    default: break
    }
    return try build(name, arguments, &arena, at: offset)
  }

  private static func constant(_ name: String) -> SymExpr? {
    switch name {
    case "true", "True", "S.true": .true
    case "false", "False", "S.false": .false
    case "oo", "Infinity": .infinity
    case "NegativeInfinity": .negativeInfinity
    case "int_oo", "IntInfinity": .intInfinity
    case "NegativeIntInfinity": .negativeIntInfinity
    case "nan", "NaN": .nan
    default: nil
    }
  }

  /// The rest of `Integer(-3)`, `Float('1.5', precision=53)` or `Rational(1, 2)`.
  private mutating func numberCall(
    _ name: String, _ arena: inout ExprArena
  ) throws(ExpressionParseError) -> SymExpr {
    let value = try number(&arena)
    var result = value
    if name == "Rational" {
      try scanner.expect(.comma)
      result = arena.apply(.intTrueDiv, value, try number(&arena))
    } else if name == "Float" {
      if let double = arena.doubleValue(of: value) { result = arena.float(double) }
      if try scanner.take(.comma) {
        guard try scanner.take(word: "precision") else { throw scanner.error(.expected("'precision'")) }
        try scanner.expect(.equals)
        _ = try number(&arena)
      }
    }
    try scanner.expect(.close)
    return result
  }

  /// Digits with an optional sign, quoted or not.
  private mutating func number(
    _ arena: inout ExprArena
  ) throws(ExpressionParseError) -> SymExpr {
    var isNegative = try scanner.take(.minus)
    guard scanner.token == .number || scanner.token == .string else {
      throw scanner.error(.expected("a number"))
    }
    var text = scanner.text
    if text.hasPrefix("-") {
      isNegative.toggle()
      text.removeFirst()
    }
    guard let value = literal(text, isNegative: isNegative, &arena) else {
      throw scanner.error(.expected("a number"))
    }
    try scanner.advance()
    return value
  }

  /// The rest of `Symbol('s0', positive=True, integer=True)`.
  private mutating func symbolCall(
    _ arena: inout ExprArena
  ) throws(ExpressionParseError) -> SymExpr {
    guard scanner.token == .string else { throw scanner.error(.expected("a symbol's name")) }
    let name = scanner.text
    if name.utf8.count > ExpressionLimits.nameLength { throw scanner.error(.symbolNameTooLong) }
    try scanner.advance()
    var assumptions: SymbolAssumptions = ExprArena.isUnbackedName(name) ? .unbacked : []
    while try scanner.take(.comma) {
      guard scanner.token == .name else { throw scanner.error(.expected("an assumption")) }
      let word = scanner.text
      guard let assumption = Self.assumption(word) else { throw scanner.error(.unknownAssumption(word)) }
      try scanner.advance()
      try scanner.expect(.equals)
      if try scanner.take(word: "True") {
        assumptions.insert(assumption)
      } else if try !scanner.take(word: "False") {
        throw scanner.error(.expected("True or False"))
      }
    }
    try scanner.expect(.close)
    if !assumptions.contains(.integer) { assumptions.insert(.float) }
    return arena.symbol(name, assumptions)
  }

  private static func assumption(_ word: String) -> SymbolAssumptions? {
    switch word {
    case "integer": .integer
    case "real", "commutative", "finite", "extended_real": .real
    case "positive": .positive
    case "nonnegative": .nonnegative
    case "negative": .negative
    case "nonpositive": .nonpositive
    default: nil
    }
  }

  /// The rest of `Piecewise(ExprCondPair(Integer(1), …), …)`.
  private mutating func piecewise(
    _ arena: inout ExprArena
  ) throws(ExpressionParseError) -> SymExpr {
    var arguments: [SymExpr] = []
    while try !scanner.take(.close) {
      if !arguments.isEmpty { try scanner.expect(.comma) }
      var isPair = try scanner.take(word: "ExprCondPair")
      if !isPair { isPair = try scanner.take(word: "Tuple") }
      guard isPair else { throw scanner.error(.expected("'ExprCondPair'")) }
      try scanner.expect(.open)
      arguments.append(try expression(&arena))
      try scanner.expect(.comma)
      arguments.append(try expression(&arena))
      try scanner.expect(.close)
    }
    guard let result = arena.apply(.piecewise, arguments) else {
      throw scanner.error(.wrongArgumentCount("Piecewise"))
    }
    return result
  }
}
