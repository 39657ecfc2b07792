public import ExportedPrograms
public import FX
public import FakeTensors

extension FakeProgram {
  /// The program with an edited graph and what its nodes compute now, ready to be saved.
  ///
  /// ```swift
  /// var module = program.exported.graphModule
  /// try module.eliminateDeadCode()
  /// try program.exported(module, table: .aten).save(to: "smaller.pt2")
  /// ```
  ///
  /// The edited program is propagated with its symbols kept. Nodes that an edit cannot have changed, and those whose
  /// value is what the archive recorded, keep what it recorded. Symbols that new nodes make get their ranges.
  ///
  /// - Parameters:
  ///   - module: an edited copy of the program's module, or the result of a transform of it.
  ///   - mapping: for a transform, the nodes that stand for those of the program.
  ///   - table: the rules of operators. Where there is none, what the archive recorded is taken.
  /// - Returns: the edited program, which refers to the archive of this one.
  /// - Throws: ``PropagationError`` when the edited program does not propagate; ``FX/GraphError`` when a graph is not
  ///   well formed.
  public func exported(
    _ module: GraphModule, mapping: NodeMap<Node>? = nil, table: OperatorTable
  ) throws -> ExportedProgram {
    try module.lint()
    let context =
      if let mapping { self.context(for: module, mapping: mapping, table: table) } else {
        try edited(module, table: table)
      }
    return try exported(module, context)
  }

  /// The program with another graph, run in a context of its own that knows which symbols its nodes bind.
  ///
  /// The inputs of `module` are those of this program, and `signature` is the new one. Where there is no rule, the
  /// values that `facts` records are taken.
  ///
  /// - Throws: ``PropagationError`` when the module does not propagate.
  package func exported(
    _ module: GraphModule, signature: GraphSignature, facts: any ProgramFacts, table: OperatorTable
  ) throws -> ExportedProgram {
    let context = PropagationContext(module, mode: mode, table: table, facts: facts)
    // Not every run reaches every nested graph.
    var nested: [String: NodeMap<FakeValue>] = [:]
    module.forEachModule { path, inner in
      guard !path.isEmpty else { return }
      var values = NodeMap<FakeValue>(for: inner.graph)
      for node in inner.graph.nodes { values[node] = facts.recordedValue(of: node, in: path) }
      nested[path] = values
    }
    var edited = try exported(module, context, nested)
    edited.signature = signature
    return edited
  }

  private func exported(
    _ module: GraphModule, _ context: PropagationContext, _ known: [String: NodeMap<FakeValue>] = [:]
  ) throws -> ExportedProgram {
    var values = known
    context.nestedRunObserver = { values[$0.path] = $0.values }
    let result = context.propagate(inputs, options: PropagationOptions(trustsRecorded: true))
    context.nestedRunObserver = nil
    values[""] = result.values
    var recorder = EditRecorder(self)
    // A run that stopped may still have reached all that was edited.
    do { try recorder.record(module, values) } catch { throw result.error ?? error }
    var edited = exported
    edited.graphModule = module
    edited.expressions = recorder.expressions
    edited.recordedValues = recorder.recorded
    edited.rangeConstraints += recorder.newRanges()
    // A signature that does not fit the graph is refused where it is saved.
    if let signature = try? edited.signature.renamed(for: edited) { edited.signature = signature }
    return edited
  }

  /// An edited `module` of this program with everything that a run needs.
  ///
  /// A graph that was built anew has nodes with the names of those that they stand for.
  ///
  /// - Throws: ``PropagationError`` when nothing of the program is left in the graph.
  public func edited(
    _ module: GraphModule, table: OperatorTable
  ) throws(PropagationError) -> PropagationContext {
    let original = exported.graphModule.graph
    guard module.graph.sharedNodeCount(with: original) == 0 else {
      return try context(for: module, table: table)
    }
    var mapping = NodeMap<Node>(for: original)
    for node in original.nodes {
      guard let namesake = module.graph.node(named: original.name(of: node)),
        module.graph.op(of: namesake) == original.op(of: node),
        module.graph.target(of: namesake) == original.target(of: node)
      else { continue }
      mapping[node] = namesake
    }
    guard mapping.count > 0 else { throw PropagationError(.foreignGraph) }
    return context(for: module, mapping: mapping, table: table)
  }
}
