extension InputSpec.Kind: CustomStringConvertible {
  /// PyTorch's name of the kind, such as `USER_INPUT`.
  ///
  /// - Source: `InputKind`, `torch/export/graph_signature.py`, v2.13.
  public var description: String {
    switch self {
    case .userInput: "USER_INPUT"
    case .parameter: "PARAMETER"
    case .buffer: "BUFFER"
    case .constantTensor: "CONSTANT_TENSOR"
    case .customObject: "CUSTOM_OBJ"
    case .token: "TOKEN"
    case .unknown(let name): name
    }
  }
}

extension OutputSpec.Kind: CustomStringConvertible {
  /// PyTorch's name of the kind, such as `BUFFER_MUTATION`.
  ///
  /// - Source: `OutputKind`, `torch/export/graph_signature.py`, v2.13.
  public var description: String {
    switch self {
    case .userOutput: "USER_OUTPUT"
    case .lossOutput: "LOSS_OUTPUT"
    case .bufferMutation: "BUFFER_MUTATION"
    case .parameterMutation: "PARAMETER_MUTATION"
    case .gradientToParameter: "GRADIENT_TO_PARAMETER"
    case .gradientToUserInput: "GRADIENT_TO_USER_INPUT"
    case .userInputMutation: "USER_INPUT_MUTATION"
    case .token: "TOKEN"
    case .unknown(let name): name
    }
  }
}
