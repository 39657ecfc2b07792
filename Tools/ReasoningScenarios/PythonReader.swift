package import SymbolicExpressions
package import SymbolicShapes

/// Why an expression cannot be evaluated.
package enum PythonReaderError: Error, Hashable {
  /// A division by zero, always or for the hints.
  case divisionByZero
  /// The text does not parse, names an unknown symbol, or contains an integer that is too large.
  case unreadable(String)
}

/// Evaluates Python text over the symbols of an environment, as Python does with `SymInt`s.
///
/// Integers without a symbol stay Python's, so `4 != s0` asks its right side first and becomes `Ne(s0, 4)`.
package struct PythonReader {
  private enum Value {
    case int(Int)
    /// An expression, and its hint if all its symbols have one.
    case symbolic(SymExpr, example: Int?)
  }

  /// The maximum nesting depth of the text: the reader recurses for each level.
  private static let deepest = 200

  private let shapes: ShapeEnv
  private var rest: Substring
  private var depth = 0
  /// The value of the text.
  package private(set) var expression = SymExpr.zero
  /// Whether every symbol of the text has a hint.
  package private(set) var hasExample = false

  /// Parses `text` over the symbols of `shapes`.
  package init(_ text: String, in shapes: ShapeEnv) throws(PythonReaderError) {
    self.shapes = shapes
    rest = text[...]
    let value = try comparison()
    expression = expression(value)
    hasExample = example(value) != nil
    if !rest.isEmpty { throw .unreadable("cannot read \(rest)") }
  }

  private static let relations: [(sign: String, kind: RelationKind)] = [
    ("==", .eq), ("!=", .ne), ("<=", .le), (">=", .ge), ("<", .lt), (">", .gt),
  ]

  private mutating func comparison() throws(PythonReaderError) -> Value {
    let lhs = try sum()
    for (sign, kind) in Self.relations where take(sign) {
      let rhs = try sum()
      let holds = both(lhs, rhs) { kind.holds($0, $1) ? 1 : 0 }
      if case .int = lhs, case .symbolic(let symbolic, _) = rhs {
        return .symbolic(shapes.arena.relation(kind.mirrored, symbolic, expression(lhs)), example: holds)
      }
      return .symbolic(shapes.arena.relation(kind, expression(lhs), expression(rhs)), example: holds)
    }
    return lhs
  }

  private mutating func sum() throws(PythonReaderError) -> Value {
    var result = try product()
    while true {
      if take("+") {
        result = try apply(result, try product(), { $0.addingReportingOverflow($1) }, shapes.add)
      } else if take("-") {
        result = try apply(result, try product(), { $0.subtractingReportingOverflow($1) }, shapes.sub)
      } else {
        return result
      }
    }
  }

  private mutating func product() throws(PythonReaderError) -> Value {
    var result = try factor()
    while true {
      if take("//") {
        result = try divide(result, try factor(), shapes.floorDiv)
      } else if take("*") {
        result = try apply(
          result, try factor(), { $0.multipliedReportingOverflow(by: $1) }, shapes.mulUnexpanded)
      } else if take("%") {
        result = try divide(result, try factor(), shapes.remainder)
      } else {
        return result
      }
    }
  }

  private mutating func factor() throws(PythonReaderError) -> Value {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.deepest { throw .unreadable("it is nested deeper than \(Self.deepest)") }
    if take("-") {
      return try apply(.int(0), try factor(), { $0.subtractingReportingOverflow($1) }, shapes.sub)
    }
    if take("(") {
      let inner = try comparison()
      try expect(")")
      return inner
    }
    let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    rest = rest.dropFirst(word.count)
    if let value = Int(word) {
      skipSpace()
      return .int(value)
    }
    if take("(") {
      let first = try sum()
      try expect(",")
      let second = try sum()
      try expect(")")
      switch word {
      case "sym_max": return try apply(first, second, { (Swift.max($0, $1), false) }, shapes.max)
      case "sym_min": return try apply(first, second, { (Swift.min($0, $1), false) }, shapes.min)
      default: throw .unreadable("no function \(word)")
      }
    }
    skipSpace()
    guard let expression = shapes.arena.symbol(named: String(word)),
      let symbol = shapes.arena.asSymbol(expression)
    else { throw .unreadable("no symbol \(word)") }
    let example: Int? = if case .int(let hint)? = shapes.hint(of: symbol) { hint } else { nil }
    return .symbolic(shapes.find(symbol), example: example)
  }

  // Values

  private func expression(_ value: Value) -> SymExpr {
    switch value {
    case .int(let value): shapes.arena.integer(value)
    case .symbolic(let expression, _): expression
    }
  }

  private func example(_ value: Value) -> Int? {
    switch value {
    case .int(let value): value
    case .symbolic(_, let example): example
    }
  }

  private func both(_ a: Value, _ b: Value, _ operation: (Int, Int) -> Int?) -> Int? {
    guard let x = example(a), let y = example(b) else { return nil }
    return operation(x, y)
  }

  private func apply(
    _ a: Value, _ b: Value, _ onInts: (Int, Int) -> (partialValue: Int, overflow: Bool),
    _ onSymbols: (SymInt, SymInt) -> SymInt
  ) throws(PythonReaderError) -> Value {
    let example = both(a, b) { x, y in
      let result = onInts(x, y)
      return result.overflow ? nil : result.partialValue
    }
    if case .int = a, case .int = b {
      guard let example else { throw .unreadable("an integer is too large") }
      return .int(example)
    }
    let result = onSymbols(shapes.symInt(expression(a)), shapes.symInt(expression(b)))
    return .symbolic(shapes.expression(result), example: example)
  }

  private func divide(
    _ a: Value, _ b: Value, _ onSymbols: (SymInt, SymInt) -> SymInt
  ) throws(PythonReaderError) -> Value {
    if expression(b) == .zero || both(a, b, { _, y in y }) == 0 { throw .divisionByZero }
    let result = onSymbols(shapes.symInt(expression(a)), shapes.symInt(expression(b)))
    let example = both(a, b) { x, y in onSymbols(SymInt(x), SymInt(y)).constant }
    if case .int = a, case .int = b, let example { return .int(example) }
    return .symbolic(shapes.expression(result), example: example)
  }

  // Text

  private mutating func skipSpace() { rest = rest.drop { $0 == " " } }

  private mutating func take(_ sign: String) -> Bool {
    skipSpace()
    guard rest.hasPrefix(sign) else { return false }
    rest = rest.dropFirst(sign.count)
    skipSpace()
    return true
  }

  private mutating func expect(_ sign: String) throws(PythonReaderError) {
    if !take(sign) { throw .unreadable("expected \(sign)") }
  }
}
