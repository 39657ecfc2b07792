public import SymbolicShapes

/// Why an operator cannot be applied to the arguments it was given.
public struct OperatorError: Error {
  /// What went wrong, for code that handles some cases itself.
  public enum Kind: Sendable {
    /// The law that does not hold, in words; PyTorch also raises an error.
    case refused(String)
    /// The law that does not hold; PyTorch raises an error while tracing, but an actual run succeeds.
    case refusedWhenTraced(String)
    /// A data-dependent decision.
    case dataDependent(SymbolicShapeError)
    /// An unbacked size, although the mode does not allow one (`DynamicOutputShapeException`).
    case dynamicOutputShape
    /// An unbacked value, although the mode does not allow one (`DataDependentOutputException`).
    case dataDependentOutput
    /// An argument of a different type than the schema's.
    case wrongArgument(name: String, expected: String, found: String)
    /// A tensor argument that belongs to another ``FakeTensorMode`` than the call.
    case foreignTensor(name: String)
    /// A user's rule returned something other than what its schema states.
    case wrongResult(expected: String, found: String)
    /// A user's rule threw an error of another type.
    case ruleFailed(any Error)
    /// The operator has no rule for these arguments.
    case unsupported(String)
    /// The operator has no rule.
    case noRule
  }

  /// What went wrong.
  public let kind: Kind
  /// The full overload name, such as `aten.mm.default`.
  public let `operator`: String
  /// The arguments of the call by name, in the order of the schema, as text such as `f32[8, 128]`.
  public let arguments: [(name: String, value: String)]
  /// What the reader can do about it.
  public var hint: String?
  /// For a check that cannot hold: the required condition and what contradicts it.
  public var conflict: Conflict?

  /// Creates an error from its facts.
  public init(
    _ kind: Kind, operator: String, arguments: [(name: String, value: String)] = [], hint: String? = nil
  ) {
    self.kind = kind
    self.operator = `operator`
    self.arguments = arguments
    self.hint = hint
  }

  /// One sentence that says what is wrong.
  public var message: String {
    switch kind {
    case .refused(let law), .refusedWhenTraced(let law): law
    case .dataDependent(let error): error.message
    case .dynamicOutputShape: "the size of the result depends on data, and no shape environment allows that"
    case .dataDependentOutput: "the result depends on data, and no shape environment allows that"
    case .wrongArgument(let name, let expected, let found):
      "argument '\(name)' must be \(expected), not \(found)"
    case .foreignTensor(let name): "argument '\(name)' is a tensor of another FakeTensorMode"
    case .wrongResult(let expected, let found): "the rule must return \(expected), not \(found)"
    case .ruleFailed(let error): "the rule failed: \(error)"
    case .unsupported(let what): what
    case .noRule: "no shape rule for this operator"
    }
  }
}

extension OperatorError: CustomStringConvertible {
  /// The message, the arguments, what is known against a check, and the hint, one per line.
  public var description: String {
    var text = "\(`operator`): \(message)"
    for (name, value) in arguments { text += "\n  given  \(name): \(value)" }
    for fact in conflict?.known ?? [] { text += "\n  known  \(fact)" }
    if let hint { text += "\n  hint   \(hint)" }
    return text
  }
}
