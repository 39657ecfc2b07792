public import FX

/// What the inputs and outputs of a program's graph represent.
///
/// The graph is flat: parameters and buffers are inputs, mutated buffers are outputs. The signature distinguishes them,
/// in the order of the placeholders and of the output tuple.
///
/// - Source: `ExportGraphSignature`, `torch/export/graph_signature.py`, v2.13.
public struct GraphSignature: Equatable, Sendable {
  /// The inputs, in the order of the placeholders.
  public var inputSpecs: [InputSpec]
  /// The outputs, in the order of the output tuple: mutations first, user outputs last.
  public var outputSpecs: [OutputSpec]

  /// Makes a signature.
  public init(inputSpecs: [InputSpec], outputSpecs: [OutputSpec]) {
    self.inputSpecs = inputSpecs
    self.outputSpecs = outputSpecs
  }

  /// The names of the placeholders for user inputs, in order.
  public var userInputs: [String] {
    inputSpecs.filter { $0.kind == .userInput }.compactMap(\.argument.name)
  }

  /// The names of the user outputs, in order; constants have none.
  public var userOutputs: [String] {
    outputSpecs.filter { $0.kind == .userOutput }.compactMap(\.argument.name)
  }
}

/// One input of a graph.
public struct InputSpec: Equatable, Sendable {
  /// Where its value comes from.
  public enum Kind: Equatable, Sendable {
    case userInput, parameter, buffer, constantTensor, customObject, token
    /// A kind unknown to this version.
    case unknown(String)
  }

  /// Where its value comes from.
  public var kind: Kind
  /// The placeholder.
  public var argument: ArgumentSpec
  /// The name in the state dict or among the constants; `nil` for user inputs.
  public var target: String?
  /// Whether a buffer is part of the state dict.
  public var isPersistent: Bool?

  /// Makes the description of an input.
  public init(kind: Kind, argument: ArgumentSpec, target: String? = nil, isPersistent: Bool? = nil) {
    self.kind = kind
    self.argument = argument
    self.target = target
    self.isPersistent = isPersistent
  }
}

/// One output of a graph.
public struct OutputSpec: Equatable, Sendable {
  /// Where its value goes.
  public enum Kind: Equatable, Sendable {
    case userOutput, lossOutput, bufferMutation, parameterMutation, gradientToParameter
    case gradientToUserInput, userInputMutation, token
    /// A kind unknown to this version.
    case unknown(String)
  }

  /// Where its value goes.
  public var kind: Kind
  /// The node that computes it.
  public var argument: ArgumentSpec
  /// The buffer, parameter or input that the value replaces.
  public var target: String?

  /// Makes an output.
  public init(kind: Kind, argument: ArgumentSpec, target: String? = nil) {
    self.kind = kind
    self.argument = argument
    self.target = target
  }
}

/// How a signature names a value.
public enum ArgumentSpec: Equatable, Sendable {
  case tensor(String)
  case symInt(String)
  case symFloat(String)
  case symBool(String)
  case customObject(name: String, className: String)
  case token(String)
  /// A constant of the exported program.
  case constant(name: String, Node.Argument)

  /// The name of the node, or `nil` for a constant without one.
  public var name: String? {
    switch self {
    case .tensor(let name), .symInt(let name), .symFloat(let name), .symBool(let name), .token(let name),
      .customObject(let name, _):
      name
    case .constant(let name, _): name.isEmpty ? nil : name
    }
  }
}
