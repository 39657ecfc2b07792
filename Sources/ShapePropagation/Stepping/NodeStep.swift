import FX
import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// What it means to run one node of a graph.
///
///     begin ─▶ arguments ─▶ input · attribute · item · call · higherOrder · runModule ─▶ end
///
/// `begin` makes the node the origin of facts; `end` gives the symbols of the value their known names.
/// ``PropagateUnbackedSymInts`` takes these steps node by node. ``PropagationPlan`` is their precomputed
/// form, and ``PropagationEngine`` runs it. Remembering calls, continuing past failures and recording for
/// incremental runs are wrapped around a step and change no answer.
struct NodeStep {
  let program: PropagationContext
  let mode: FakeTensorMode
  /// The module whose graph is run, by reference: a step is copied often and must stay small.
  private var running: RunningModule
  private(set) var place: GraphPlace
  /// Renamings of fresh symbols to known ones, each with its node.
  var renamings: [(node: Node, renaming: Renaming)] = []
  /// Symbols that no earlier run knew, with the nodes that created them.
  var fresh: [FreshSymbols] = []
  /// The nodes whose recorded value replaces a missing rule.
  var trusted: [Node] = []

  init(_ program: PropagationContext, _ running: RunningModule, at place: GraphPlace) {
    self.program = program
    self.running = running
    self.place = place
    mode = program.mode
  }

  /// Continues in another graph of the program.
  mutating func enter(_ module: GraphModule, at place: GraphPlace) {
    running = RunningModule(module)
    self.place = place
  }

  /// Makes `node` the origin of the facts that follow.
  @inline(__always)
  func begin(_ node: Node) { mode.shapes.origin = ShapeEnv.Origin(step: node.index, graph: place.number) }

  /// Renames fresh symbols in `value` as `bindings` say, and records those that stay unnamed.
  ///
  /// Only in the root graph: symbols of a nested graph are local to it.
  @inline(__always)
  mutating func end(_ node: Node, _ value: FakeValue, binding bindings: [UnbackedBinding]?) throws {
    guard place.isRoot else { return }
    if let bindings {
      for renaming in try mode.shapes.rebindUnbacked(bindings, in: value) {
        renamings.append((node, renaming))
      }
    }
    if mode.shapes.hasPendingFresh { noteFresh(node, value) }
  }

  private mutating func noteFresh(_ node: Node, _ value: FakeValue) {
    let unknown = mode.shapes.takePendingFresh().filter { !mode.shapes.isReplaced($0) }
    guard !unknown.isEmpty else { return }
    fresh.append(FreshSymbols(node, unknown, mode.shapes.findBindings(of: Set(unknown), in: value)))
  }

  /// The fresh symbols that did not turn out to be known ones at a later node.
  var stillFresh: [FreshSymbols] { fresh.compactMap { $0.stillUnknown(in: mode.shapes) } }

  // What nodes do

  /// The value of an input of the run.
  ///
  /// A tensor input of the root graph is copied: a run may change its metadata, and the next run must not see the
  /// change.
  func input(_ value: FakeValue) -> FakeValue {
    guard place.isRoot, case .tensor(let tensor) = value, tensor.constant == nil else { return value }
    return .tensor(mode.inputCopy(of: tensor))
  }

  /// The value of an attribute or submodule of the module, if it is known.
  func attribute(_ name: String) -> FakeValue? {
    if running.module.submodule(at: name) != nil { return .submodule(place.path(of: name)) }
    return program.attribute(name, place.path)
  }

  /// Applies the rule of an operator to a call.
  @inline(__always)
  func apply(_ resolved: ResolvedOperator, _ call: OperatorCall, _ autocast: Autocast?) throws -> FakeValue {
    autocast?.prepare(call)
    return try resolved.apply(call)
  }

  /// Applies a higher-order rule, whose subgraphs the engine runs.
  ///
  /// If the operator that it applies has no rule, the recorded value of the node is used.
  mutating func higherOrder(
    _ rule: HigherOrderRule, _ node: Node, _ arguments: [FakeValue],
    _ keywords: [(key: String, value: FakeValue)], _ options: PropagationOptions
  ) throws -> FakeValue {
    let call = call(arguments, keywords, options)
    if let inner = rule.operatorWithoutRule(in: call) { return try standIn(for: inner, node) }
    return try rule.apply(call)
  }

  /// Selects an element of a sequence or mapping, or part of a tensor.
  func item(_ value: FakeValue, _ key: FakeValue) throws -> FakeValue {
    guard case .tensor = value else { return try value.item(key, mode.shapes) }
    return try TensorIndexing(call([value, key], [], PropagationOptions())).get(key)
  }

  /// A call of what may run subgraphs and apply other operators.
  private func call(
    _ arguments: [FakeValue], _ keywords: [(key: String, value: FakeValue)], _ options: PropagationOptions
  ) -> HigherOrderCall {
    HigherOrderCall(
      arguments: arguments, keywords: keywords, mode: mode, table: program.table, autocast: options.autocast,
      keepsGoing: options.keepsGoing
    ) { [program] path, inputs, autocast in
      var inside = options
      inside.autocast = autocast
      return try program.run(path, ModuleInputs(inputs), inside)
    }
  }

  /// Runs a submodule.
  ///
  /// A submodule that the program does not hold, such as a layer that a printed graph only names, has the recorded value.
  mutating func runModule(
    _ target: String, _ node: Node?, _ inputs: ModuleInputs, _ options: PropagationOptions
  ) throws -> FakeValue {
    if let node, running.module.submodule(at: target) == nil,
      let recorded = program.recorded(node, place.path)
    {
      trusted.append(node)
      return recorded
    }
    return try program.run(place.path(of: target), inputs, options)
  }

  /// The recorded value of a node that has no rule, or whose inner operator has none.
  mutating func standIn(for target: String, _ node: Node) throws -> FakeValue {
    guard let recorded = program.recorded(node, place.path) else { throw unsupported(target, node) }
    trusted.append(node)
    return recorded
  }

  // Errors

  func unsupported(_ target: String, _ node: Node) -> PropagationError {
    error(
      .unsupportedOperators([UnsupportedOperator(target, nodes: [running.module.graph.name(of: node)])]), node
    )
  }

  /// `error` with the node at which it happened.
  func failure(of node: Node, _ error: any Error) -> PropagationError {
    switch error {
    case let error as PropagationError: error.node == nil ? self.error(error.kind, node) : error
    case let error as OperatorError: self.error(.operatorFailed(error), node, error.conflict)
    case let error as SymbolicShapeError: self.error(.symbolic(error), node, error.conflict)
    default: self.error(.other(error), node)
    }
  }

  func error(_ kind: PropagationError.Kind, _ node: Node, _ conflict: Conflict? = nil) -> PropagationError {
    PropagationError(
      kind, node, in: running.module.graph, at: place.path, number: place.number,
      conflict: conflict.map { ExplainedConflict($0, in: program) })
  }
}

/// The module whose graph is run, shared by the steps and plans of its runs.
final class RunningModule {
  let module: GraphModule

  init(_ module: GraphModule) { self.module = module }
}
