public import FX
public import FakeTensors
import OrderedCollections
public import SymbolicExpressions
public import SymbolicShapes

/// Unbacked symbols that a node creates and that no earlier run knew, such as those of an added node.
public struct FreshSymbols: Sendable {
  /// The node that creates them.
  public let node: Node
  /// Where they are found in the node's value.
  public let bindings: [UnbackedBinding]
  /// Those that occur nowhere in the value, so that nothing can bind them.
  public let unbound: [SymExpr.Symbol]

  init(_ node: Node, _ symbols: [SymExpr.Symbol], _ bindings: [UnbackedBinding]) {
    self.node = node
    self.bindings = bindings
    unbound = symbols.filter { symbol in !bindings.contains { $0.symbol == symbol } }
  }

  func stillUnknown(in shapes: ShapeEnv) -> FreshSymbols? {
    let symbols = (bindings.map(\.symbol) + unbound).filter { !shapes.isReplaced($0) }
    return symbols.isEmpty
      ? nil : FreshSymbols(node, symbols, bindings.filter { symbols.contains($0.symbol) })
  }
}

/// The result of propagating a program.
public struct Propagation {
  /// The value of each node of the root graph that was reached.
  public let values: NodeMap<FakeValue>
  /// Renamings of fresh symbols to known ones, each with its node.
  public let renamings: [(node: Node, renaming: Renaming)]
  /// Fresh symbols without a known name, with the nodes that create them.
  public let fresh: [FreshSymbols]
  /// The nodes whose recorded value was used because their operator has no rule.
  public let trusted: [Node]
  /// The error that stopped the run, if any.
  public let error: PropagationError?
  /// Nodes that failed in a run that continued past them, in order.
  public var failures: [NodeFailure] = []
  /// Nodes without a value because a node that they need has none.
  public var skipped: [Node] = []
  /// How many steps of the root graph were run; those that an incremental run kept are not counted.
  public let computed: Int
}

/// A node that failed in a run that continued past it.
public struct NodeFailure: Sendable {
  /// Why it failed.
  public let error: PropagationError
  /// Whether the recorded value was used instead.
  public let hasStandIn: Bool
  /// The step that failed, which may be in a nested graph.
  public let origin: ShapeEnv.Origin
  /// How many questions a survey had answered before.
  let questionsBefore: Int
}

extension PropagationContext {
  /// Propagates through the whole program.
  ///
  /// A run is idempotent: it starts from what was known before the first one, so any number of runs gives the same
  /// symbols, ranges and values. Values of a run are valid until the next one.
  ///
  /// - Complexity: linear in the number of nodes.
  public func propagate(
    _ inputs: [FakeValue], options: PropagationOptions = PropagationOptions()
  ) -> Propagation {
    guard !mode.isPropagating else { return Propagation(stoppedBy: PropagationError(.runsAlready), module) }
    mode.isPropagating = true
    defer { mode.isPropagating = false }
    rewind()
    forgetEarlierMemories()
    mode.epoch &+= 1
    if !options.keepsGoing { beginRun(options) }
    do {
      try refuseUnsupported(options)
      let plan = plan(for: module, at: .root)
      if isFirstRun { mode.shapes.reserveRoom(forSteps: plan.steps.count) }
      var engine = PropagationEngine(self, plan)
      var failure: PropagationError?
      do { _ = try engine.run(ModuleInputs(inputs), options: options) } catch {
        failure = error as? PropagationError ?? PropagationError(.other(error))
      }
      noteEnd(engine.step)
      return Propagation(engine, failure, failures, computed: engine.plan.steps.count)
    } catch {
      return Propagation(stoppedBy: error, module)
    }
  }
}

extension Propagation {
  init(
    _ engine: PropagationEngine, _ error: PropagationError?, _ failures: [NodeFailure] = [], computed: Int
  ) {
    values = NodeMap(engine.values)
    renamings = engine.step.renamings
    fresh = engine.step.stillFresh
    trusted = engine.step.trusted
    self.error = error
    self.failures = failures
    skipped = engine.skipped.sorted { $0.index < $1.index }
    self.computed = computed
  }

  /// An empty result, for a run that could not start.
  init(stoppedBy error: any Error, _ module: GraphModule) {
    values = NodeMap(for: module.graph)
    renamings = []
    fresh = []
    trusted = []
    self.error = error as? PropagationError ?? PropagationError(.other(error))
    computed = 0
  }
}
