public import FX

/// A module of the author's program and, when it was kept, how it is called.
///
/// The first entry is the program itself, under the empty name.
public struct ModuleCallEntry: Equatable, Sendable {
  /// The dotted path of the module.
  public var path: String
  /// How it is called, if that was kept.
  public var signature: ModuleCallSignature?
}

/// How a module is called: its flat inputs and outputs, and the nests they were flattened from.
public struct ModuleCallSignature: Equatable, Sendable {
  /// The values that go in, flat.
  public var inputs: [ArgumentSpec]
  /// The values that come out, flat.
  public var outputs: [ArgumentSpec]
  /// The nest of the arguments: a tuple of positional ones and a dictionary of keywords.
  public var inSpec: ArchivedTreeSpec
  /// The nest of the results.
  public var outSpec: ArchivedTreeSpec
  /// The parameter names of `forward`, when the archive knows them.
  public var forwardArgumentNames: [String]
}

/// A treespec as the archive wrote it, and what it means.
///
/// The text survives a round trip even where it speaks of classes that nobody here knows.
public struct ArchivedTreeSpec: Equatable, Sendable {
  /// PyTorch's text, such as `[1, {"type": "builtins.tuple", …}]`.
  public var text: String
  /// The nest that the text describes.
  public var spec: TreeSpec
}
