public import ExportedPrograms
public import FX

/// Everything that a text holds: its graphs, in their order, and what its logs say about symbols.
///
/// ```swift
/// let document = try GraphDocument(text)
/// for program in document.programs { print(program.title ?? "graph", program.exported.graphModule.graph.nodeCount) }
/// ```
///
/// The text may be what PyTorch prints (`str(graph)`, `print_readable`, `print(exported_program)`), logs
/// (`TORCH_LOGS`) or writes to files (`fx_graph_runnable.py`, `TORCH_TRACE`), with what terminals, loggers, mailers and
/// browsers put around it.
public struct GraphDocument: Sendable {
  /// The graphs, in the order of the text.
  public internal(set) var programs: [TextProgram] = []
  /// What event logs say about symbols, for each compilation.
  public internal(set) var environments: [LoggedEnvironment] = []

  init(environments: [LoggedEnvironment]) { self.environments = environments }

  /// Reads a text.
  ///
  /// - Throws: ``TextError``, with the line and column of the first thing that cannot be read.
  /// - Complexity: O(*n*) in the bytes of the text.
  public init(_ text: String) throws(TextError) { try self.init(bytes: Array(text.utf8)) }

  /// Reads the bytes of a text; `inputs` says of inputs what the text does not.
  public init(bytes: [UInt8], inputs: InputAnnotations = InputAnnotations()) throws(TextError) {
    guard !bytes.isEmpty else { throw TextError(.empty, at: TextPosition(line: 1, column: 1)) }
    var reader = DocumentReader(try SourceCleaner.clean(bytes))
    self = try reader.document(inputs)
  }
}

/// A graph of a text, as a program.
public struct TextProgram: Sendable {
  /// The program: its graph, what annotations record, and whatever else the text says.
  public var exported: ExportedProgram
  /// What the text calls the graph, such as `Forward graph 0`.
  public var title: String?
  /// The compilation that the graph belongs to, such as `0/0`.
  public var compileID: String?
  /// The process that logged it; empty when nothing says so.
  public var process: String
  /// Where the graph starts.
  public var position: TextPosition
  /// Where its nodes stand, by the path of their module.
  public var places: [String: NodePlaces]
  /// The inputs of which the text does not say what they are.
  public var inputsWithoutValue: [String]
}

extension GraphModule {
  /// The one graph of a text.
  ///
  /// ```swift
  /// let module = try GraphModule(text: """
  ///   graph():
  ///       %x : [num_users=1] = placeholder[target=x]
  ///       %relu : [num_users=1] = call_function[target=torch.ops.aten.relu.default](args = (%x,), kwargs = {})
  ///       return relu
  ///   """)
  /// ```
  ///
  /// - Throws: ``TextError`` when the text cannot be read, and when it has another number of graphs.
  public init(text: String) throws(TextError) {
    let programs = try GraphDocument(text).programs
    guard let program = programs.first else {
      throw TextError(.noGraph, at: TextPosition(line: 1, column: 1))
    }
    guard programs.count == 1 else {
      throw TextError(
        .unexpected(expected: "one graph", found: "\(programs.count); read them with GraphDocument"),
        at: programs[1].position)
    }
    self = program.exported.graphModule
  }
}
