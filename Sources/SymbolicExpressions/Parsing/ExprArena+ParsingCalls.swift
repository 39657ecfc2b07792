// What both notations share: calls by their printed name.

extension ExprArena {
  /// The arguments of a call up to its closing parenthesis; the opening one is taken.
  mutating func arguments(
    _ scanner: inout ExpressionScanner,
    _ argument: (inout ExprArena, inout ExpressionScanner) throws(ExpressionParseError) -> SymExpr
  ) throws(ExpressionParseError) -> [SymExpr] {
    var arguments: [SymExpr] = []
    while try !scanner.take(.close) {
      if !arguments.isEmpty { try scanner.expect(.comma) }
      arguments.append(try argument(&self, &scanner))
    }
    return arguments
  }

  /// Builds a call by its printed name, which stands at `offset`.
  mutating func build(
    _ name: String, _ arguments: [SymExpr], _ scanner: borrowing ExpressionScanner, at offset: Int
  ) throws(ExpressionParseError) -> SymExpr {
    switch name {
    case "Add": return sum(arguments)
    case "Mul": return product(arguments)
    case "And": return and(try truthValues(arguments, scanner, at: offset))
    case "Or": return or(try truthValues(arguments, scanner, at: offset))
    case "Not", "sym_not":
      guard arguments.count == 1 else { throw scanner.error(.wrongArgumentCount(name), at: offset) }
      return not(try truthValues(arguments, scanner, at: offset)[0])
    case "Pow", "PowByNatural":
      guard arguments.count == 2 else { throw scanner.error(.wrongArgumentCount(name), at: offset) }
      return try power(arguments[0], arguments[1], scanner, at: offset)
    default: break
    }
    if let kind = Self.relationKinds[name] {
      guard arguments.count == 2 else { throw scanner.error(.wrongArgumentCount(name), at: offset) }
      return relation(kind, arguments[0], arguments[1])
    }
    guard let function = SymFunction(name: name) else {
      throw scanner.error(.unknownFunction(name), at: offset)
    }
    guard let result = apply(function, arguments) else {
      throw scanner.error(.wrongArgumentCount(name), at: offset)
    }
    return result
  }

  /// The operands of a connective, which must be conditions.
  func truthValues(
    _ operands: [SymExpr], _ scanner: borrowing ExpressionScanner, at offset: Int? = nil
  ) throws(ExpressionParseError) -> [SymExpr] {
    for operand in operands where sort(of: operand) != .bool {
      throw scanner.error(.expected("a truth value"), at: offset)
    }
    return operands
  }

  /// A power whose literal exponent is within the limit.
  mutating func power(
    _ base: SymExpr, _ exponent: SymExpr, _ scanner: borrowing ExpressionScanner, at offset: Int
  ) throws(ExpressionParseError) -> SymExpr {
    if let n = integerValue(of: exponent), n.magnitude > UInt(ExpressionLimits.exponent) {
      throw scanner.error(.exponentTooLarge, at: offset)
    }
    return pow(base, exponent)
  }

  private static let relationKinds: [String: RelationKind] = [
    "Equality": .eq, "Eq": .eq, "Unequality": .ne, "Ne": .ne, "LessThan": .le, "Le": .le,
    "StrictLessThan": .lt, "Lt": .lt, "GreaterThan": .ge, "Ge": .ge, "StrictGreaterThan": .gt, "Gt": .gt,
  ]
}
