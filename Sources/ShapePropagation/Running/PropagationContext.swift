public import FX
public import FakeTensors
import OrderedCollections
public import SymbolicExpressions
public import SymbolicShapes

/// What a run may assume and how it treats what it cannot compute.
public struct PropagationOptions: Sendable {
  /// Whether the recorded value of a node stands in where its operator has no rule.
  public var trustsRecorded: Bool
  /// Checks to make on the way, as if the program had them.
  public var checks: [PropagationCheck] = []
  /// Whether nodes that fail are left behind.
  var keepsGoing = false
  /// The precision region that a subgraph stands in.
  var autocast: Autocast?

  /// Makes it from its parts.
  public init(trustsRecorded: Bool = false) { self.trustsRecorded = trustsRecorded }
}

/// A condition that holds from a node on, as if the author had written `torch._check` there.
public struct PropagationCheck: Hashable, Sendable {
  /// What holds.
  public let condition: SymExpr
  /// The node after which it is checked.
  public let after: Origin

  /// Makes it from its parts.
  public init(condition: SymExpr, after: Origin) {
    self.condition = condition
    self.after = after
  }
}

/// What a program knows beside its graph: bindings, recorded values, attributes.
///
/// Nodes of nested graphs are named by the dotted path of their module, empty for the root.
public protocol ProgramFacts: AnyObject {
  /// The symbols that `node`'s value binds, by path.
  func bindings(of node: Node, in path: String) -> [UnbackedBinding]
  /// The value that the archive recorded for `node`.
  func recordedValue(of node: Node, in path: String) -> FakeValue?
  /// The value of an attribute of the module at `path`.
  func attribute(_ name: String, in path: String) -> FakeValue?
  /// The same knowledge about an edited copy of the program; by default nothing changes.
  func facts(for edited: GraphModule) -> any ProgramFacts
}

extension ProgramFacts {
  /// The same object.
  public func facts(for edited: GraphModule) -> any ProgramFacts { self }
}

/// One program under propagation: its modules, their plans, the mode, and what is known beside the graph.
public final class PropagationContext {
  /// The program, with its nested graphs.
  public private(set) var module: GraphModule
  /// The world that the tensors live in.
  public let mode: FakeTensorMode
  let table: OperatorTable
  private var facts: (any ProgramFacts)?
  private var plans: [String: PropagationPlan] = [:]
  private var numbers = ModuleNumbers()
  /// What was known before the first run, and the state of knowledge after the last one.
  private var start: ShapeEnv.Checkpoint?
  private var newsAtEnd: UInt64 = 0
  /// Whether no run has come to its end.
  private(set) var isFirstRun = true
  private var memories: FakeTensorMode.Memories?
  private var memoryCountAtEnd = 0
  /// Nodes that the run which is being made has left behind, in order, those of nested graphs among them.
  private(set) var failures: [NodeFailure] = []
  /// What the last run did, if that was one that can be repeated in part.
  private var record: RunRecord?

  /// Makes it from its parts.
  public init(
    _ module: GraphModule, mode: FakeTensorMode, table: OperatorTable, facts: (any ProgramFacts)? = nil
  ) {
    self.module = module
    self.mode = mode
    self.table = table
    self.facts = facts
  }

  /// Goes back to what was known before the first run, unless somebody has added facts of their own since.
  func rewind() {
    failures = []
    if let start, mode.shapes.newsVersion == newsAtEnd {
      mode.shapes.rewind(to: start)
    } else {
      start = mode.shapes.checkpoint()
    }
  }

  /// Notes a node that is left behind; a graph that is run again fails at the same nodes.
  func note(_ failure: NodeFailure) {
    if !failures.contains(where: { $0.origin == failure.origin }) { failures.append(failure) }
  }

  /// Puts an edited copy of the program in the place of the program.
  ///
  /// Nodes keep their numbers in a copy, so what is the same can be told from what is not.
  public func replaceModule(_ edited: GraphModule) {
    module = edited
    plans = [:]
    // What an archive says of nodes is read with what is known before a run.
    let now = mode.shapes.checkpoint()
    defer { mode.shapes.restore(now) }
    if let start, mode.shapes.newsVersion == newsAtEnd { mode.shapes.restore(start) }
    facts = facts?.facts(for: edited)
    guard let record else { return }
    let same = GraphDifference(record.plan, edited, bindings: bindings).same
    record.same = same
    // What is wrong with the edited program is said when it is run.
    plans[""] =
      (try? PropagationPlan(editing: record.plan, edited, same: same, shapes: mode.shapes, facts: facts))
      ?? nil
  }

