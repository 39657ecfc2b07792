/// Random expressions as text.
extension FuzzBytes {
  private static let symbols = ["s0", "s1", "s77", "u0", "u1", "u2", "zuf0"]
  private static let functions = [
    "FloorDiv", "Mod", "PythonMod", "Max", "Min", "CleanDiv", "CeilDiv", "ModularIndexing", "Where", "abs",
    "IsNonOverlappingAndDenseIndicator",
    "ToFloat", "TruncToInt", "IntTrueDiv", "FloatTrueDiv", "PowByNatural", "FloatPow", "RoundDecimal",
    "FloorToInt",
    "CeilToInt", "OpaqueUnaryFn_sqrt", "LShift", "RShift", "BitwiseFn_bitwise_and", "Identity",
  ]
  private static let operators = ["+", "-", "*", "//", "%", "**", "/", "<<", ">>", "&", "|"]
  private static let relations = ["==", "<", "<=", ">", ">=", "!="]

  /// An expression in Python's notation; rarely one that cannot be parsed.
  mutating func expressionText(depth: Int = 5) -> String {
    if depth == 0 || chance(50) {
      return chance(150) ? pick(Self.symbols) : pick(Hostile.numbers)
    }
    switch below(12) {
    case 0...5:
      return
        "(\(expressionText(depth: depth - 1)) \(pick(Self.operators)) \(expressionText(depth: depth - 1)))"
    case 6, 7, 8:
      let count = 1 + below(3)
      let arguments = (0..<count).map { _ in expressionText(depth: depth - 1) }.joined(separator: ", ")
      return "\(pick(Self.functions))(\(arguments))"
    case 9: return "-\(expressionText(depth: depth - 1))"
    case 10: return conditionText(depth: depth - 1)
    default: return "(\(expressionText(depth: depth - 1)) * \(expressionText(depth: depth - 1)))"
    }
  }

  /// A condition in Python's notation.
  mutating func conditionText(depth: Int = 4) -> String {
    let (a, b) = (expressionText(depth: depth), expressionText(depth: depth))
    switch below(8) {
    case 0: return "Ne(\(a), \(b))"
    case 1: return "Eq(\(a), \(b))"
    case 2 where depth > 0:
      return "(\(conditionText(depth: depth - 1))) & (\(conditionText(depth: depth - 1)))"
    case 3 where depth > 0:
      return "(\(conditionText(depth: depth - 1))) | (\(conditionText(depth: depth - 1)))"
    case 4: return "not (\(a) \(pick(Self.relations)) \(b))"
    default: return "\(a) \(pick(Self.relations)) \(b)"
    }
  }
}
