/// A rule computes the fake result of one call.
///
/// Results of PyTorch's own operators are remembered, so their rules may depend only on the metadata of the arguments
/// and on what is known about their symbols. Object identity and shared storage may matter only if the rule writes to a
/// tensor or uses a memo.
public typealias OperatorRule = @Sendable (OperatorCall) throws -> FakeValue

/// An operator, or some of its overloads, with its shape rule.
///
/// The name `base` (in namespace `aten`) or `namespace.base` stands for all overloads; with a further part, as in
/// `add.Scalar`, for that overload alone. In-place and `out=` variants are derived (see ``OperatorTable``), so a row is
/// written for the functional form.
public struct OperatorRow: Sendable {
  /// The name under which the table finds it.
  public let name: String
  /// The schema, for an operator that PyTorch's table does not list.
  public let schema: String?
  /// How a result is stored in the target of an in-place variant.
  public let inplace: InplaceLaw
  /// Computes the result.
  public let rule: OperatorRule

  /// Creates a row from its parts.
  public init(
    _ name: String, schema: String? = nil, inplace: InplaceLaw = .kernel, _ rule: @escaping OperatorRule
  ) {
    self.name = name
    self.schema = schema
    self.inplace = inplace
    self.rule = rule
  }
}

/// Another name for an operator, such as `absolute` for `abs`: same overloads, same rules.
public struct OperatorAlias: Sendable {
  /// The name under which the table finds it.
  public let name: String
  /// The operator that it names.
  public let target: String

  /// Creates an alias from its parts.
  public init(_ name: String, of target: String) {
    self.name = name
    self.target = target
  }
}
