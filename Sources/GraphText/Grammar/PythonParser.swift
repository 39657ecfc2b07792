/// Reads expressions, by precedence.
///
/// One grammar for all forms: code, `repr`s of arguments, ranges and JSON records.
struct PythonParser {
  private(set) var scanner: PythonScanner
  /// The next token.
  private(set) var token: PythonToken
  /// The offset after the last byte that was read.
  private(set) var lastEnd = 0
  private var depth = 0

  init(_ scanner: PythonScanner) throws(TextError) {
    self.scanner = scanner
    token = try self.scanner.next()
  }

  var text: SourceText { scanner.text }

  func failure(_ kind: TextError.Kind, at spot: Spot) -> TextError { scanner.failure(kind, at: spot) }

  /// An error about the next token; where the token starts a line and a bracket of an earlier one is open, about that
  /// bracket.
  func unexpected(_ expected: String) -> TextError {
    let startsLine = token.kind == .end || text.trimmed(token.start.line).lowerBound == token.start.offset
    if startsLine, let last = scanner.open.last, token.kind == .end || last.spot.line != token.start.line {
      return failure(.unclosed("'\(Character(Unicode.Scalar(last.mark)))'"), at: last.spot)
    }
    return failure(.unexpected(expected: expected, found: token.description), at: token.start)
  }

  @discardableResult
  mutating func advance() throws(TextError) -> PythonToken {
    let current = token
    lastEnd = current.end
    token = try scanner.next()
    return current
  }

  func isMark(_ mark: String) -> Bool { token.kind == .mark(mark) }
  func isName(_ name: String) -> Bool { token.kind == .name(name) }

  mutating func consume(_ mark: String) throws(TextError) -> Bool {
    guard isMark(mark) else { return false }
    try advance()
    return true
  }

  mutating func expect(_ mark: String) throws(TextError) {
    guard try consume(mark) else { throw unexpected("'\(mark)'") }
  }

  mutating func name() throws(TextError) -> String {
    guard case .name(let name) = token.kind else { throw unexpected("a name") }
    try advance()
    return name
  }

  /// Passes over ends of lines, where a statement goes on although its line was broken.
  mutating func skipNewlines() throws(TextError) {
    while token.kind == .newline { try advance() }
  }

  // Expressions

  /// An expression, or a tuple without parentheses.
  mutating func expressionOrTuple() throws(TextError) -> PythonExpression {
    let first = try expression()
    guard isMark(",") else { return first }
    var items = [first]
    while try consume(",") {
      if token.kind == .newline || token.kind == .end || isMark("=") || isMark("]") || isMark(";") { break }
      items.append(try expression())
    }
    return PythonExpression(kind: .tuple(items), start: first.start, end: lastEnd)
  }

  mutating func expression() throws(TextError) -> PythonExpression { try binary(0) }

  /// Operators by falling precedence of Python, the loosest first.
  private static let levels: [[String]] = [
    ["or"], ["and"], ["==", "!=", "<", "<=", ">", ">=", "in", "is"], ["|"], ["^"], ["&"], ["<<", ">>"],
    ["+", "-"], ["*", "/", "//", "%", "@"],
  ]

  private mutating func binary(_ level: Int) throws(TextError) -> PythonExpression {
    guard level < Self.levels.count else { return try unary() }
    if level == 2, isName("not") {
      let start = try advance().start
      let operand = try nested { (parser) throws(TextError) in try parser.binary(2) }
      return PythonExpression(kind: .unary("not", operand), start: start, end: lastEnd)
    }
    var left = try binary(level + 1)
    while true {
      let mark: String
      switch token.kind {
      case .mark(let text), .name(let text): mark = text
      default: return left
      }
      guard Self.levels[level].contains(mark) else { return left }
      try advance()
      let right = try binary(level + 1)
      try checkHeight(left)
      left = PythonExpression(kind: .binary(mark, left, right), start: left.start, end: lastEnd)
    }
  }

  private mutating func unary() throws(TextError) -> PythonExpression {
    if case .mark(let mark) = token.kind, ["-", "+", "~"].contains(mark) {
      let start = try advance().start
      let operand = try nested { (parser) throws(TextError) in try parser.unary() }
      return PythonExpression(kind: .unary(mark, operand), start: start, end: lastEnd)
    }
    let base = try postfix()
    guard isMark("**") else { return base }
    try advance()
    let exponent = try nested { (parser) throws(TextError) in try parser.unary() }
    return PythonExpression(kind: .binary("**", base, exponent), start: base.start, end: lastEnd)
  }

  private mutating func postfix() throws(TextError) -> PythonExpression {
    var base = try nested { (parser) throws(TextError) in try parser.primary() }
    while case .mark(let mark) = token.kind {
      try checkHeight(base)
      switch mark {
      case ".":
        try advance()
        base = PythonExpression(kind: .attribute(base, try name()), start: base.start, end: lastEnd)
      case "(":
        let (arguments, keywords) = try self.arguments()
        base = PythonExpression(kind: .call(base, arguments, keywords), start: base.start, end: lastEnd)
      case "[":
        try advance()
        let index = try nested { (parser) throws(TextError) in try parser.index() }
        try expect("]")
        base = PythonExpression(kind: .item(base, index), start: base.start, end: lastEnd)
      default: return base
      }
    }
    return base
  }

