public import OperatorSchemas

/// An operator that a program calls, with everything that can be known before the run.
public struct ResolvedOperator: Sendable {
  /// How the rule's result becomes the overload's result.
  public enum Variant: Sendable { case functional, inplace, out }

  public let schema: FunctionSchema
  public let rule: OperatorRule
  public let variant: Variant
}

/// The shape rules of operators, found by overload name.
///
/// A rule is looked for under the full overload name, then under the operator's name. An in-place (`add_`) or
/// `out=` (`add.out`) overload without a rule of its own uses that of the functional form.
public struct OperatorTable: Sendable {
  private var rules: [String: OperatorRule] = [:]
  private var schemas: [OperatorName: FunctionSchema] = [:]

  public init(_ families: [[OperatorRow]] = []) {
    for family in families { for row in family { add(row) } }
  }

  /// Adds or replaces a rule.
  public mutating func add(_ row: OperatorRow) {
    rules[row.name] = row.rule
    if let text = row.schema, let schema = try? FunctionSchema(text) { schemas[schema.name] = schema }
  }

  /// Adds an operator of one's own: its schema, such as `mylib::nonzero_rows(Tensor x) -> Tensor`, and its rule.
  ///
  /// - Throws: ``SchemaError`` when the schema cannot be read.
  public mutating func add(schema text: String, rule: @escaping OperatorRule) throws {
    let schema = try FunctionSchema(text)
    schemas[schema.name] = schema
    rules[schema.name.description] = rule
  }

  public func schema(for name: OperatorName) -> FunctionSchema? { schemas[name] ?? SchemaTable.schema(for: name) }

  /// The rule for an overload, or `nil` when there is none.
  public func resolve(_ name: OperatorName) -> ResolvedOperator? {
    guard let schema = schema(for: name) else { return nil }
    if let rule = rules["\(prefix(name.base, name)).\(name.overload)"] {
      return ResolvedOperator(schema: schema, rule: rule, variant: .functional)
    }
    if schema.isOut, let rule = rule(name.base, functionalName(of: name)) {
      return ResolvedOperator(schema: schema, rule: rule, variant: .out)
    }
    if let rule = rule(name.base, name) {
      return ResolvedOperator(schema: schema, rule: rule, variant: .functional)
    }
    if schema.isInplace, let rule = rule(String(name.base.dropLast()), name) {
      return ResolvedOperator(schema: schema, rule: rule, variant: .inplace)
    }
    return nil
  }

  private func rule(_ base: String, _ name: OperatorName) -> OperatorRule? {
    let prefix = prefix(base, name)
    return rules["\(prefix).\(name.overload)"] ?? rules[prefix]
  }

  private func prefix(_ base: String, _ name: OperatorName) -> String {
    name.namespace == "aten" ? base : "\(name.namespace).\(base)"
  }

  /// `add.Scalar_out` → `add.Scalar`, `add.out` → `add.default`.
  private func functionalName(of name: OperatorName) -> OperatorName {
    var overload = name.overload
    if overload.hasSuffix("_out") { overload.removeLast(4) } else { overload = "default" }
    return OperatorName(namespace: name.namespace, base: name.base, overload: overload)
  }

  /// The names under which rules are found, sorted.
  public var names: [String] { rules.keys.sorted() }
}
