public import FX

/// A module of the source program and, if preserved, its calling convention.
///
/// The first entry is the program itself, under the empty name.
public struct ModuleCallEntry: Equatable, Sendable {
  /// The dotted path of the module.
  public var path: String
  /// The calling convention, if it was preserved.
  public var signature: ModuleCallSignature?
}

/// How a module is called: its flat inputs and outputs, and the treespecs that nest them.
public struct ModuleCallSignature: Equatable, Sendable {
  /// The inputs, flattened.
  public var inputs: [ArgumentSpec]
  /// The outputs, flattened.
  public var outputs: [ArgumentSpec]
  /// The treespec of the arguments: a tuple of positional ones and a dictionary of keywords.
  public var inSpec: ArchivedTreeSpec
  /// The treespec of the results.
  public var outSpec: ArchivedTreeSpec
  /// The parameter names of `forward`, if recorded.
  public var forwardArgumentNames: [String]
}

/// A treespec as text and parsed.
///
/// The text survives a round trip even if it names unknown classes.
public struct ArchivedTreeSpec: Equatable, Sendable {
  /// PyTorch's text, such as `[1, {"type": "builtins.tuple", …}]`.
  public var text: String
  /// The parsed treespec.
  public var spec: TreeSpec
}
