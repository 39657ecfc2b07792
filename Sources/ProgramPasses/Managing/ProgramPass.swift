import ExportedPrograms
public import FX
public import FakeTensors
public import GraphPasses
import ShapePropagation
public import SymbolicShapes

/// A named change of an exported program: of its graph, its signature and its recorded values together.
///
/// ```swift
/// var program = try ExportedProgram(path: "model.pt2")
/// try program.apply([.decompose(), .removeNoOps], operators: .aten)
/// try program.save(to: "core.pt2")
/// ```
public struct ProgramPass: Sendable {
  /// The name of the pass in messages and commands.
  public let name: String
  let body: @Sendable (FakeProgram, OperatorTable) throws -> Edit

  /// A changed program, and what changed in it.
  struct Edit {
    var program: ExportedProgram
    var changes: Changes
  }

  /// Creates a pass that only needs the graph.
  ///
  /// Afterwards, the program is propagated again, and new nodes get the values that this finds.
  public init(_ pass: GraphPass) {
    name = pass.name
    body = { program, operators in
      var module = program.exported.graphModule
      let changes = try pass(&module)
      return try Self.edit(program, module, changes, operators)
    }
  }

  /// Creates a pass that looks at the values of the nodes.
  ///
  /// - Parameters:
  ///   - name: the name of the pass.
  ///   - body: changes the module, and notes which node replaced each one that no longer exists.
  public init(
    _ name: String,
    reading body:
      @escaping @Sendable (
        _ module: inout GraphModule, _ known: ProgramValues, _ replaced: inout NodeMap<Node>
      ) throws -> Void
  ) {
    self.name = name
    self.body = { program, operators in
      let known = try ProgramValues(program, operators)
      let old = program.exported.graphModule
      var module = old
      var replaced: NodeMap<Node> = [:]
      try body(&module, known, &replaced)
      let changes = Changes(from: old, to: module, replaced: replaced)
      // The edited program starts again from what was known before the values were found.
      return try Self.edit(FakeProgram(program.exported), module, changes, operators)
    }
  }

  /// Creates a pass that makes another program.
  init(
    _ name: String, making body: @escaping @Sendable (FakeProgram, OperatorTable) throws -> ExportedProgram
  ) {
    self.name = name
    self.body = { program, operators in
      let new = try body(program, operators)
      return Edit(program: new, changes: Changes(from: program.exported.graphModule, to: new.graphModule))
    }
  }

  private static func edit(
    _ program: FakeProgram, _ module: GraphModule, _ changes: Changes, _ operators: OperatorTable
  ) throws -> Edit {
    guard !changes.isEmpty else { return Edit(program: program.exported, changes: changes) }
    let edited = try program.exported(module, mapping: changes.standIns, table: operators)
    return Edit(program: edited, changes: changes)
  }
}

/// What a propagation found out about a program, for passes.
public struct ProgramValues {
  /// The value of each node of the root graph.
  public let values: NodeMap<FakeValue>
  /// The environment of the values.
  public let shapes: ShapeEnv
  /// The dialects that PyTorch checks the program against.
  public let dialects: [String]
  private let context: PropagationContext

  /// - Throws: ``ShapePropagation/PropagationError`` when the program does not propagate.
  init(_ program: FakeProgram, _ operators: OperatorTable) throws {
    dialects = program.exported.verifiers
    context = program.context(table: operators)
    let run = context.propagate(program.inputs, options: PropagationOptions(trustsRecorded: true))
    if let error = run.error { throw error }
    (values, shapes) = (run.values, program.shapes)
  }

  /// The unbacked symbols that a node binds.
  public func bindings(of node: Node) -> [UnbackedBinding] { context.bindings(of: node) }

  /// The result of a function or operator for these arguments.
  public func value(of target: Node.Target, _ arguments: [FakeValue]) throws -> FakeValue {
    let interpreter = PropagateUnbackedSymInts(context, garbageCollectValues: false)
    return FakeValue(try interpreter.callFunction(target, arguments.map { PyTree($0) }, []), shapes)
  }
}
