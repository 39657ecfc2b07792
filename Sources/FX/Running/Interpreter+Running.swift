extension Interpreter {
  /// The module being run, which may be a submodule.
  public final var module: GraphModule { _read { yield frame.module } }

  /// The dotted path of the module being run; empty for the interpreter's own module.
  public final var modulePath: String { frame.path }

  /// The graph being run.
  @inlinable public final var graph: Graph { _read { yield frame.graph } }

  /// The values computed so far and not yet released.
  ///
  /// A subclass may change them during a run: a node that has a value is not run.
  @inlinable public final var env: NodeMap<PyTree<Value>> {
    _read { yield frame.env }
    _modify { yield &frame.env }
  }

  /// The node being run, or the one run last.
  public final var currentNode: Node? { frame.currentNode }

  /// Runs the module and returns its result.
  ///
  /// Arguments are assigned to placeholders as Python assigns them to parameters. A module with a signature accepts
  /// them nested as its author's callers pass them; the flat inputs of its graph are also accepted, as in PyTorch.
  ///
  /// - Parameters:
  ///   - args: the positional arguments.
  ///   - kwargs: the keyword arguments.
  ///   - initialEnv: values known at the start; their nodes are not run. A placeholder with a value takes no argument.
  ///   - enableIOProcessing: whether the module's signature, if it has one, converts the arguments to the flat inputs
  ///     of the graph, and its flat outputs to what the author's program returned.
  /// - Returns: the result, or `None` for a graph without output.
  /// - Throws: ``InterpreterError``, which names the first node that failed, or says why the arguments do not fit.
  @discardableResult
  public final func run(
    _ args: [PyTree<Value>], kwargs: [Named<PyTree<Value>>] = [],
    initialEnv: NodeMap<PyTree<Value>>? = nil, enableIOProcessing: Bool = true
  ) throws(InterpreterError) -> PyTree<Value> {
    frame.env = initialEnv ?? NodeMap(for: graph)
    return try runFrame(args, kwargs, enableIOProcessing ? module.signature : nil)
  }

  /// Runs the module with values as arguments and returns its result.
  @discardableResult
  public final func run(
    _ args: [Value], initialEnv: NodeMap<PyTree<Value>>? = nil, enableIOProcessing: Bool = true
  ) throws(InterpreterError) -> PyTree<Value> {
    try run(args.map { .value($0) }, initialEnv: initialEnv, enableIOProcessing: enableIOProcessing)
  }

  /// Runs the module with the flat inputs of its graph, which are taken from the caller.
  ///
  /// `args` is emptied before the first node runs, so an input is released at its last use even though the caller's
  /// variable lives on.
  ///
  /// - Throws: ``InterpreterError/Kind/tooFewArguments(expected:received:)`` or
  ///   ``InterpreterError/Kind/tooManyArguments(expected:received:)`` unless there is one argument for each
  ///   placeholder; `args` is then unchanged.
  @discardableResult
  public final func boxedRun(_ args: inout [Value]) throws(InterpreterError) -> PyTree<Value> {
    let placeholders = graph.findNodes(.placeholder)
    guard placeholders.count == args.count else {
      throw InterpreterError(wrongCount: args.count, expected: placeholders.count)
    }
    frame.env = NodeMap(for: graph)
    for node in placeholders.reversed() {
      frame.env[node] = args.popLast().map { .value($0) }
    }
    frame.inputs = RunInputs()
    return try runFrame(module.signature)
  }

  /// Calls a submodule with this interpreter, as ``callModule(_:_:_:)`` does.
  ///
  /// - Throws: ``InterpreterError``, to which each calling node is added.
  public final func run(
    _ reference: ModuleReference, _ args: [PyTree<Value>], _ kwargs: [Named<PyTree<Value>>] = []
  ) throws(InterpreterError) -> PyTree<Value> {
    let caller = frame
    defer { frame = caller }
    let graph = reference.module.graph
    frame = Frame(
      module: reference.module,
      path: caller.path.isEmpty ? reference.path : "\(caller.path).\(reference.path)",
      graph: graph, lastUses: garbageCollectValues ? reference.lastUses : nil, env: NodeMap(for: graph))
    return try runFrame(args, kwargs, reference.module.signature)
  }

  /// Runs the frame's graph with the arguments that a caller of its module passes.
  private func runFrame(
    _ args: [PyTree<Value>], _ kwargs: [Named<PyTree<Value>>], _ signature: CallSignature?
  ) throws(InterpreterError) -> PyTree<Value> {
    var (args, kwargs) = (args, kwargs)
    if let signature, signature.inSpec != nil {
      args = try signature.flatInputs(args, kwargs)
      kwargs = []
    } else if signature != nil {
      args = args.flatMap { $0.flattened().leaves }
    }
    let env = frame.env
    frame.inputs = try RunInputs(args, kwargs, of: frame.graph) { env.contains($0) }
    return try runFrame(signature)
  }

  private func runFrame(_ signature: CallSignature?) throws(InterpreterError) -> PyTree<Value> {
    let graph = frame.graph
    defer { frame.inputs = RunInputs() }
    for node in graph.nodes where !frame.env.contains(node) {
      frame.currentNode = node
      do {
        frame.env[node] = try runNode(node)
      } catch {
        throw InterpreterError(error, at: node, of: graph, arguments: describeArguments(of: node))
      }
      if let lastUses = frame.lastUses {
        for dead in lastUses[node] { frame.env[dead] = nil }
      }
      if graph.op(of: node) == .output, let result = frame.env[node] {
        do { return try signature?.processOutputs(result) ?? result } catch {
          throw InterpreterError(InterpreterError(.structure(error)), at: node, of: graph, arguments: [])
        }
      }
    }
    return .constant(.none)
  }

  /// The arguments of a node as written, each with its value, or `no value` if it has none.
  private func describeArguments(of node: Node) -> [Named<String>] {
    let writer = graph.writer(symbols: nil)
    let args = graph.args(of: node).map { Named(writer.text($0, .repr), $0) }
    return (args + graph.kwargs(of: node)).compactMap { entry in
      guard !entry.value.isConstant else { return nil }
      let value = try? mapNodesToValues(entry.value, for: node)
      return Named(entry.name, value?.text { describe($0) } ?? "no value")
    }
  }
}
