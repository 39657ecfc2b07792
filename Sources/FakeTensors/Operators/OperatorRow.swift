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
  public var schema: String? { statement.map { $0.hasPrefix("(") ? qualifiedName + $0 : $0 } }
  /// The schema, or the part of it that follows the name.
  private let statement: String?
  /// How a result is stored in the target of an in-place variant.
  public let inplace: InplaceLaw
  /// Computes the result.
  public let rule: OperatorRule

  /// Creates a row from its parts.
  public init(
    _ name: String, schema: String? = nil, inplace: InplaceLaw = .kernel, _ rule: @escaping OperatorRule
  ) {
    self.name = name
    statement = schema
    self.inplace = inplace
    self.rule = rule
  }

  /// Creates the row of `namespace.base` from its parts; `signature` is its schema without the name: `(Scalar a) -> Scalar`.
  public init(_ name: String, signature: String, _ rule: @escaping OperatorRule) {
    self.init(name, schema: signature, rule)
  }

  /// `_operator.add` → `_operator::add`.
  private var qualifiedName: String {
    guard let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")) else { return name }
    return "\(name[..<dot])::\(name[name.utf8.index(after: dot)...])"
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
