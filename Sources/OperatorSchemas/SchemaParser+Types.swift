extension SchemaParser {
  /// Parses a type and the alias annotation inside it: `Tensor(a!)[]`, `t[](a!)`, `SymInt[2]?`.
  mutating func annotatedType(
    nesting: Int = 0
  ) throws(SchemaError) -> (type: ArgumentType, alias: AliasAnnotation?) {
    var type = try word(nesting: nesting)
    var alias = try annotation()
    var suffixes = 0
    while suffixes <= Self.maximumNesting {
      if scanner.take("?") {
        type = .optional(type)
      } else if scanner.take("[") {
        type = .list(type, size: try listSize())
      } else {
        return (type, alias)
      }
      suffixes += 1
      alias?.depth += 1
      if let outer = try annotation() {
        guard alias == nil else { throw scanner.error("a second alias annotation") }
        alias = outer
      }
    }
    throw scanner.error("more than \(Self.maximumNesting) suffixes")
  }

  /// Parses what follows `[`: an optional size and `]`.
  private mutating func listSize() throws(SchemaError) -> Int? {
    if scanner.take("]") { return nil }
    scanner.skipSpaces()
    let digits = scanner.takeWhile { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard let size = Int(digits.text) else { throw scanner.error("expected the size of a list") }
    try scanner.expect("]")
    return size
  }

  /// Parses a type without suffix: a name, `(T, U)`, `Dict(K, V)` or `Future(T)`.
  private mutating func word(nesting: Int) throws(SchemaError) -> ArgumentType {
    guard nesting < Self.maximumNesting else {
      throw scanner.error("types nest deeper than \(Self.maximumNesting)")
    }
    if scanner.take("(") { return .tuple(try types(nesting: nesting + 1)) }
    let name = try scanner.identifier("a type")
    if scanner.next == UInt8(ascii: ".") { return .other(try className(from: name.text)) }
    switch name {
    case "Dict":
      try scanner.expect("(")
      let types = try types(nesting: nesting + 1)
      guard types.count == 2 else { throw scanner.error("a dictionary has two types") }
      return .dictionary(types[0], types[1])
    case "Await", "Future", "RRef", "Union":
      try scanner.expect("(")
      let types = try types(nesting: nesting + 1)
      return .other("\(name.text)(\(types.map(\.description).joined(separator: ", ")))")
    default: return ArgumentType(named: name)
    }
  }

  /// Parses the rest of a dotted name, such as `__torch__.torch.classes.rnn.CellParamsBase`.
  private mutating func className(from first: String) throws(SchemaError) -> String {
    var name = first
    while scanner.next == UInt8(ascii: ".") {
      scanner.advance()
      name += "." + (try scanner.identifier("a class name").text)
    }
    return name
  }

  /// Parses types up to the closing parenthesis.
  private mutating func types(nesting: Int) throws(SchemaError) -> [ArgumentType] {
    var types: [ArgumentType] = []
    repeat {
      types.append(try annotatedType(nesting: nesting).type)
    } while scanner.take(",")
    try scanner.expect(")")
    return types
  }

  /// Parses an alias annotation if there is one: `(a)`, `(a!)`, `(a -> *)`, `(a! -> a|b)`.
  private mutating func annotation() throws(SchemaError) -> AliasAnnotation? {
    guard scanner.next == UInt8(ascii: "("), scanner.take("(") else { return nil }
    let before = try aliasSets()
    let isWrite = scanner.take("!")
    let after = scanner.take("->") ? try aliasSets() : before
    try scanner.expect(")")
    return AliasAnnotation(before: before, after: after, isWrite: isWrite)
  }

  private mutating func aliasSets() throws(SchemaError) -> [String] {
    var sets: [String] = []
    repeat {
      sets.append(scanner.take("*") ? "*" : try scanner.identifier("an alias set").text)
    } while scanner.take("|")
    return sets
  }
}
