public import FX
public import FakeTensors
import OrderedCollections
public import SymbolicExpressions
public import SymbolicShapes

/// What a run may assume, and how it treats values that it cannot compute.
public struct PropagationOptions: Sendable {
  /// Whether a node's recorded value is used when its operator has no rule.
  public var trustsRecorded: Bool
  /// Checks to make during the run, as if the program contained them.
  public var checks: [PropagationCheck] = []
  /// What proofs, searches and the further runs of a survey may cost together.
  public var budget = RunBudget.standard
  /// Into how many pieces the run may split tensors; what the mode allows unless given.
  ///
  /// See ``FakeTensorMode/mostPieces``.
  public var mostPieces: Int?
  /// Whether the run continues past nodes that fail.
  var keepsGoing = false
  /// The autocast region around a subgraph.
  var autocast: Autocast?

  /// Creates options.
  public init(trustsRecorded: Bool = false) { self.trustsRecorded = trustsRecorded }
}

/// A condition that holds from a node on, as if the author had called `torch._check` there.
public struct PropagationCheck: Hashable, Sendable {
  /// The condition that holds.
  public let condition: SymExpr
  /// The node after which it is checked.
  public let after: ShapeEnv.Origin

  /// Creates a check from its parts.
  public init(condition: SymExpr, after: ShapeEnv.Origin) {
    self.condition = condition
    self.after = after
  }
}

/// What is known about a program besides its graph: bindings, recorded values, attributes.
///
/// Nodes of nested graphs are identified by the dotted path of their module, which is empty for the root.
public protocol ProgramFacts: AnyObject {
  /// The symbols that `node`'s value binds.
  func bindings(of node: Node, in path: String) -> [UnbackedBinding]
  /// The value that the archive recorded for `node`.
  func recordedValue(of node: Node, in path: String) -> FakeValue?
  /// The value of an attribute of the module at `path`.
  func attribute(_ name: String, in path: String) -> FakeValue?
  /// The same facts for an edited program.
  ///
  /// `originals` maps nodes of `edited` to the nodes of the program that they replace. It is `nil` if nodes kept their
  /// numbers.
  func facts(for edited: GraphModule, originals: NodeMap<Node>?) -> any ProgramFacts
}

/// A program being propagated: its modules, their plans, the mode, and what is known besides the graph.
public final class PropagationContext {
  /// The program, with its nested graphs.
  public private(set) var module: GraphModule
  /// The mode of the program's tensors.
  public let mode: FakeTensorMode
  let table: OperatorTable
  private var facts: (any ProgramFacts)?
  private var plans: [String: PropagationPlan] = [:]
  private var numbers = ModuleNumbers()
  /// What was known before the first run, and the version of the facts after the last one.
  private var start: ShapeEnv.Checkpoint?
  private var newsAtEnd: UInt64 = 0
  /// Whether no run has finished yet.
  private(set) var isFirstRun = true
  /// Symbols that the last run created and that have no known name.
  private var fresh: [FreshSymbols] = []
  /// Symbols of earlier runs that are now known, by the nodes that bind them.
  private var adopted: NodeMap<[UnbackedBinding]> = [:]
  private var memories: FakeTensorMode.Memories?
  private var memoryCountAtEnd = 0
  /// Nodes that failed in the current run, in order, including those of nested graphs.
  private(set) var failures: [NodeFailure] = []
  /// How many graphs are running, nested in each other.
  private var depth = 0
  /// The limit for graphs that run themselves through a subgraph argument; reached before the stack overflows.
  private static let mostNestedRuns = 64
  /// The steps of nested graphs in the current epoch.
  private var nestedSteps: (epoch: UInt32, count: Int) = (0, 0)
  /// How many steps the nested graphs of a small program may take in a run.
  static let freeNestedSteps = 1 << 16
  /// How many more there may be for each node of the program.
  static let nestedStepsForEachNode = 16
  /// What the last run did, if it can be repeated in part.
  private var record: RunRecord?
  /// Is given every finished run of a nested graph, inner ones first.
  public var nestedRunObserver: ((NestedRun) -> Void)?

  /// Creates a context from its parts.
  public init(
    _ module: GraphModule, mode: FakeTensorMode, table: OperatorTable, facts: (any ProgramFacts)? = nil
  ) {
    self.module = module
    self.mode = mode
    self.table = table
    self.facts = facts
  }

  /// Returns to what was known before the first run, unless facts were added since the last one.
  func rewind() {
    failures = []
    if let start, mode.shapes.newsVersion == newsAtEnd {
      mode.shapes.rewind(to: start)
    } else {
      start = mode.shapes.checkpoint()
    }
  }

  /// Begins a run with the limits of `options`.
  func beginRun(_ options: PropagationOptions) {
    mode.shapes.beginRun(options.budget)
    if let limit = options.mostPieces { mode.mostPieces = limit }
  }

  /// Records a failed node once; a graph that is run again fails at the same nodes.
  func note(_ failure: NodeFailure) {
    if !failures.contains(where: { $0.origin == failure.origin }) { failures.append(failure) }
  }

