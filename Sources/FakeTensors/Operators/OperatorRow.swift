/// What a rule computes: the fake result of one call.
///
/// The results of PyTorch's own operators are remembered: such a rule must follow from what the arguments look like
/// and what is known of their symbols. Which objects they are, and who shares a memory, may decide only where the
/// rule writes to a tensor or uses what one remembers.
public typealias OperatorRule = @Sendable (OperatorCall) throws -> FakeValue

/// An operator, or a few overloads of it, with its shape rule.
///
/// The name is `base` (of namespace `aten`) or `namespace.base`, for all overloads; with a further part, as in
/// `add.Scalar`, for that overload alone. In-place and `out=` variants are derived from it
/// (see ``OperatorTable``), so a row is written for the functional form.
public struct OperatorRow: Sendable {
  /// The name, as the table looks it up.
  public let name: String
  /// The schema, for an operator that PyTorch's table does not list.
  public let schema: String?
  /// How a result gets into the target of an in-place variant.
  public let inplace: InplaceLaw
  /// What computes the result.
  public let rule: OperatorRule

  /// Makes a row from its parts.
  public init(
    _ name: String, schema: String? = nil, inplace: InplaceLaw = .kernel, _ rule: @escaping OperatorRule
  ) {
    self.name = name
    self.schema = schema
    self.inplace = inplace
    self.rule = rule
  }
}

/// Another name of an operator, such as `absolute` for `abs`: same overloads, same rules.
public struct OperatorAlias: Sendable {
  /// The name, as the table looks it up.
  public let name: String
  /// The operator that it is another name of.
  public let target: String

  /// Makes a row from its parts.
  public init(_ name: String, of target: String) {
    self.name = name
    self.target = target
  }
}
