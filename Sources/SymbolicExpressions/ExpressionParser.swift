/// Why a text is no expression, and where.
public struct ExpressionParseError: Error, Equatable, CustomStringConvertible {
  /// What was wrong or missing.
  public let reason: String
  /// The byte at which reading stopped.
  public let offset: Int

  public var description: String { "\(reason) at byte \(offset)" }
}

/// What a text may cost at most.
public enum ExpressionLimits {
  public static let depth = 256
  public static let tokens = 100_000
  public static let digits = 4_096
  public static let exponent = 64
}

extension ExprArena {
  /// Reads infix text such as `2*u0 + s77//4`, and function calls of the vocabulary.
  ///
  /// - Parameter unknownSymbol: the expression for a name that is no symbol yet; `nil` refuses it.
  public mutating func parse(
    _ text: String, unknownSymbol: (String) -> SymExpr? = { _ in nil }
  ) throws(ExpressionParseError) -> SymExpr {
    var parser = ExpressionParser(Array(text.utf8))
    let result = try parser.expression(&self, unknownSymbol)
    try parser.expectEnd()
    return result
  }

  /// Reads what SymPy's `srepr` writes; symbols are made as they are met.
  public mutating func parseSrepr(_ text: String) throws(ExpressionParseError) -> SymExpr { try parse(text) }
}

