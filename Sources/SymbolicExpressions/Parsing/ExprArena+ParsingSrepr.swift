extension ExprArena {
  /// Reads constructor calls as `srepr` writes them, and builds the expression by the laws.
  ///
  /// Symbols that are new are made with the assumptions that the text gives; those of a symbol that exists
  /// stay as they are. A name of the form `u<number>`, `zuf<number>` is unbacked.
  public mutating func parseSrepr(_ text: String) throws(ExpressionParseError) -> SymExpr {
    try parseSrepr(bytes: [UInt8](text.utf8))
  }

  /// ``parseSrepr(_:)`` of UTF-8 bytes.
  public mutating func parseSrepr(bytes: some Sequence<UInt8>) throws(ExpressionParseError) -> SymExpr {
    var scanner = try ExpressionScanner([UInt8](bytes))
    let result = try sreprExpression(&scanner)
    try scanner.expectEnd()
    return result
  }

  private mutating func sreprExpression(
    _ scanner: inout ExpressionScanner
  ) throws(ExpressionParseError) -> SymExpr {
    try scanner.enter()
    defer { scanner.leave() }
    if try scanner.take(.minus) { return neg(try sreprExpression(&scanner)) }
    if scanner.token == .number { return try sreprLiteral(&scanner) }
    guard scanner.token == .name else { throw scanner.error(.expected("a name")) }
    let (name, offset) = (scanner.text, scanner.offset)
    try scanner.advance()
    // A constant is a bare word or a call without arguments: most names are not compared with theirs.
    if try !scanner.take(.open) {
      guard let constant = Self.sreprConstant(name) else { throw scanner.error(.expected("'('")) }
      return constant
    }
    if scanner.token == .sign(.close), let constant = Self.sreprConstant(name) {
      try scanner.advance()
      return constant
    }
    switch name {
    case "Integer", "Float", "Rational": return try sreprNumber(name, &scanner)
    case "Symbol": return try sreprSymbol(&scanner)
    case "Piecewise": return try sreprPiecewise(&scanner)
    default: break
    }
    let arguments = try arguments(&scanner) { (arena, scanner) throws(ExpressionParseError) in
      try arena.sreprExpression(&scanner)
    }
    return try build(name, arguments, scanner, at: offset)
  }

  private static func sreprConstant(_ name: String) -> SymExpr? {
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
  private mutating func sreprNumber(
    _ name: String, _ scanner: inout ExpressionScanner
  ) throws(ExpressionParseError) -> SymExpr {
    let value = try sreprLiteral(&scanner)
    var result = value
    if name == "Rational" {
      try scanner.expect(.comma)
      result = apply(.intTrueDiv, value, try sreprLiteral(&scanner))
    } else if name == "Float" {
      if let double = doubleValue(of: value) { result = float(double) }
      if try scanner.take(.comma) {
        guard try scanner.take(word: "precision") else { throw scanner.error(.expected("'precision'")) }
        try scanner.expect(.equals)
        _ = try sreprLiteral(&scanner)
      }
    }
    try scanner.expect(.close)
    return result
  }

  /// Digits with a sign, in quotes or not.
  private mutating func sreprLiteral(
    _ scanner: inout ExpressionScanner
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
    guard let value = literal(text, isNegative: isNegative) else {
      throw scanner.error(.expected("a number"))
    }
    try scanner.advance()
    return value
  }

  /// The rest of `Symbol('s0', positive=True, integer=True)`.
  private mutating func sreprSymbol(
    _ scanner: inout ExpressionScanner
  ) throws(ExpressionParseError) -> SymExpr {
    guard scanner.token == .string else { throw scanner.error(.expected("a symbol's name")) }
    let name = scanner.text
    if name.utf8.count > ExpressionLimits.nameLength { throw scanner.error(.symbolNameTooLong) }
    try scanner.advance()
    var assumptions: SymbolAssumptions = Self.isUnbackedName(name) ? .unbacked : []
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
    return symbol(name, assumptions)
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

  /// Whether a name is one that PyTorch gives data-dependent symbols.
  static func isUnbackedName(_ name: String) -> Bool {
    let digits = name.hasPrefix("zuf") ? name.dropFirst(3) : name.hasPrefix("u") ? name.dropFirst() : ""
    return !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// The rest of `Piecewise(ExprCondPair(Integer(1), …), …)`.
  private mutating func sreprPiecewise(
    _ scanner: inout ExpressionScanner
  ) throws(ExpressionParseError) -> SymExpr {
    var arguments: [SymExpr] = []
    while try !scanner.take(.close) {
      if !arguments.isEmpty { try scanner.expect(.comma) }
      var isPair = try scanner.take(word: "ExprCondPair")
      if !isPair { isPair = try scanner.take(word: "Tuple") }
      guard isPair else { throw scanner.error(.expected("'ExprCondPair'")) }
      try scanner.expect(.open)
      arguments.append(try sreprExpression(&scanner))
      try scanner.expect(.comma)
      arguments.append(try sreprExpression(&scanner))
      try scanner.expect(.close)
    }
    guard let result = apply(.piecewise, arguments) else {
      throw scanner.error(.wrongArgumentCount("Piecewise"))
    }
    return result
  }
}