  /// Replaces the program by an edited copy.
  ///
  /// Nodes keep their numbers in a copy, so unchanged nodes are recognized. Symbols that the last run created keep
  /// their names, whatever nodes are added.
  ///
  /// - Throws: ``PropagationError`` of kind `foreignGraph` if the graph is not an edited copy of the program's.
  public func replaceModule(_ edited: GraphModule) throws(PropagationError) {
    let count = edited.graph.sharedNodeCount(with: module.graph)
    guard count > 0 || module.graph.nodeCount == 0 else { throw PropagationError(.foreignGraph) }
    replace(edited, originals: nil)
  }

  /// Replaces the program by the result of a transform.
  ///
  /// `mapping` maps nodes of the program to the nodes of `edited` that replace them, as returned by
  /// `Transformer.transform()`.
  public func replaceModule(_ edited: GraphModule, mapping: NodeMap<Node>) {
    var originals = NodeMap<Node>(for: edited.graph)
    // A removed node maps to the node of its input, which comes first and is the original.
    for node in mapping.nodes { if let new = mapping[node], originals[new] == nil { originals[new] = node } }
    replace(edited, originals: originals)
  }

  private func replace(_ edited: GraphModule, originals: NodeMap<Node>?) {
    let kept = edited.graph.sharedNodeCount(with: module.graph)
    if let originals {
      let kept = Set(originals.nodes.lazy.compactMap { originals[$0] })
      adoptFresh { kept.contains($0) }
    } else {
      adoptFresh { Int($0.index) < kept && edited.graph.contains($0) }
    }
    let old = adopted
    adopted = NodeMap(for: edited.graph)
    if let originals {
      record = nil
      for node in originals.nodes { adopted[node] = originals[node].flatMap { old[$0] } }
    } else {
      for node in old.nodes where Int(node.index) < kept { adopted[node] = old[node] }
    }
    module = edited
    plans = [:]
    // Recorded values are read with the facts that hold before a run.
    let now = mode.shapes.checkpoint()
    defer { mode.shapes.restore(now) }
    if let start, mode.shapes.newsVersion == newsAtEnd { mode.shapes.restore(start) }
    facts = facts?.facts(for: edited, originals: originals)
    guard let record else { return }
    let same = GraphDifference(record.plan, edited) { bindings(of: $0, at: .root) }.same
    record.same = same
    plans[""] = PropagationPlan(editing: record.plan, self, edited, same: same)
  }

  /// Adopts symbols that nodes of the root graph created.
  func adopt(_ fresh: [FreshSymbols]) {
    for entry in fresh { adopted[entry.node] = (adopted[entry.node] ?? []) + entry.bindings }
  }

  /// Adopts the symbols that the last run created: later runs bind them at the nodes that created them.
  ///
  /// A run starts from what was known before the first one, so they are declared there. Symbols of removed nodes are
  /// forgotten.
  private func adoptFresh(where isKept: (Node) -> Bool) {
    let fresh = fresh.filter { isKept($0.node) }
    guard let start, !fresh.isEmpty else { return }
    guard mode.shapes.newsVersion == newsAtEnd else {
      // Facts were added since then: the next run starts from what is known now, including these symbols.
      self.fresh = []
      return adopt(fresh)
    }
    let shapes = mode.shapes
    shapes.restore(start)
    shapes.origin = .input
    for binding in fresh.lazy.flatMap(\.bindings) { shapes.adopt(binding.symbol) }
    adopt(fresh)
    self.fresh = []
    record = nil
    self.start = shapes.checkpoint()
    newsAtEnd = shapes.newsVersion
  }

  /// Forgets the storages of earlier runs, unless tensors were created since; otherwise a mode would grow with every
  /// run.
  func forgetEarlierMemories() {
    if let memories, mode.memories.count == memoryCountAtEnd {
      mode.restore(memories)
    } else {
      memories = mode.memories
    }
  }

  func noteEnd(_ step: NodeStep) {
    fresh = step.stillFresh
    noteEnd()
  }

  private func noteEnd() {
    isFirstRun = false
    memoryCountAtEnd = mode.memories.count
    newsAtEnd = mode.shapes.newsVersion
    mode.shapes.origin = .input
  }

  /// The symbols that a node of the root graph binds, including those that the last run created.
  public func bindings(of node: Node) -> [UnbackedBinding] {
    bindings(of: node, at: .root) + fresh.lazy.filter { $0.node == node }.flatMap(\.bindings)
  }

  /// Returns to what was known at some point in a run; the next run starts as usual.
  func revisit(_ state: ShapeEnv.Checkpoint) {
    mode.shapes.restore(state)
    noteEnd()
  }

  /// The node that a fact of this program comes from; `nil` for facts from the archive.
  public func provenance(of origin: ShapeEnv.Origin) -> Provenance? { numbers.place(of: origin, in: module) }

