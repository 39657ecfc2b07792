/// One statement of the body of a printed graph.
struct PythonStatement {
  enum Kind {
    /// `name: annotation = value`.
    case assign(Target, PythonExpression)
    /// `name: annotation`.
    case declare(Target)
    /// `a, b, = value`.
    case unpack([Name], PythonExpression)
    /// `a = b = None`, which ends the life of the values.
    case release([Name])
    /// `target += value`, and `target[key] = value` with the operator `=`.
    case update(PythonExpression, String, PythonExpression)
    case returns(PythonExpression)
    case expression(PythonExpression)
    case pass
  }

  /// A name on the left of `=`.
  struct Name {
    var text: String
    var spot: Spot
  }

  struct Target {
    var name: Name
    /// The annotation, when it is a string, and where its quote stands.
    var annotation: (text: String, spot: Spot)?
  }

  var kind: Kind
  var start: Spot
}

extension PythonParser {
  /// The statements up to the end of the line, which is the next token then.
  mutating func statements() throws(TextError) -> [PythonStatement] {
    var statements: [PythonStatement] = []
    while token.kind != .newline, token.kind != .end {
      statements.append(try statement())
      guard try consume(";") else { break }
    }
    guard token.kind == .newline || token.kind == .end else { throw unexpected("the end of the line") }
    return statements
  }

  private mutating func statement() throws(TextError) -> PythonStatement {
    let start = token.start
    if isName("return") {
      try advance()
      if token.kind == .newline || token.kind == .end || isMark(";") {
        return PythonStatement(
          kind: .returns(PythonExpression(kind: .name("None"), start: start, end: lastEnd)), start: start)
      }
      return PythonStatement(kind: .returns(try expressionOrTuple()), start: start)
    }
    if isName("pass") {
      try advance()
      return PythonStatement(kind: .pass, start: start)
    }
    if isName("del") {
      try advance()
      let names = try expressionOrTuple()
      return PythonStatement(
        kind: .release((names.elements ?? [names]).compactMap(PythonStatement.Name.init)), start: start)
    }
    let left = try expressionOrTuple()
    return PythonStatement(kind: try rest(of: left), start: start)
  }

  private mutating func rest(of left: PythonExpression) throws(TextError) -> PythonStatement.Kind {
    guard case .mark(let mark) = token.kind else { return .expression(left) }
    switch mark {
    case ":":
      guard let name = PythonStatement.Name(left) else { throw unexpected("'='") }
      try advance()
      let target = PythonStatement.Target(name: name, annotation: try annotation())
      guard isMark("=") else { return .declare(target) }
      try advance()
      try skipNewlines()
      return .assign(target, try expressionOrTuple())
    case "=":
      return try assignment(to: left)
    case "+=", "-=", "*=", "/=", "//=", "%=", "**=", "@=", "&=", "|=", "^=", "<<=", ">>=":
      try advance()
      return .update(left, mark, try expressionOrTuple())
    default: return .expression(left)
    }
  }

  private mutating func assignment(to left: PythonExpression) throws(TextError) -> PythonStatement.Kind {
    var targets = [left]
    var value = left
    while isMark("=") {
      try advance()
      try skipNewlines()
      value = try expressionOrTuple()
      targets.append(value)
    }
    targets.removeLast()
    if case .name("None") = value.kind {
      let names = targets.compactMap(PythonStatement.Name.init)
      if names.count == targets.count { return .release(names) }
    }
    guard targets.count == 1 else {
      throw failure(.unsupported("an assignment to several names"), at: left.start)
    }
    if let name = PythonStatement.Name(left) { return .assign(.init(name: name, annotation: nil), value) }
    if let items = left.elements {
      return .unpack(items.compactMap(PythonStatement.Name.init), value)
    }
    return .update(left, "=", value)
  }

  /// An annotation, whose text is kept when it is a string.
  mutating func annotation() throws(TextError) -> (text: String, spot: Spot)? {
    let value = try expression()
    guard case .string(let text) = value.kind else { return nil }
    return (text, value.start)
  }
}

extension PythonStatement.Name {
  init?(_ expression: PythonExpression) {
    guard case .name(let text) = expression.kind else { return nil }
    self.init(text: text, spot: expression.start)
  }
}
