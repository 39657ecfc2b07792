/// What a rule computes: the fake result of one call.
public typealias OperatorRule = @Sendable (OperatorCall) throws -> FakeValue

/// An operator, or a few overloads of it, with its shape rule.
///
/// The name is `base` (of namespace `aten`) or `namespace.base`, for all overloads; with a further part, as in
/// `add.Scalar`, for that overload alone. In-place and `out=` variants are derived from it
/// (see ``OperatorTable``), so a row is written for the functional form.
public struct OperatorRow: Sendable {
  public let name: String
  /// The schema, for an operator that PyTorch's table does not list.
  public let schema: String?
  /// Which results the in-place variants take.
  public let inplaceCast: InplaceCast
  public let rule: OperatorRule

  public init(
    _ name: String, schema: String? = nil, inplaceCast: InplaceCast = .checked, _ rule: @escaping OperatorRule
  ) {
    self.name = name
    self.schema = schema
    self.inplaceCast = inplaceCast
    self.rule = rule
  }
}

/// Which dtypes an in-place operator may store into its target.
///
/// PyTorch's kernels refuse what `c10::canCast` refuses; some of its Python references check less, and fake
/// tensors behave like those.
public enum InplaceCast: Sendable {
  /// Those that `canCast` allows: no complex number into a real one, no float into an integer, nothing but
  /// truth values into `bool`.
  case checked
  /// As `checked`, except that complex numbers go into everything but `bool` (`add_`, `sub_`).
  case checkedButComplex
  /// Everything (`mul_`, comparisons).
  case unchecked
}

/// Another name of an operator, such as `absolute` for `abs`: same overloads, same rules.
public struct OperatorAlias: Sendable {
  public let name: String
  public let target: String

  public init(_ name: String, of target: String) {
    self.name = name
    self.target = target
  }
}