  /// Every module of the program with its path and its number in the origins of facts.
  var numberedModules: [(number: UInt32, path: String, module: GraphModule)] {
    module.namedModules.map { (numbers.number(of: $0.name), $0.name, $0.value) }
  }

  /// The known symbols that `node` binds: none in a nested graph, whose symbols are local to it.
  func bindings(of node: Node, at place: GraphPlace) -> [UnbackedBinding] {
    place.isRoot ? symbols(of: node, in: "") : []
  }

  /// The symbols that first occur in the value of a node of any graph.
  func symbols(of node: Node, in path: String) -> [UnbackedBinding] {
    let given = facts?.bindings(of: node, in: path) ?? []
    guard path.isEmpty, let own = adopted[node] else { return given }
    return given + own
  }

  func recorded(_ node: Node, _ path: String) -> FakeValue? { facts?.recordedValue(of: node, in: path) }

  func attribute(_ name: String, _ path: String) -> FakeValue? { facts?.attribute(name, in: path) }

  /// The module at a dotted path below the root, and its place.
  func module(at path: String) throws(PropagationError) -> (module: GraphModule, place: GraphPlace) {
    guard let found = path.isEmpty ? module : module.submodule(at: path) else {
      throw PropagationError(.malformed("the program has no submodule '\(path)'"))
    }
    return (found, place(of: path))
  }

  /// The place of the module at a dotted path.
  func place(of path: String) -> GraphPlace {
    path.isEmpty ? .root : GraphPlace(path: path, number: numbers.number(of: path))
  }

  private func plan(at path: String) throws(PropagationError) -> PropagationPlan {
    if let plan = plans[path] { return plan }
    let (module, place) = try module(at: path)
    return plan(for: module, at: place)
  }

  func plan(for module: GraphModule, at place: GraphPlace) -> PropagationPlan {
    if let plan = plans[place.path] { return plan }
    let plan = PropagationPlan(self, module, at: place)
    plans[place.path] = plan
    return plan
  }

  /// Takes the record of the last run, if a run with `options` can start from it.
  func takeRecord(_ options: PropagationOptions) -> RunRecord? {
    defer { record = nil }
    guard let record, record.epoch == mode.epoch, record.trustsRecorded == options.trustsRecorded,
      mode.shapes.newsVersion == newsAtEnd, !mode.shapes.isContradictory
    else { return nil }
    return record
  }

  func keep(_ record: RunRecord) { self.record = record }

  /// - Throws: ``PropagationError`` listing every operator without a rule, unless recorded values may be
  ///   used.
  func refuseUnsupported(_ options: PropagationOptions) throws(PropagationError) {
    if options.trustsRecorded || options.keepsGoing { return }
    let unsupported = unsupportedOperators()
    if !unsupported.isEmpty {
      throw PropagationError(
        .unsupportedOperators(
          unsupported.map { UnsupportedOperator($0.key, nodes: $0.value.map(\.qualifiedName)) }))
    }
  }

  /// Every operator without a rule with the nodes that call it, in the program and its nested graphs.
  func unsupportedOperators() -> OrderedDictionary<String, [Provenance]> {
    var found: OrderedDictionary<String, [Provenance]> = [:]
    module.forEachModule { path, module in
      for node in plan(for: module, at: place(of: path)).unsupported {
        guard let place = Provenance(node, of: module.graph, at: path) else { continue }
        found[module.graph.target(of: node).text, default: []].append(place)
      }
    }
    return found
  }

  /// Counts the steps of a nested graph: graphs that call others twice each, many levels deep, would run forever.
  private func countNestedSteps(_ count: Int) throws(PropagationError) {
    if nestedSteps.epoch != mode.epoch { nestedSteps = (mode.epoch, 0) }
    // Bound: less than the limit and the steps of one graph; a run counts even if its graph has no steps.
    nestedSteps.count += count + 1
    guard nestedSteps.count > Self.freeNestedSteps else { return }
    let nodeCount = module.namedModules.reduce(0) { $0 + $1.value.graph.nodeCount }
    guard nestedSteps.count - Self.freeNestedSteps <= Self.nestedStepsForEachNode * nodeCount else {
      throw PropagationError(
        .malformed(
          "nested graphs take more than \(nestedSteps.count - count - 1) steps, for \(nodeCount) nodes in all; a graph "
            + "that many calls run is run for each of them"))
    }
  }

  /// Runs the module at `path` on `inputs`.
  func run(_ path: String, _ inputs: ModuleInputs, _ options: PropagationOptions) throws -> FakeValue {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.mostNestedRuns else {
      throw PropagationError(.malformed("graphs run each other more than \(Self.mostNestedRuns) levels deep"))
    }
    let plan = try plan(at: path)
    try countNestedSteps(plan.steps.count)
    var engine = PropagationEngine(self, plan)
    // Facts learned afterwards come from the calling node.
    let caller = mode.shapes.origin
    defer { mode.shapes.origin = caller }
    let result = try engine.run(inputs, options: options)
    nestedRunObserver?(NestedRun(caller: caller, path: path, engine))
    return result
  }
}
