/// What the parsers of both notations share: literals, and calls by printed name.
protocol ExpressionParser {
  var scanner: ExpressionScanner { get set }
}

extension ExpressionParser {
  /// The arguments of a call up to its closing parenthesis; the opening one is already consumed.
  mutating func arguments(
    _ arena: inout ExprArena,
    _ argument: (inout Self, inout ExprArena) throws(ExpressionParseError) -> SymExpr
  ) throws(ExpressionParseError) -> [SymExpr] {
    var arguments: [SymExpr] = []
    while try !scanner.take(.close) {
      if !arguments.isEmpty { try scanner.expect(.comma) }
      arguments.append(try argument(&self, &arena))
    }
    return arguments
  }

  /// Builds a call from its printed name, which is at `offset`.
  func build(
    _ name: String, _ arguments: [SymExpr], _ arena: inout ExprArena, at offset: Int
  ) throws(ExpressionParseError) -> SymExpr {
    switch name {
    case "Add": return arena.sum(arguments)
    case "Mul": return arena.product(arguments)
    case "And": return arena.and(try truthValues(arguments, arena, at: offset))
    case "Or": return arena.or(try truthValues(arguments, arena, at: offset))
    case "Not", "sym_not":
      guard arguments.count == 1 else { throw scanner.error(.wrongArgumentCount(name), at: offset) }
      return arena.not(try truthValues(arguments, arena, at: offset)[0])
    case "Pow", "PowByNatural":
      guard arguments.count == 2 else { throw scanner.error(.wrongArgumentCount(name), at: offset) }
      return try power(arguments[0], arguments[1], &arena, at: offset)
    default: break
    }
    if let kind = RelationKind.byPrintedName[name] {
      guard arguments.count == 2 else { throw scanner.error(.wrongArgumentCount(name), at: offset) }
      return arena.relation(kind, arguments[0], arguments[1])
    }
    guard let function = SymFunction(name: name) else {
      throw scanner.error(.unknownFunction(name), at: offset)
    }
    guard let result = arena.apply(function, arguments) else {
      throw scanner.error(.wrongArgumentCount(name), at: offset)
    }
    return result
  }

  /// Checks that the operands of a connective are conditions.
  func truthValues(
    _ operands: [SymExpr], _ arena: borrowing ExprArena, at offset: Int? = nil
  ) throws(ExpressionParseError) -> [SymExpr] {
    for operand in operands where arena.sort(of: operand) != .bool {
      throw scanner.error(.expected("a truth value"), at: offset)
    }
    return operands
  }

  /// A power whose literal exponent is within the limit.
  func power(
    _ base: SymExpr, _ exponent: SymExpr, _ arena: inout ExprArena, at offset: Int
  ) throws(ExpressionParseError) -> SymExpr {
    if let n = arena.integerValue(of: exponent), n.magnitude > UInt(ExpressionLimits.exponent) {
      throw scanner.error(.exponentTooLarge, at: offset)
    }
    return arena.pow(base, exponent)
  }

  /// A literal from its digits: an integer, `tooLarge` beyond 64 bits, or a float; nil if it is not a number.
  func literal(_ digits: String, isNegative: Bool = false, _ arena: inout ExprArena) -> SymExpr? {
    let signed = isNegative ? "-" + digits : digits
    if let value = Int(signed) { return arena.integer(value) }
    if digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return digits.isEmpty ? nil : .tooLarge }
    guard let value = Double(signed), value.isFinite else { return nil }
    return arena.float(value)
  }
}

extension RelationKind {
  fileprivate static let byPrintedName: [String: RelationKind] = [
    "Equality": .eq, "Eq": .eq, "Unequality": .ne, "Ne": .ne, "LessThan": .le, "Le": .le,
    "StrictLessThan": .lt, "Lt": .lt, "GreaterThan": .ge, "Ge": .ge, "StrictGreaterThan": .gt, "Gt": .gt,
  ]
}
