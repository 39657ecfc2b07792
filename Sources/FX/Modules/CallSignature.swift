import TensorVocabulary

/// How callers see a module: the nested structures that its flat inputs and outputs represent.
public struct CallSignature: Hashable, Sendable {
  /// The structure of the inputs: a tuple of positional arguments, or a pair of this tuple and a dictionary of keyword
  /// arguments.
  public var inSpec: TreeSpec?
  /// The structure of the outputs.
  public var outSpec: TreeSpec?
  /// The names of the parameters of the author's `forward`.
  public var parameterNames: [String]

  /// Creates a signature.
  public init(inSpec: TreeSpec?, outSpec: TreeSpec?, parameterNames: [String] = []) {
    self.inSpec = inSpec
    self.outSpec = outSpec
    self.parameterNames = parameterNames
  }
}

extension CallSignature {
  /// The structures of the positional and of the keyword arguments.
  private var inputSpecs: (args: TreeSpec, kwargs: TreeSpec)? {
    guard let inSpec else { return nil }
    if inSpec.kind == .tuple, inSpec.children.count == 2, inSpec.children[0].kind == .tuple,
      case .dict = inSpec.children[1].kind
    {
      return (inSpec.children[0], inSpec.children[1])
    }
    return (inSpec, TreeSpec(.dict(keys: [])))
  }

  /// The flat inputs of the graph for the arguments of a call (PyTorch's `process_inputs`).
  ///
  /// - Throws: ``TreeSpecError`` if the arguments do not have the structure of the signature.
  public func processInputs<Value>(
    _ args: [PyTree<Value>], _ kwargs: [Named<PyTree<Value>>] = []
  ) throws(TreeSpecError) -> [PyTree<Value>] {
    guard let (argsSpec, kwargsSpec) = inputSpecs else {
      return args.flatMap { $0.flattened().leaves } + kwargs.flatMap { $0.value.flattened().leaves }
    }
    let inputs: PyTree<Value> = argsSpec.kind == .list ? .list(args) : .tuple(args)
    return try inputs.flattened(as: argsSpec) + PyTree(keywords: kwargs).flattened(as: kwargsSpec)
  }

  /// The flat inputs of the graph for the arguments of a call, or the arguments themselves if they are flat.
  ///
  /// - Throws: ``InterpreterError``, whose kind says whether arguments are missing or superfluous.
  func flatInputs<Value>(
    _ args: [PyTree<Value>], _ kwargs: [Named<PyTree<Value>>]
  ) throws(InterpreterError) -> [PyTree<Value>] {
    let mismatch: TreeSpecError
    do { return try processInputs(args, kwargs) } catch { mismatch = error }
    guard let inSpec, let (argsSpec, kwargsSpec) = inputSpecs else {
      throw InterpreterError(.structure(mismatch))
    }
    if kwargs.isEmpty, args.count == inSpec.leafCount, args.allSatisfy({ $0.flattened().spec == .leaf }) {
      return args
    }
    if case .dict(let keys) = kwargsSpec.kind {
      for argument in kwargs where !keys.contains(.string(argument.name)) {
        throw InterpreterError(.unexpectedKeyword(argument.name))
      }
      for case .string(let key) in keys where kwargs[key] == nil {
        throw InterpreterError(.missingArgument(parameter: key))
      }
    }
    guard args.count == argsSpec.children.count else {
      throw InterpreterError(wrongCount: args.count, expected: argsSpec.children.count)
    }
    throw InterpreterError(.structure(mismatch))
  }

  /// What a caller receives for the graph's flat outputs (PyTorch's `process_outputs`).
  ///
  /// A result that is not a tuple or list counts as the only output.
  ///
  /// - Throws: ``TreeSpecError`` if the number of outputs differs from the signature's.
  public func processOutputs<Value>(_ outputs: PyTree<Value>) throws(TreeSpecError) -> PyTree<Value> {
    guard let outSpec else { return outputs }
    return try outSpec.unflatten(outputs.elements ?? [outputs])
  }
}
