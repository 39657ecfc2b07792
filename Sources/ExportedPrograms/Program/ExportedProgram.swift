public import FX

/// A program as `torch.export` saved it: graph, signature and constraints, without its weights.
///
/// A value: loading it once and propagating it many times, in several tasks, is fine. It holds no symbols and
/// no tensors yet; recorded shapes refer to ``expressions`` by number.
///
/// - Source: `torch.export.ExportedProgram`, v2.13.
public struct ExportedProgram: Sendable {
  /// The graph, and the subgraphs of higher-order operators as submodules.
  public var graphModule: GraphModule
  /// What the inputs and outputs of the graph stand for.
  public var signature: GraphSignature
  /// Ranges by symbol or expression, in the order of the archive.
  public var rangeConstraints: [RangeConstraint] = []
  /// What the exporter assumed about inputs, as Python expressions (since PyTorch 2.9).
  public var guardsCode: [String] = []
  /// The modules of the author's program, the program itself first.
  public var moduleCallGraph: [ModuleCallEntry] = []
  /// The version of each operator namespace.
  public var opsetVersion: [Named<Int>] = []
  /// The version of the schema by which the archive was written.
  public var schemaVersion: SchemaVersion
  /// The PyTorch that wrote the program, such as `2.13.0+cpu`; empty when it did not say.
  public var torchVersion = ""
  /// The dialects that the program claims to obey, such as `TRAINING`.
  public var verifiers: [String] = []
  /// Notes about the whole program, in the archive's own JSON.
  public var metadata = NodeMetadata()
  /// The expressions that occur in recorded values.
  public var expressions = RecordedExpressions()
  /// What PyTorch recorded for each node, by the dotted path of the module whose graph holds it.
  public var recordedValues: [String: RecordedValues] = [:]
}

/// The version of the schema by which a program was written.
public struct SchemaVersion: Hashable, Sendable, CustomStringConvertible {
  /// Raised where older readers cannot go on.
  public var major: Int
  /// Raised where something was added.
  public var minor: Int

  /// The version as `8.20`.
  public var description: String { "\(major).\(minor)" }
}

/// The bounds of a symbol, or of an expression in symbols.
public struct RangeConstraint: Hashable, Sendable {
  /// PyTorch's text of the symbol or expression, such as `s77` or `2*s0`.
  public var text: String
  /// The least value, or `nil` for −∞.
  public var lower: Int?
  /// The greatest value, or `nil` for +∞.
  public var upper: Int?
}
