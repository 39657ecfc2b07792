public import ExportedPrograms
public import FX
public import FakeTensors
import OrderedCollections
import ShapePropagation
public import SymbolicShapes

/// A retraced program: its graph, the meaning of its inputs and outputs, and the value of each node.
public struct RewrittenProgram {
  /// The module; subgraphs of higher-order operators are rewritten, too.
  public var module: GraphModule
  /// The signature: values that are written to buffers and inputs come first among the outputs.
  public var signature: GraphSignature
  /// The values of the nodes of the root graph.
  public var values: NodeMap<FakeValue>
  /// The environment of the values, in which the symbols have the names of the archive.
  public let shapes: ShapeEnv
}

extension ExportedProgram {
  /// The program, decomposed and functionalized (PyTorch's `run_decompositions`).
  ///
  /// Symbols keep their names. The facts that the program asserts are asserted again where their symbols are bound.
  ///
  /// - Parameters:
  ///   - table: the operators to decompose.
  ///   - operators: the rules for the shapes.
  /// - Returns: the rewritten program; this one is unchanged.
  /// - Throws: ``ProgramPassError`` for a write or a value that cannot be traced, or what propagation throws.
  /// - Source: `_decompose_exported_program` in `torch/export/exported_program.py`, v2.13.
  public func rewritten(
    with table: DecompositionTable = .coreATen, operators: OperatorTable
  ) throws -> RewrittenProgram {
    try rewritten(FakeProgram(self), with: table, operators: operators).program
  }

  /// The program, decomposed and functionalized, with the values of its new nodes, ready to be saved.
  ///
  /// ```swift
  /// let program = try ExportedProgram(path: "model.pt2")
  /// try program.decomposed(operators: .aten).save(to: "core.pt2")
  /// ```
  ///
  /// - Throws: as ``rewritten(with:operators:)``.
  public func decomposed(
    with table: DecompositionTable = .coreATen, operators: OperatorTable
  ) throws -> ExportedProgram {
    try decomposed(FakeProgram(self), with: table, operators: operators)
  }

  func decomposed(
    _ program: FakeProgram, with table: DecompositionTable, operators: OperatorTable
  ) throws -> ExportedProgram {
    let (rewritten, facts) = try rewritten(program, with: table, operators: operators)
    return try program.exported(
      rewritten.module, signature: rewritten.signature, facts: facts, table: operators)
  }

  private func rewritten(
    _ program: FakeProgram, with table: DecompositionTable, operators: OperatorTable
  ) throws -> (program: RewrittenProgram, facts: RewrittenFacts) {
    try requireValidCalls(operators)
    let retracer = Retracer(program.context(table: operators), table)
    do throws(InterpreterError) { _ = try retracer.run(program.inputs, enableIOProcessing: false) } catch {
      if let own = error.underlying as? ProgramPassError { throw own }
      throw error
    }
    let written = try retracer.finish()
    var graph = retracer.tracer.graph
    let facts = RewrittenFacts(program, retracer.tracer)
    let bindings = facts.bindings
    try graph.insertDeferredRuntimeAsserts(
      values: retracer.tracer.values, bindings: { bindings[$0] ?? [] }, shapes: program.shapes)
    try graph.eraseDeadCode()
    var module = graphModule
    module.graph = graph
    for entry in graphModule.namedModules where !entry.name.isEmpty && !entry.value.isContainer {
      let (path, inner) = (entry.name, entry.value)
      var new = module.submodule(at: path) ?? inner
      new.graph = try rewritten(inner, at: path, program, table, operators, facts)
      module.setSubmodule(new, at: path)
    }
    let signature = try signature(after: written, graph)
    return (
      RewrittenProgram(
        module: module, signature: signature, values: retracer.tracer.values, shapes: program.shapes), facts
    )
  }

  /// Decompositions rely on their calls being valid, which the shape rules decide.
  ///
  /// Writes to leaves that require grad become functional, so they are no reason to refuse a program.
  private func requireValidCalls(_ operators: OperatorTable) throws {
    let program = try FakeProgram(self)
    program.mode.isGradEnabled = false
    func require(_ context: PropagationContext, _ inputs: [FakeValue]) throws {
      let run = context.propagate(inputs, options: PropagationOptions(trustsRecorded: true))
      if let error = run.error { throw error }
    }
    try require(program.context(table: operators), program.inputs)
    // Subgraphs once more: they are rewritten on their recorded inputs, which need not be those of a call. Without recorded
    // inputs, they are refused there.
    for entry in graphModule.namedModules where !entry.name.isEmpty && !entry.value.isContainer {
      let placeholders = entry.value.graph.findNodes(.placeholder)
      let inputs = placeholders.compactMap { program.recordedValue(of: $0, in: entry.name) }
      guard inputs.count == placeholders.count else { continue }
      try require(PropagationContext(entry.value, mode: program.mode, table: operators), inputs)
    }
  }

