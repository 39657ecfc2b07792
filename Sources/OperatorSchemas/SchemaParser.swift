/// A recursive descent parser for the schema language.
///
/// ```
/// schema    = name '(' arguments ')' '->' results
/// name      = identifier '::' identifier ['.' identifier]
/// arguments = [item (',' item)*]              item = '*' | '...' | type identifier ['=' default]
/// results   = '...' | result | '(' [result (',' result)*] ')'      result = type [identifier]
/// type      = word [alias] (('[' [size] ']' | '?') [alias])*       word = identifier | tuple | generic
/// ```
struct SchemaParser {
  /// The maximum nesting depth of types, so that no text can exhaust the stack.
  static let maximumNesting = 32

  var scanner: SchemaScanner

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    scanner = SchemaScanner(bytes)
  }

  mutating func schema() throws(SchemaError) -> FunctionSchema {
    var schema = FunctionSchema(name: try name(), arguments: [], returns: [])
    try scanner.expect("(")
    try arguments(into: &schema)
    try scanner.expect("->")
    try returns(into: &schema)
    scanner.skipSpaces()
    guard scanner.isAtEnd else { throw scanner.error("expected the end") }
    return schema
  }

  private mutating func name() throws(SchemaError) -> OperatorName {
    let namespace = try scanner.identifier("a namespace").text
    try scanner.expect("::")
    let base = try scanner.identifier("an operator name").text
    guard scanner.take(".") else { return OperatorName(namespace: namespace, base: base) }
    let overload = try scanner.identifier("an overload name").text
    return OperatorName(namespace: namespace, base: base, overload: overload)
  }

  private mutating func arguments(into schema: inout FunctionSchema) throws(SchemaError) {
    if scanner.take(")") { return }
    schema.arguments.reserveCapacity(4)
    var isKeywordOnly = false
    repeat {
      if scanner.take("...") {
        schema.isVariadic = true
        break
      }
      if scanner.take("*") {
        guard !isKeywordOnly else { throw scanner.error("a second '*'") }
        isKeywordOnly = true
        continue
      }
      let argument = try argument(isKeywordOnly: isKeywordOnly)
      guard schema.position(of: argument.name) == nil else {
        throw scanner.error("a second argument '\(argument.name)'")
      }
      schema.arguments.append(argument)
    } while scanner.take(",")
    try scanner.expect(")")
  }

  private mutating func argument(isKeywordOnly: Bool) throws(SchemaError) -> FunctionSchema.Argument {
    let (type, alias) = try annotatedType()
    let name = try scanner.identifier("an argument name").text
    let value = scanner.take("=") ? try defaultValue(of: type) : nil
    return FunctionSchema.Argument(
      name: name, type: type, defaultValue: value, isKeywordOnly: isKeywordOnly, alias: alias)
  }

  private mutating func returns(into schema: inout FunctionSchema) throws(SchemaError) {
    if scanner.take("...") {
      schema.returnsVariadic = true
      return
    }
    guard scanner.take("(") else {
      schema.returns = [try result()]
      return
    }
    if scanner.take(")") { return }
    repeat {
      schema.returns.append(try result())
    } while scanner.take(",")
    try scanner.expect(")")
  }

  private mutating func result() throws(SchemaError) -> FunctionSchema.Return {
    let (type, alias) = try annotatedType()
    scanner.skipSpaces()
    let name = SchemaScanner.isIdentifier(scanner.next) ? try scanner.identifier("a name").text : nil
    return FunctionSchema.Return(name: name, type: type, alias: alias)
  }
}
