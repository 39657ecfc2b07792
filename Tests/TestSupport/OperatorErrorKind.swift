public import FakeTensors

/// What an error is about: the kinds distinguished by PyTorch's exceptions in fake calls.
public enum OperatorErrorKind: String, Sendable {
  /// A data-dependent decision.
  case dataDependent
  /// An unbacked size of the result.
  case dynamicOutputShape
  /// An unbacked value.
  case dataDependentOutput
  /// Arguments that the operator does not accept.
  case refused
  /// A call for which SwiftFX has no rule; PyTorch has no such exception.
  case unsupported

  /// The kind of a PyTorch exception, from the name of its class.
  ///
  /// `UnsupportedOperatorException` is a refusal: the operator has no fake implementation in PyTorch, so no
  /// program can be exported with it.
  public init(pyTorch name: String) throws {
    switch name {
    case "GuardOnDataDependentSymNode": self = .dataDependent
    case "DynamicOutputShapeException": self = .dynamicOutputShape
    case "DataDependentOutputException": self = .dataDependentOutput
    case "RuntimeError", "AssertionError", "IndexError", "ValueError", "NotImplementedError", "TypeError",
      "UnsupportedOperatorException":
      self = .refused
    default: throw GoldenError("an exception of the unknown class \(name)")
    }
  }

  /// The kind of an error thrown by a rule.
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