  /// A subgraph of a higher-order operator, run on the values that the archive recorded for its inputs.
  private func rewritten(
    _ inner: GraphModule, at path: String, _ program: FakeProgram, _ table: DecompositionTable,
    _ operators: OperatorTable, _ facts: RewrittenFacts
  ) throws -> Graph {
    let inputs = inner.graph.findNodes(.placeholder).map { program.recordedValue(of: $0, in: path) }
    guard inputs.allSatisfy({ $0 != nil }) else {
      throw ProgramPassError("the archive records no values for the inputs of '\(path)'")
    }
    let retracer = Retracer(PropagationContext(inner, mode: program.mode, table: operators), table)
    try retracer.run(inputs.compactMap { $0 }, enableIOProcessing: false)
    guard try retracer.finish().isEmpty else {
      throw ProgramPassError("the subgraph '\(path)' writes to its inputs")
    }
    facts.recorded[path] = retracer.tracer.values
    return retracer.tracer.graph
  }

  private func signature(after written: [String], _ graph: Graph) throws -> GraphSignature {
    var signature = signature
    guard let result = graph.outputNode.flatMap({ graph.argument(0, of: $0) }) else {
      throw ProgramPassError("the new graph has no outputs")
    }
    let results: [Node.Argument]
    switch result {
    case .tuple(let items), .list(let items): results = items
    default: results = [result]
    }
    var outputs: [OutputSpec] = []
    for (name, result) in zip(written, results) {
      guard let input = signature.inputSpecs.first(where: { $0.argument.name == name }),
        case .node(let node) = result
      else { throw ProgramPassError("the input '\(name)' is written to and not in the signature") }
      let kind: OutputSpec.Kind
      switch input.kind {
      case .buffer: kind = .bufferMutation
      case .parameter: kind = .parameterMutation
      default: kind = .userInputMutation
      }
      outputs.append(
        OutputSpec(kind: kind, argument: .tensor(graph.name(of: node)), target: input.target ?? name))
    }
    let kept = signature.outputSpecs.suffix(results.count - written.count)
    for (spec, result) in zip(kept, results.dropFirst(written.count)) {
      var spec = spec
      if case .node(let node) = result { spec.argument = spec.argument.renamed(graph.name(of: node)) }
      outputs.append(spec)
    }
    signature.outputSpecs = outputs
    return signature
  }
}

/// What retracing found out about the nodes of the new graphs.
final class RewrittenFacts: ProgramFacts {
  private let original: FakeProgram
  /// The symbols that each node of the new root graph binds.
  let bindings: NodeMap<[UnbackedBinding]>
  /// The values of the new nodes, by path of their graph.
  fileprivate(set) var recorded: [String: NodeMap<FakeValue>]

  init(_ original: FakeProgram, _ tracer: GraphTracer) {
    self.original = original
    bindings = tracer.bindings(of: original.bindings(), in: tracer.graph)
    recorded = ["": tracer.values]
  }

  func bindings(of node: Node, in path: String) -> [UnbackedBinding] {
    path.isEmpty ? bindings[node] ?? [] : []
  }

  func recordedValue(of node: Node, in path: String) -> FakeValue? { recorded[path]?[node] }

  func attribute(_ name: String, in path: String) -> FakeValue? { original.attribute(name, in: path) }

  func facts(for edited: GraphModule, originals: NodeMap<Node>?) -> any ProgramFacts { self }
}

extension ArgumentSpec {
  fileprivate func renamed(_ name: String) -> ArgumentSpec {
    switch self {
    case .tensor: .tensor(name)
    case .symInt: .symInt(name)
    case .symFloat: .symFloat(name)
    case .symBool: .symBool(name)
    case .token: .token(name)
    case .customObject(_, let className): .customObject(name: name, className: className)
    case .constant: self
    }
  }
}

extension GraphTracer {
  /// The symbols that the nodes of the new graph bind: each by the first node whose value contains it.
  func bindings(of known: NodeMap<[UnbackedBinding]>, in graph: Graph) -> NodeMap<[UnbackedBinding]> {
    var wanted = Set(known.nodes.flatMap { known[$0] ?? [] }.map(\.symbol))
    var bindings: NodeMap<[UnbackedBinding]> = [:]
    for node in graph.nodes where !wanted.isEmpty {
      guard let value = values[node] else { continue }
      let found = shapes.findBindings(of: wanted, in: value)
      guard !found.isEmpty else { continue }
      bindings[node] = found
      for binding in found { wanted.remove(binding.symbol) }
    }
    return bindings
  }
}