  /// Forgets the memories of earlier runs, unless somebody has made tensors since; without that a mode would grow
  /// with every run.
  func forgetEarlierMemories() {
    if let memories, mode.memories.count == memoryCountAtEnd {
      mode.restore(memories)
    } else {
      memories = mode.memories
    }
  }

  func noteEnd() {
    isFirstRun = false
    memoryCountAtEnd = mode.memories.count
    newsAtEnd = mode.shapes.newsVersion
    mode.shapes.origin = .input
  }

  /// The symbols that the value of a node of the root graph binds, by path.
  public func bindings(of node: Node) -> [UnbackedBinding] { facts?.bindings(of: node, in: "") ?? [] }

  /// Goes to what was known at some moment of a run; the next run starts where all runs start.
  func revisit(_ state: ShapeEnv.Checkpoint) {
    mode.shapes.restore(state)
    noteEnd()
  }

  /// The node that a fact of this program comes from; `nil` for what the archive says.
  public func provenance(of origin: Origin) -> Provenance? { numbers.place(of: origin, in: module) }

  /// Every module of the program with its path and the number that facts learnt in it carry.
  var numberedModules: [(number: UInt32, path: String, module: GraphModule)] {
    module.namedModules.map { (numbers.number(of: $0.name), $0.name, $0.value) }
  }

  func bindings(of node: Node, _ path: String) -> [UnbackedBinding] {
    facts?.bindings(of: node, in: path) ?? []
  }

  func recorded(_ node: Node, _ path: String) -> FakeValue? { facts?.recordedValue(of: node, in: path) }

  func attribute(_ name: String, _ path: String) -> FakeValue? { facts?.attribute(name, in: path) }

  /// The module at a dotted path below the root.
  func submodule(_ path: String) -> GraphModule? {
    path.split(separator: ".").reduce(Optional(module)) { $0?.submodules[String($1)] }
  }

  private func plan(at path: String) throws(PropagationError) -> PropagationPlan {
    if let plan = plans[path] { return plan }
    guard let module = submodule(path) else {
      throw PropagationError(.malformed("the program has no submodule '\(path)'"))
    }
    return try plan(for: module, at: path)
  }

  func plan(for module: GraphModule, at path: String) throws(PropagationError) -> PropagationPlan {
    if let plan = plans[path] { return plan }
    let plan = try PropagationPlan(
      module, at: path, number: numbers.number(of: path), table: table, shapes: mode.shapes, facts: facts)
    plans[path] = plan
    return plan
  }

  /// What the last run did, when a run with `options` can be told from it; then there is none any more.
  func takeRecord(_ options: PropagationOptions) -> RunRecord? {
    defer { record = nil }
    guard let record, record.epoch == mode.epoch, record.trustsRecorded == options.trustsRecorded,
      mode.shapes.newsVersion == newsAtEnd, !mode.shapes.isContradictory
    else { return nil }
    return record
  }

  func keep(_ record: RunRecord) { self.record = record }

  /// - Throws: ``PropagationError`` listing every operator without a rule, unless the recorded values stand in.
  func refuseUnsupported(_ options: PropagationOptions) throws(PropagationError) {
    if options.trustsRecorded || options.keepsGoing { return }
    let unsupported = try unsupportedOperators()
    if !unsupported.isEmpty {
      throw PropagationError(.unsupportedOperators(unsupported.map { ($0.key, $0.value.count) }))
    }
  }

  /// Every operator without a rule with the nodes that call it, in the program and its nested graphs.
  ///
  /// - Throws: ``PropagationError`` for a graph that cannot be run as it is.
  func unsupportedOperators() throws(PropagationError) -> OrderedDictionary<String, [Provenance]> {
    var found: OrderedDictionary<String, [Provenance]> = [:]
    try module.forEachModule { (path, module) throws(PropagationError) in
      for node in try plan(for: module, at: path).unsupported {
        guard let place = Provenance(node, of: module.graph, at: path) else { continue }
        found[module.graph.target(of: node).text, default: []].append(place)
      }
    }
    return found
  }

  /// Runs the module at `path` on `inputs`.
  func run(_ path: String, _ inputs: [FakeValue], _ options: PropagationOptions) throws -> FakeValue {
    var engine = PropagationEngine(self, try plan(at: path))
    // What the caller learns afterwards is the calling node's.
    let caller = mode.shapes.origin
    defer { mode.shapes.origin = caller }
    return try engine.run(inputs, options: options)
  }
}
