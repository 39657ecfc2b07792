public import FX

/// A program as `torch.export` saved it: graph, signature and constraints, without its weights.
///
/// A value: it may be loaded once and propagated many times, in several tasks. It contains no symbols and no tensors
/// yet; recorded shapes refer to ``expressions`` by number.
///
/// - Source: `torch.export.ExportedProgram`, v2.13.
public struct ExportedProgram: Sendable {
  /// The graph, and the subgraphs of higher-order operators as submodules.
  public var graphModule: GraphModule
  /// What the inputs and outputs of the graph represent.
  public var signature: GraphSignature
  /// Ranges of symbols and expressions, in the order of the archive.
  public var rangeConstraints: [RangeConstraint] = []
  /// The exporter's assumptions about inputs, as Python expressions (since PyTorch 2.9).
  public var guardsCode: [String] = []
  /// The modules of the author's program, the program itself first.
  public var moduleCallGraph: [ModuleCallEntry] = []
  /// The version of each operator namespace.
  public var opsetVersion: [Named<Int>] = []
  /// The schema version with which the archive was written.
  public var schemaVersion: SchemaVersion
  /// The PyTorch version that wrote the program, such as `2.13.0+cpu`; empty if not recorded.
  public var torchVersion = ""
  /// The dialects to which the program conforms, such as `TRAINING`.
  public var verifiers: [String] = []
  /// Metadata of the whole program, as in the archive's JSON.
  public var metadata = NodeMetadata()
  /// The expressions that occur in recorded values.
  public var expressions = RecordedExpressions()
  /// How these expressions are written.
  public var expressionSyntax: RecordedExpressions.Syntax
  /// What PyTorch recorded for each node, by the dotted path of the module that contains the graph.
  public var recordedValues: [String: RecordedValues] = [:]

  /// Makes a program of a graph, as a reader of another format does.
  public init(
    graphModule: GraphModule, signature: GraphSignature, schemaVersion: SchemaVersion = .newest,
    expressionSyntax: RecordedExpressions.Syntax = .srepr
  ) {
    self.graphModule = graphModule
    self.signature = signature
    self.schemaVersion = schemaVersion
    self.expressionSyntax = expressionSyntax
  }
}

/// A version of PyTorch's serialization schema.
public struct SchemaVersion: Hashable, Sendable, CustomStringConvertible {
  /// Incremented by changes that older readers cannot handle.
  public var major: Int
  /// Incremented by additions.
  public var minor: Int

  /// The version that PyTorch 2.13 writes.
  public static let newest = SchemaVersion(major: 8, minor: 20)

  /// The version as `8.20`.
  public var description: String { "\(major).\(minor)" }
}

/// The bounds of a symbol or an expression.
public struct RangeConstraint: Hashable, Sendable {
  /// PyTorch's text of the symbol or expression, such as `s77` or `2*s0`.
  public var text: String
  /// The lower bound, or `nil` for −∞.
  public var lower: Int?
  /// The upper bound, or `nil` for +∞.
  public var upper: Int?

  /// Makes a constraint.
  public init(text: String, lower: Int? = nil, upper: Int? = nil) {
    self.text = text
    self.lower = lower
    self.upper = upper
  }
}
