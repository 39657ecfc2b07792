public import FX
public import FakeTensors
public import SymbolicShapes

/// Re-runs a graph on fake tensors and gives every fresh unbacked symbol the name that the graph knows.
///
/// The open class of shape propagation: override ``FX/Interpreter/runNode(_:)``, `callFunction` and the others to
/// change what a node means. Each method does its part of running a node, so an interpreter that overrides nothing
/// answers as ``PropagationContext/propagate(_:options:)`` does. As in PyTorch, overrides apply to the nodes of this
/// graph, not to those of submodules or of subgraphs of higher-order operators.
///
/// - Source: `PropagateUnbackedSymInts`, `torch/fx/experimental/symbolic_shapes.py`.
open class PropagateUnbackedSymInts: Interpreter<FakeValue> {
  private let context: PropagationContext
  private var step: NodeStep
  /// What the targets met so far do.
  private var actions: [Node.Target: NodeAction] = [:]

  /// The mode of the tensors.
  public final var mode: FakeTensorMode { context.mode }
  /// The rules of operators.
  public final var table: OperatorTable { context.table }
  /// Renamings made so far, each with its node.
  public final var renamings: [(node: Node, renaming: Renaming)] { step.renamings }
  /// Fresh symbols without a known name, with the nodes that created them.
  public final var fresh: [FreshSymbols] { step.stillFresh }
  /// The nodes whose recorded value was used because their operator has no rule.
  public final var trusted: [Node] { step.trusted }

  /// Creates a propagation through a module.
  ///
  /// - Parameters:
  ///   - module: the program, with its nested graphs.
  ///   - mode: the mode of the tensors.
  ///   - table: the rules of operators.
  ///   - facts: what is known besides the graph: bindings, and values of attributes.
  ///   - garbageCollectValues: whether values are released after their last use.
  ///   - graph: a graph to run instead of the module's own.
  public init(
    _ module: GraphModule, mode: FakeTensorMode, table: OperatorTable, facts: (any ProgramFacts)? = nil,
    garbageCollectValues: Bool = true, graph: Graph? = nil
  ) {
    var root = module
    if let graph { root.graph = graph }
    context = PropagationContext(root, mode: mode, table: table, facts: facts)
    step = NodeStep(context, RunningModule(root), at: .root)
    super.init(module, garbageCollectValues: garbageCollectValues, graph: graph)
  }

  /// Creates a propagation through the module of `context`, such as ``FakeProgram/context(for:table:)`` returns.
  public init(_ context: PropagationContext, garbageCollectValues: Bool = true) {
    self.context = context
    step = NodeStep(context, RunningModule(context.module), at: .root)
    super.init(context.module, garbageCollectValues: garbageCollectValues, graph: nil)
  }

  open override func runNode(_ node: Node) throws -> PyTree<FakeValue> {
    if modulePath != step.place.path {
      step.enter(modulePath.isEmpty ? context.module : module, at: context.place(of: modulePath))
    }
    step.begin(node)
    let result = try super.runNode(node)
    try step.end(node, FakeValue(result, mode.shapes), binding: context.bindings(of: node, at: step.place))
    return result
  }

  open override func placeholder(
    _ target: Node.Target, _ args: [PyTree<FakeValue>], _ kwargs: [Named<PyTree<FakeValue>>]
  ) throws -> PyTree<FakeValue> {
    let given = try super.placeholder(target, args, kwargs)
    if case .value(let value) = given { return .value(step.input(value)) }
    return given
  }

  open override func callFunction(
    _ target: Node.Target, _ args: [PyTree<FakeValue>], _ kwargs: [Named<PyTree<FakeValue>>]
  ) throws -> PyTree<FakeValue> {
    try apply(action(of: target), .callFunction, target, args, kwargs)
  }

  private func action(of target: Node.Target) -> NodeAction {
    if let known = actions[target] { return known }
    let action = NodeAction(target, table)
    actions[target] = action
    return action
  }

  open override func callMethod(
    _ target: Node.Target, _ args: [PyTree<FakeValue>], _ kwargs: [Named<PyTree<FakeValue>>]
  ) throws -> PyTree<FakeValue> {
    try apply(NodeAction(method: target.text, table), .callMethod, target, args, kwargs)
  }

  private func apply(
    _ action: NodeAction, _ op: Graph.Op, _ target: Node.Target, _ args: [PyTree<FakeValue>],
    _ kwargs: [Named<PyTree<FakeValue>>]
  ) throws -> PyTree<FakeValue> {
    let positional = args.map { FakeValue($0, mode.shapes) }
    let keywords = values(of: kwargs)
    switch action {
    case .getitem:
      guard positional.count == 2, keywords.isEmpty else {
        throw InterpreterError(.malformed(expectation: "two arguments, a value and a key"))
      }
      return PyTree(try step.item(positional[0], positional[1]))
    case .call(let resolved):
      return PyTree(
        try step.apply(
          resolved, try resolved.call(positional, keywords, in: mode, keywordOnlyByPosition: false), nil))
    case .higherOrder(let rule):
      guard let currentNode else { throw InterpreterError(.unsupported(op, target: target.text)) }
      return PyTree(try step.higherOrder(rule, currentNode, positional, keywords, PropagationOptions()))
    case .unsupported: throw OperatorError(.noRule, operator: target.text)
    }
  }

  open override func callModule(
    _ target: Node.Target, _ args: [PyTree<FakeValue>], _ kwargs: [Named<PyTree<FakeValue>>]
  ) throws -> PyTree<FakeValue> {
    let inputs = ModuleInputs(args.map { FakeValue($0, mode.shapes) }, named: values(of: kwargs))
    return PyTree(try step.runModule(target.text, currentNode, inputs, PropagationOptions()))
  }

  open override func fetchAttr(_ path: String) throws -> PyTree<FakeValue> {
    if let value = step.attribute(path) { return PyTree(value) }
    return try super.fetchAttr(path)
  }

  open override func describe(_ value: FakeValue) -> String { mode.shapes.shortText(of: value) ?? "None" }

  /// The node that a fact of this program comes from; `nil` for what was known before.
  public final func provenance(of origin: ShapeEnv.Origin) -> Provenance? { context.provenance(of: origin) }

  /// Adopts fresh symbols: in the next run, the nodes that created them bind them.
  public final func adoptFresh() {
    context.adopt(fresh)
    step.fresh = []
  }

  private func values(of kwargs: [Named<PyTree<FakeValue>>]) -> [(key: String, value: FakeValue)] {
    kwargs.map { (key: $0.name, value: FakeValue($0.value, mode.shapes)) }
  }
}
