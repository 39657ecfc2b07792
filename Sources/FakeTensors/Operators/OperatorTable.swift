public import OperatorSchemas

/// An operator that a program calls, with everything that is known before the run.
///
/// A class, so that looking one up copies nothing.
public final class ResolvedOperator: Sendable {
  /// How the rule's result becomes the overload's result.
  public enum Variant: Sendable { case functional, inplace, out }

  /// What the overload takes and returns.
  public let schema: FunctionSchema
  /// Computes the functional result.
  public let rule: OperatorRule
  /// How the functional result becomes the overload's result.
  public let variant: Variant
  /// How a result is stored in the target of an in-place variant.
  public let inplace: InplaceLaw
  /// The positions of arguments of type `int` or `float`, for which symbolic values are guarded on.
  let plainNumbers: [Int]
  /// Whether gradients flow from the results to the arguments.
  let isDifferentiable: Bool
  /// Whether that is so only since PyTorch 2.15.
  let isBesselFunction: Bool

  init(_ schema: FunctionSchema, _ row: OperatorRow, _ variant: Variant) {
    self.schema = schema
    self.rule = row.rule
    self.variant = variant
    self.inplace = row.inplace
    plainNumbers = schema.arguments.indices.filter {
      let type = schema.arguments[$0].type.nonOptional
      return type == .int || type == .float
    }
    isDifferentiable = !Self.undifferentiated.contains(schema.name.base)
    isBesselFunction = Self.besselFunctions.contains(schema.name.base)
  }
}

/// The shape rules of operators, found by overload name.
///
/// A rule is looked up by the full overload name, then by the operator's name. An in-place (`add_`) or `out=`
/// (`add.out`) overload without its own rule uses that of the functional form; an alias (`absolute`) uses that of its
/// target.
public struct OperatorTable: Sendable {
  private var rows: [String: OperatorRow] = [:]
  private var aliases: [String: String] = [:]

  /// Creates a table without rules.
  public init() {}

  /// Creates a table of these families, whose rules are trusted to return what their schemas state.
  ///
  /// - Throws: ``SchemaError`` if the schema of a row cannot be parsed.
  public init(_ families: [[OperatorRow]], aliases: [OperatorAlias] = []) throws(SchemaError) {
    for family in families {
      for case let text? in family.lazy.map(\.schema) { _ = try FunctionSchema(text) }
    }
    self.init(valid: families, aliases: aliases)
  }

  /// Creates a table of families whose schemas are known to be valid; they are parsed when they are asked for.
  package init(valid families: [[OperatorRow]], aliases: [OperatorAlias]) {
    rows.reserveCapacity(families.reduce(0) { $0 + $1.count })
    self.aliases.reserveCapacity(aliases.count)
    for family in families { for row in family { rows[row.name] = row } }
    for alias in aliases { self.aliases[alias.name] = alias.target }
  }

  /// Adds or replaces a rule; see ``OperatorRule`` for what a rule of a PyTorch operator may depend on.
  ///
  /// Errors of any type and wrong results become an ``OperatorError`` of the call.
  ///
  /// - Throws: ``SchemaError`` if the row's schema cannot be parsed or has unknown types.
  public mutating func add(_ row: OperatorRow) throws(SchemaError) {
    if let text = row.schema { try FunctionSchema(text).requireKnownTypes() }
    rows[row.name] = row.checked()
  }

  /// Adds a custom operator from its schema, such as `mylib::nonzero_rows(Tensor x) -> Tensor`, and its rule.
  ///
  /// Errors of any type and wrong results become an ``OperatorError`` of the call.
  ///
  /// - Throws: ``SchemaError`` if the schema cannot be parsed or has unknown types.
  public mutating func add(schema text: String, rule: @escaping OperatorRule) throws(SchemaError) {
    let schema = try FunctionSchema(text)
    try schema.requireKnownTypes()
    let prefix = prefix(schema.name.base, schema.name)
    rows[key(prefix, schema.name.overload)] = OperatorRow(prefix, schema: text, rule).checked()
  }

  /// Replaces the rule of a PyTorch operator by one that is trusted like those of the families.
  package mutating func replaceRule(of name: String, with rule: @escaping OperatorRule) {
    rows[name] = OperatorRow(name, rule)
  }

  /// What the overload takes and returns: as its row states, or PyTorch's table.
  public func schema(for name: OperatorName) -> FunctionSchema? {
    if let text = row(prefix(name.base, name), overload: name.overload)?.schema,
      let schema = try? FunctionSchema(text), schema.name == name
    {
      return schema
    }
    return SchemaTable.schema(for: name)
  }

  /// The rule for an overload, or `nil` if there is none.
  public func resolve(_ name: OperatorName) -> ResolvedOperator? {
    guard let schema = schema(for: name) else { return nil }
    if schema.isOut, rows[key(prefix(name.base, name), name.overload)] == nil,
      let row = row(name.base, schema.functionalName)
    {
      return ResolvedOperator(schema, row, .out)
    }
    if let row = row(name.base, name) { return ResolvedOperator(schema, row, .functional) }
    if schema.isInplace, let row = row(String(name.base.dropLast()), name) {
      return ResolvedOperator(schema, row, .inplace)
    }
    return nil
  }

  private func row(_ base: String, _ name: OperatorName) -> OperatorRow? {
    let prefix = prefix(base, name)
    return row(prefix, overload: name.overload)
      ?? aliases[prefix].flatMap { row($0, overload: name.overload) }
  }

  private func row(_ prefix: String, overload: String) -> OperatorRow? {
    rows[key(prefix, overload)] ?? rows[prefix]
  }

  private func key(_ prefix: String, _ overload: String) -> String { prefix + "." + overload }

  private func prefix(_ base: String, _ name: OperatorName) -> String {
    name.namespace == "aten" ? base : name.namespace + "." + base
  }

  /// The names under which rules are found, sorted.
  public var names: [String] { rows.keys.sorted() }
}
