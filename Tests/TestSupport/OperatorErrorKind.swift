public import FakeTensors

/// What an error is about: the kinds that PyTorch's exceptions of fake calls tell apart.
public enum OperatorErrorKind: String, Sendable {
  /// A decision about sizes that only a run can make.
  case dataDependent
  /// A size of the result that only a run knows.
  case dynamicOutputShape
  /// A value that only a run knows.
  case dataDependentOutput
  /// Arguments that the operator does not take.
  case refused
  /// A call that SwiftFX has no rule for; PyTorch raises nothing of this kind.
  case unsupported

  /// The kind of one of PyTorch's exceptions, from the name of its class.
  ///
  /// `UnsupportedOperatorException` is a refusal: the operator has no fake implementation in PyTorch, so no
  /// program can be exported with it.
  public init(pyTorch name: String) throws {
    switch name {
    case "GuardOnDataDependentSymNode": self = .dataDependent
    case "DynamicOutputShapeException": self = .dynamicOutputShape
    case "DataDependentOutputException": self = .dataDependentOutput
    case "RuntimeError", "AssertionError", "IndexError", "ValueError", "NotImplementedError",
      "UnsupportedOperatorException":
      self = .refused
    default: throw GoldenError("an exception of the unknown class \(name)")
    }
  }

  /// The kind of an error of a rule.
  public init(_ error: OperatorError) {
    switch error.kind {
    case .dataDependent: self = .dataDependent
    case .dynamicOutputShape: self = .dynamicOutputShape
    case .dataDependentOutput: self = .dataDependentOutput
    case .refused, .refusedWhenTraced, .wrongArgument, .foreignTensor, .wrongResult, .ruleFailed:
      self = .refused
    case .unsupported, .noRule: self = .unsupported
    }
  }
}