/// A recursive-descent parser of both forms: `srepr` is the subset in which everything is a call.
private struct ExpressionParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  private var tokens = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private func failure(_ reason: String) -> ExpressionParseError {
    ExpressionParseError(reason: reason, offset: position)
  }

  private mutating func peek() -> UInt8? {
    while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x0A || bytes[position] == 0x09 {
      position += 1
    }
    return position < bytes.count ? bytes[position] : nil
  }

  private mutating func accept(_ token: String) -> Bool {
    _ = peek()
    let wanted = Array(token.utf8)
    guard bytes.count - position >= wanted.count, Array(bytes[position..<position + wanted.count]) == wanted else {
      return false
    }
    position += wanted.count
    return true
  }

  mutating func expectEnd() throws(ExpressionParseError) {
    if peek() != nil { throw failure("unexpected text") }
  }

  private mutating func acceptWord(_ word: String) -> Bool {
    let start = position
    guard accept(word) else { return false }
    if position < bytes.count, Self.isIdentifier(bytes[position]) {
      position = start
      return false
    }
    return true
  }

  mutating func expression(
    _ arena: inout ExprArena, _ unknown: (String) -> SymExpr?
  ) throws(ExpressionParseError) -> SymExpr {
    depth += 1
    defer { depth -= 1 }
    guard depth <= ExpressionLimits.depth else { throw failure("nested too deeply") }
    var parts = [try conjunction(&arena, unknown)]
    while acceptWord("or") || accept("|") { parts.append(try conjunction(&arena, unknown)) }
    return parts.count == 1 ? parts[0] : arena.or(try truths(parts, arena))
  }

  private mutating func conjunction(
    _ arena: inout ExprArena, _ unknown: (String) -> SymExpr?
  ) throws(ExpressionParseError) -> SymExpr {
    var parts = [try negation(&arena, unknown)]
    while acceptWord("and") || accept("&") { parts.append(try negation(&arena, unknown)) }
    return parts.count == 1 ? parts[0] : arena.and(try truths(parts, arena))
  }

  private func truths(_ parts: [SymExpr], _ arena: borrowing ExprArena) throws(ExpressionParseError) -> [SymExpr] {
    for part in parts where arena.sort(of: part) != .bool { throw failure("a truth value is expected") }
    return parts
  }

  private mutating func negation(
    _ arena: inout ExprArena, _ unknown: (String) -> SymExpr?
  ) throws(ExpressionParseError) -> SymExpr {
    if acceptWord("not") || accept("~") {
      depth += 1
      defer { depth -= 1 }
      guard depth <= ExpressionLimits.depth else { throw failure("nested too deeply") }
      return arena.not(try truths([try negation(&arena, unknown)], arena)[0])
    }
    return try comparison(&arena, unknown)
  }

  private mutating func comparison(
    _ arena: inout ExprArena, _ unknown: (String) -> SymExpr?
  ) throws(ExpressionParseError) -> SymExpr {
    var left = try sum(&arena, unknown)
    var parts: [SymExpr] = []
    while let kind = relationKind() {
      let right = try sum(&arena, unknown)
      parts.append(arena.relation(kind, left, right))
      left = right
    }
    if parts.isEmpty { return left }
    return parts.count == 1 ? parts[0] : arena.and(parts)
  }

  private mutating func relationKind() -> RelationKind? {
    if accept("==") { return .eq }
    if accept("!=") { return .ne }
    if accept("<=") { return .le }
    if accept(">=") { return .ge }
    if accept("<") { return .lt }
    if accept(">") { return .gt }
    return nil
  }

  private mutating func sum(
    _ arena: inout ExprArena, _ unknown: (String) -> SymExpr?
  ) throws(ExpressionParseError) -> SymExpr {
    var result = try product(&arena, unknown)
    while true {
      if accept("+") {
        result = arena.add(result, try product(&arena, unknown))
      } else if accept("-") {
        result = arena.sub(result, try product(&arena, unknown))
      } else {
        return result
      }
    }
  }

  private mutating func product(
    _ arena: inout ExprArena, _ unknown: (String) -> SymExpr?
  ) throws(ExpressionParseError) -> SymExpr {
    var result = try unary(&arena, unknown)
    while true {
      if accept("//") {
        result = arena.floorDiv(result, try unary(&arena, unknown))
      } else if accept("%") {
        result = remainder(result, try unary(&arena, unknown), &arena)
      } else if let next = peek(), next == UInt8(ascii: "/") {
        position += 1
        result = arena.apply(.intTrueDiv, result, try unary(&arena, unknown))
      } else if peek() == UInt8(ascii: "*"), position + 1 >= bytes.count || bytes[position + 1] != UInt8(ascii: "*") {
        position += 1
        result = arena.mul(result, try unary(&arena, unknown))
      } else {
        return result
      }
    }
  }

  /// `%` is `Mod` where both sides are known not to be negative, `PythonMod` otherwise.
  private func remainder(_ a: SymExpr, _ b: SymExpr, _ arena: inout ExprArena) -> SymExpr {
    let isPlain = arena.assumedRange(of: a).lower >= 0 && arena.assumedRange(of: b).lower >= 0
    return isPlain ? arena.mod(a, b) : arena.pythonMod(a, b)
  }

  private mutating func unary(
    _ arena: inout ExprArena, _ unknown: (String) -> SymExpr?
  ) throws(ExpressionParseError) -> SymExpr {
    depth += 1
    defer { depth -= 1 }
    guard depth <= ExpressionLimits.depth else { throw failure("nested too deeply") }
    if accept("-") { return arena.neg(try unary(&arena, unknown)) }
    if accept("+") { return try unary(&arena, unknown) }
    let base = try atom(&arena, unknown)
    guard accept("**") else { return base }
    let exponent = try unary(&arena, unknown)
    if let value = arena.integerValue(of: exponent), value > ExpressionLimits.exponent || value < -1 {
      throw failure("the exponent \(value) is too large")
    }
    return arena.pow(base, exponent)
  }

  private mutating func atom(
    _ arena: inout ExprArena, _ unknown: (String) -> SymExpr?
  ) throws(ExpressionParseError) -> SymExpr {
    tokens += 1
    guard tokens <= ExpressionLimits.tokens else { throw failure("too long") }
    guard let byte = peek() else { throw failure("an expression is expected") }
    if byte == UInt8(ascii: "(") {
      position += 1
      let inner = try expression(&arena, unknown)
      guard accept(")") else { throw failure("')' is expected") }
      return inner
    }
    if Self.isDigit(byte) || byte == UInt8(ascii: ".") { return try number(&arena) }
    guard Self.isIdentifier(byte) else { throw failure("an expression is expected") }
    let name = identifier()
    if peek() == UInt8(ascii: "(") {
      position += 1
      return try call(name, &arena, unknown)
    }
    switch name {
    case "True", "true": return .true
    case "False", "false": return .false
    case "oo": return .infinity
    case "int_oo": return .intInfinity
    case "nan": return .nan
    default: break
    }
    if let symbol = arena.symbol(named: name) ?? unknown(name) { return symbol }
    throw failure("'\(name)' is no known symbol")
  }

  private mutating func identifier() -> String {
    let start = position
    while position < bytes.count, Self.isIdentifier(bytes[position]) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func number(_ arena: inout ExprArena) throws(ExpressionParseError) -> SymExpr {
    let start = position
    var isFloat = false
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
        isFloat = true
      } else if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
        guard bytes[position - 1] == UInt8(ascii: "e") || bytes[position - 1] == UInt8(ascii: "E") else { break }
      } else if !Self.isDigit(byte) {
        break
      }
      position += 1
    }
    guard position - start <= ExpressionLimits.digits else { throw failure("a number with too many digits") }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if !isFloat {
      guard text.allSatisfy(\.isNumber) else { throw failure("a number is expected") }
      return Int(text).map { arena.integer($0) } ?? .tooLarge
    }
    guard let value = Double(text) else { throw failure("a number is expected") }
    return arena.float(value)
  }

  private mutating func string() throws(ExpressionParseError) -> String {
    guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw failure("a quoted text is expected")
    }
    position += 1
    let start = position
    while position < bytes.count, bytes[position] != quote { position += 1 }
    guard position < bytes.count else { throw failure("the quote is not closed") }
    defer { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func call(
    _ name: String, _ arena: inout ExprArena, _ unknown: (String) -> SymExpr?
  ) throws(ExpressionParseError) -> SymExpr {
    switch name {
    case "Symbol": return try symbol(&arena)
    case "Float": return try float(&arena)
    default: break
    }
    var arguments: [SymExpr] = []
    if peek() == UInt8(ascii: ")") { position += 1 } else {
      repeat {
        // `ExprCondPair(value, condition)` inside Piecewise is two arguments.
        if acceptWord("ExprCondPair") || acceptWord("Tuple") || (name == "Piecewise" && peek() == UInt8(ascii: "(")) {
          guard accept("(") else { throw failure("'(' is expected") }
          arguments.append(try expression(&arena, unknown))
          guard accept(",") else { throw failure("',' is expected") }
          arguments.append(try expression(&arena, unknown))
          guard accept(")") else { throw failure("')' is expected") }
        } else {
          arguments.append(try expression(&arena, unknown))
        }
      } while accept(",")
      guard accept(")") else { throw failure("')' is expected") }
    }
    return try apply(name, arguments, &arena)
  }

  private func apply(
    _ name: String, _ arguments: [SymExpr], _ arena: inout ExprArena
  ) throws(ExpressionParseError) -> SymExpr {
    if let kind = Self.relations[name] {
      guard arguments.count == 2 else { throw failure("'\(name)' takes two arguments") }
      return arena.relation(kind, arguments[0], arguments[1])
    }
    switch name {
    case "Integer", "IntInfinity", "Infinity", "NegativeInfinity":
      if name == "IntInfinity" { return .intInfinity }
      if name == "Infinity" { return .infinity }
      if name == "NegativeInfinity" { return .negativeInfinity }
      guard arguments.count == 1 else { throw failure("'Integer' takes one argument") }
      return arguments[0]
    case "Add": return arena.sum(arguments)
    case "Mul": return arena.product(arguments)
    case "Pow":
      guard arguments.count == 2 else { throw failure("'Pow' takes two arguments") }
      if let value = arena.integerValue(of: arguments[1]), value > ExpressionLimits.exponent {
        throw failure("the exponent \(value) is too large")
      }
      return arena.pow(arguments[0], arguments[1])
    case "Rational":
      guard arguments.count == 2 else { throw failure("'Rational' takes two arguments") }
      return arena.apply(.intTrueDiv, arguments[0], arguments[1])
    case "And": return arena.and(try truths(arguments, arena))
    case "Or": return arena.or(try truths(arguments, arena))
    case "Not":
      guard arguments.count == 1 else { throw failure("'Not' takes one argument") }
      return arena.not(try truths(arguments, arena)[0])
    default: break
    }
    guard let function = SymFunction(name: name) else { throw failure("'\(name)' is no known function") }
    guard let result = arena.apply(function, arguments) else {
      throw failure("'\(name)' does not take \(arguments.count) arguments")
    }
    return result
  }

  private static let relations: [String: RelationKind] = [
    "Eq": .eq, "Ne": .ne, "Lt": .lt, "Le": .le, "Gt": .gt, "Ge": .ge, "Equality": .eq, "Unequality": .ne,
    "StrictLessThan": .lt, "LessThan": .le, "StrictGreaterThan": .gt, "GreaterThan": .ge,
  ]

  /// `Symbol('s77', positive=True, integer=True)`.
  private mutating func symbol(_ arena: inout ExprArena) throws(ExpressionParseError) -> SymExpr {
    let name = try string()
    var assumptions: SymbolAssumptions = []
    while accept(",") {
      _ = peek()
      let word = identifier()
      guard accept("=") else { throw failure("'=' is expected") }
      let value = acceptWord("True") ? true : acceptWord("False") ? false : nil
      guard let value else { throw failure("'True' or 'False' is expected") }
      if value, let assumption = Self.assumptions[word] { assumptions.insert(assumption) }
    }
    guard accept(")") else { throw failure("')' is expected") }
    if Self.isUnbacked(name) { assumptions.insert(.unbacked) }
    if !assumptions.contains(.integer) { assumptions.insert(.real) }
    return arena.symbol(name, assumptions)
  }

  private static let assumptions: [String: SymbolAssumptions] = [
    "integer": .integer, "real": .real, "positive": .positive, "nonnegative": .nonnegative, "negative": .negative,
    "nonpositive": .nonpositive,
  ]

  /// PyTorch names what only a run knows `u0` and `zuf0`.
  private static func isUnbacked(_ name: String) -> Bool {
    let digits = name.drop { !($0.isNumber && $0.isASCII) }
    let prefix = name.dropLast(digits.count)
    return !digits.isEmpty && (prefix == "u" || prefix == "zuf")
  }

  /// `Float('1.5', precision=53)`.
  private mutating func float(_ arena: inout ExprArena) throws(ExpressionParseError) -> SymExpr {
    let text = try string()
    while accept(",") {
      _ = peek()
      _ = identifier()
      guard accept("=") else { throw failure("'=' is expected") }
      _ = try number(&arena)
    }
    guard accept(")") else { throw failure("')' is expected") }
    guard let value = Double(text) else { throw failure("'\(text)' is no number") }
    return arena.float(value)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  private static func isIdentifier(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A || byte == UInt8(ascii: "_")
  }
}