  /// What stands between brackets after a value.
  private mutating func index() throws(TextError) -> PythonExpression {
    let start = token.start
    if isMark("]") { return PythonExpression(kind: .tuple([]), start: start, end: lastEnd) }
    var items = [try slice()]
    guard isMark(",") else { return items[0] }
    while try consume(",") {
      if isMark("]") { break }
      items.append(try slice())
    }
    return PythonExpression(kind: .tuple(items), start: start, end: lastEnd)
  }

  private mutating func slice() throws(TextError) -> PythonExpression {
    let start = token.start
    let first = isMark(":") ? nil : try expression()
    guard isMark(":") else {
      guard let first else { throw unexpected("an index") }
      return first
    }
    try advance()
    let stop = isMark(":") || isMark(",") || isMark("]") ? nil : try expression()
    var step: PythonExpression?
    if try consume(":"), !isMark(","), !isMark("]") { step = try expression() }
    return PythonExpression(kind: .slice(first, stop, step), start: start, end: lastEnd)
  }

  /// `(a, b, name = c)`.
  mutating func arguments() throws(TextError) -> ([PythonExpression], [PythonExpression.Keyword]) {
    try expect("(")
    var arguments: [PythonExpression] = []
    var keywords: [PythonExpression.Keyword] = []
    while !isMark(")") {
      let argument = try expression()
      if isMark("="), case .name(let name) = argument.kind {
        try advance()
        keywords.append(.init(name: name, value: try expression()))
      } else {
        arguments.append(argument)
      }
      guard try consume(",") else { break }
    }
    guard isMark(")") else { throw unexpected("',' or ')'") }
    try advance()
    return (arguments, keywords)
  }

  private mutating func primary() throws(TextError) -> PythonExpression {
    let start = token.start
    let kind: PythonExpression.Kind
    switch token.kind {
    case .name(let name): kind = .name(name)
    case .int(let value): kind = .int(value)
    case .float(let value): kind = .float(value)
    case .imaginary(let value): kind = .imaginary(value)
    case .string(var text):
      // Strings side by side are one.
      try advance()
      while case .string(let more) = token.kind {
        text += more
        try advance()
      }
      return PythonExpression(kind: .string(text), start: start, end: lastEnd)
    case .mark("..."): kind = .ellipsis
    case .mark("("): return try parenthesized()
    case .mark("["): return try list()
    case .mark("{"): return try dict()
    // `<lambda>` and `<function f at 0x…>` are how Python shows what has no name.
    case .mark("<"): return try unnamed()
    default: throw unexpected("an expression")
    }
    try advance()
    return PythonExpression(kind: kind, start: start, end: lastEnd)
  }

  private mutating func parenthesized() throws(TextError) -> PythonExpression {
    let start = try advance().start
    var items: [PythonExpression] = []
    var isTuple = false
    while !isMark(")") {
      items.append(try expression())
      guard try consume(",") else { break }
      isTuple = true
    }
    guard isMark(")") else { throw unexpected("',' or ')'") }
    try advance()
    if items.count == 1, !isTuple {
      return PythonExpression(kind: items[0].kind, start: start, end: lastEnd)
    }
    return PythonExpression(kind: .tuple(items), start: start, end: lastEnd)
  }

  private mutating func list() throws(TextError) -> PythonExpression {
    let start = try advance().start
    var items: [PythonExpression] = []
    while !isMark("]") {
      items.append(try expression())
      guard try consume(",") else { break }
    }
    guard isMark("]") else { throw unexpected("',' or ']'") }
    try advance()
    return PythonExpression(kind: .list(items), start: start, end: lastEnd)
  }

  private mutating func dict() throws(TextError) -> PythonExpression {
    let start = try advance().start
    var entries: [(key: PythonExpression, value: PythonExpression)] = []
    while !isMark("}") {
      let key = try expression()
      try expect(":")
      entries.append((key, try expression()))
      guard try consume(",") else { break }
    }
    guard isMark("}") else { throw unexpected("',' or '}'") }
    try advance()
    return PythonExpression(kind: .dict(entries), start: start, end: lastEnd)
  }

  /// `<lambda>` or `<InputKind.BUFFER: 3>`, as a name.
  private mutating func unnamed() throws(TextError) -> PythonExpression {
    let start = try advance().start
    while !isMark(">") {
      if token.kind == .newline || token.kind == .end { throw unexpected("'>'") }
      try advance()
    }
    let end = token.end
    guard token.start.line == start.line else { throw unexpected("'>'") }
    try advance()
    return PythonExpression(kind: .name(text.text(start.offset..<end)), start: start, end: end)
  }

  /// A chain of operators nests to the left, without brackets.
  private func checkHeight(_ expression: PythonExpression) throws(TextError) {
    guard expression.height < 5 * PythonScanner.depthLimit else {
      throw failure(.tooDeep(limit: PythonScanner.depthLimit), at: expression.start)
    }
  }

  /// Reads something inside something else, up to a limit.
  private mutating func nested(
    _ body: (inout PythonParser) throws(TextError) -> PythonExpression
  ) throws(TextError) -> PythonExpression {
    guard depth < 2 * PythonScanner.depthLimit else {
      throw failure(.tooDeep(limit: PythonScanner.depthLimit), at: token.start)
    }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }
}
