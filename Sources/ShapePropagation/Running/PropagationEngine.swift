import FX
import FakeTensors
import OrderedCollections
import SymbolicExpressions
import SymbolicShapes

/// Runs a plan: one pass over the steps, values in a dense array by node number.
///
/// This is the loop that both ``PropagateUnbackedSymInts`` and the bodies of higher-order operators use.
/// Calls are reused, one for each operator of the plan, so a step allocates little beside its result.
struct PropagationEngine {
  let program: PropagationContext
  let plan: PropagationPlan
  let mode: FakeTensorMode
  private let calls: [OperatorCall]
  /// A survey wants to be asked each time.
  private let remembersCalls: Bool
  var values: ContiguousArray<FakeValue?>
  var renamings: [(node: Node, renaming: Renaming)] = []
  /// The nodes whose recorded value stands in for a missing rule.
  var trusted: [Node] = []
  /// Symbols that no earlier run knew, where they were made.
  var fresh: [FreshSymbols] = []
  /// Nodes without a value: they failed, or could not be tried because of one that did.
  var skipped: Set<Node> = []

  init(_ program: PropagationContext, _ plan: PropagationPlan) {
    self.program = program
    self.plan = plan
    mode = program.mode
    remembersCalls = program.mode.shapes.survey == nil
    plan.memo.isFirstRun = program.isFirstRun
    values = ContiguousArray(repeating: nil, count: plan.module.graph.nodeCount)
    // A graph may run itself, through a subgraph that it is handed: then each run has calls of its own.
    calls = plan.idleCalls ?? plan.operators.map { OperatorCall($0.schema, [], in: program.mode) }
    plan.idleCalls = nil
  }

  var graph: Graph { plan.module.graph }
  private var isRoot: Bool { plan.path.isEmpty }

  /// Runs all steps and returns the value of the output node.
  mutating func run(_ inputs: [FakeValue], options: PropagationOptions) throws -> FakeValue {
    defer { putCallsBack() }
    var output = FakeValue.none
    let number = plan.number
    let checks = options.checks.filter { $0.after.graph == number }
    for step in plan.steps {
      let node = step.node
      if !skipped.isEmpty, needsSkipped(node) {
        skipped.insert(node)
        if case .output = step.code, !isRoot { throw MissingResult() }
        continue
      }
      do {
        let value = try execute(step, inputs, options)
        if !checks.isEmpty { try make(checks, after: node) }
        if case .output = step.code { output = value }
        values[Int(node.index)] = consume value
      } catch {
        guard options.keepsGoing else { throw failure(of: node, error) }
        leaveBehind(node, error)
      }
    }
    forgetKnownFresh()
    return output
  }

  /// The value of one step, with its fresh symbols bound.
  @inline(__always)
  mutating func execute(
    _ step: PropagationPlan.Step, _ inputs: [FakeValue], _ options: PropagationOptions
  ) throws -> FakeValue {
    mode.shapes.origin = Origin(step: step.node.index, graph: plan.number)
    let value: FakeValue
    switch step.code {
    case .placeholder(let input):
      guard Int(input) < inputs.count else {
        throw error(.malformed("no value was given for input '\(graph.name(of: step.node))'"), step.node)
      }
      value = isRoot ? ownCopy(of: inputs[Int(input)]) : inputs[Int(input)]
    case .call(let index): value = try call(Int(index), step, options)
    case .output: value = firstSlot(step)
    default: value = try evaluate(step, options)
    }
    if isRoot { try bindSymbols(of: step, in: value) }
    return value
  }

  /// Leaves out fresh symbols that turned out to be known ones at a later node.
  mutating func forgetKnownFresh() {
    if !fresh.isEmpty { fresh = fresh.compactMap { $0.stillUnknown(in: mode.shapes) } }
  }

  /// Leaves the calls to the next run of the plan.
  func putCallsBack() { plan.idleCalls = calls }

  /// An input in an object of its own: a run may change its metadata, and the next run must not see that.
  private func ownCopy(of input: FakeValue) -> FakeValue {
    guard case .tensor(let tensor) = input, tensor.constant == nil else { return input }
    return .tensor(mode.inputCopy(of: tensor))
  }

  /// Gives fresh symbols in `value` their known names, and notes those that have none.
  ///
  /// Only in the root graph: symbols of a nested one are known inside it alone.
  private mutating func bindSymbols(of step: PropagationPlan.Step, in value: FakeValue) throws {
    if let bindings = step.bindings.value {
      for renaming in try mode.shapes.rebindUnbacked(plan.bindings[Int(bindings)], in: value) {
        renamings.append((step.node, renaming))
      }
    }
    guard mode.shapes.hasPendingFresh else { return }
    let unknown = mode.shapes.takePendingFresh().filter { !mode.shapes.isReplaced($0) }
    if !unknown.isEmpty {
      fresh.append(
        FreshSymbols(step.node, unknown, mode.shapes.findBindings(of: Set(unknown), in: value)))
    }
  }

  func failure(of node: Node, _ error: any Error) -> PropagationError {
    switch error {
    case let error as PropagationError: error
    case let error as OperatorError: self.error(.operatorFailed(error), node, error.conflict)
    case let error as SymbolicShapeError: self.error(.symbolic(error), node, error.conflict)
    default: self.error(.other(error), node)
    }
  }

  func error(_ kind: PropagationError.Kind, _ node: Node, _ conflict: Conflict? = nil) -> PropagationError {
    PropagationError(
      kind, node, in: graph, at: plan.path, number: plan.number,
      conflict: conflict.map { ExplainedConflict($0, in: program) })
  }

  /// The result of a call, remembered where possible.
  private func call(
    _ index: Int, _ step: PropagationPlan.Step, _ options: PropagationOptions
  ) throws -> FakeValue {
    // In a precision region arguments are converted.
    guard let signature = step.signature.value, remembersCalls, options.autocast == nil,
      plan.memo.start(signature, mode)
    else { return try apply(index, step, options) }
    for position in step.slots { addToKey(plan.slots[position]) }
    switch plan.memo.find(signature, of: step.node, mode) {
    case .found(let number, let needsArguments):
      if needsArguments { giveArguments(of: step) }
      if let value = plan.memo.value(number, mode) { return value }
    case .new(let pending):
      let result = try apply(index, step, options)
      giveArguments(of: step)
      plan.memo.note(result, pending, mode)
      return result
    case .hopeless: break
    }
    return try apply(index, step, options)
  }

  private func giveArguments(of step: PropagationPlan.Step) {
    plan.memo.startArguments()
    for position in step.slots {
      switch plan.slots[position] {
      case .constant: break
      case .node(let index): if let value = values[Int(index)] { plan.memo.addArgument(value) }
      case .compound(let index): plan.memo.addArgument(value(plan.compounds[Int(index)]))
      }
    }
  }

  /// Adds what a run gives for `slot`; constants are part of the signature.
  private func addToKey(_ slot: PropagationPlan.Slot) {
    switch slot {
    case .constant: break
    case .node(let index): plan.memo.key.add(values[Int(index)] ?? .none, mode)
    case .compound(let index): addToKey(plan.compounds[Int(index)])
    }
  }

  private func addToKey(_ compound: PropagationPlan.Compound) {
    plan.memo.key.addList(compound)
    switch compound {
    case .integers(let items), .list(let items), .tuple(let items):
      for item in items {
        if case .constant(let index) = item {
          plan.memo.key.add(plan.constants[Int(index)], mode)
        } else {
          addToKey(item)
        }
      }
    case .dictionary: break
    }
  }

  /// Fills the operator's call from the slots of `step` and applies the rule.
  private func apply(
    _ index: Int, _ step: PropagationPlan.Step, _ options: PropagationOptions
  ) throws -> FakeValue {
    let call = calls[index]
    call.fill(count: step.slots.count) { position in value(plan.slots[step.slots.lowerBound + position]) }
    options.autocast?.prepare(call)
    return try plan.operators[index].apply(call)
  }

  private mutating func evaluate(
    _ step: PropagationPlan.Step, _ options: PropagationOptions
  ) throws -> FakeValue {
    switch step.code {
    case .getitem: return try getitem(step)
    case .attribute: return try attribute(of: step.node)
    case .higherOrder(let rule):
      return try plan.rules[Int(rule)].apply(higherOrderCall(step, options))
    case .opaque(let inner):
      guard let recorded = program.recorded(step.node, plan.path) else {
        throw unsupported(plan.innerNames[Int(inner)], step.node)
      }
      trusted.append(step.node)
      return recorded
    case .unsupported:
      guard options.trustsRecorded else { throw unsupported(graph.target(of: step.node).text, step.node) }
      trusted.append(step.node)
      // A node of which nothing is recorded returns nothing.
      return program.recorded(step.node, plan.path) ?? .none
    case .placeholder, .call, .output: return .none
    }
  }

  private func unsupported(_ target: String, _ node: Node) -> PropagationError {
    error(.unsupportedOperators([(target, 1)]), node)
  }

  private func attribute(of node: Node) throws -> FakeValue {
    let name = graph.target(of: node).text
    if plan.module.submodules[name] != nil { return .submodule(isRoot ? name : "\(plan.path).\(name)") }
    if let value = program.attribute(name, plan.path) { return value }
    throw error(.malformed("the module has no attribute '\(name)'"), node)
  }

  private func higherOrderCall(_ step: PropagationPlan.Step, _ options: PropagationOptions) -> HigherOrderCall
  {
    let given = step.slots.map { value(plan.slots[$0]) }
    let names = graph.kwargs(of: step.node).map(\.name)
    let positional = given.count - names.count
    let program = program
    return HigherOrderCall(
      arguments: Array(given.prefix(positional)),
      keywords: zip(names, given.dropFirst(positional)).map { ($0, $1) },
      mode: mode, table: program.table, autocast: options.autocast, keepsGoing: options.keepsGoing
    ) { path, inputs, autocast in
      var inside = options
      inside.autocast = autocast
      return try program.run(path, inputs, inside)
    }
  }

  private func firstSlot(_ step: PropagationPlan.Step) -> FakeValue {
    step.slots.isEmpty ? .none : value(plan.slots[step.slots.lowerBound])
  }

  func value(_ slot: PropagationPlan.Slot) -> FakeValue {
    switch slot {
    case .constant(let index): plan.constants[Int(index)]
    case .node(let index): values[Int(index)] ?? .none
    case .compound(let index): value(plan.compounds[Int(index)])
    }
  }

  private func value(_ compound: PropagationPlan.Compound) -> FakeValue {
    switch compound {
    case .integers(let items): FakeValue(integers: items.lazy.map(value))
    case .list(let items): .list(items.map(value))
    case .tuple(let items): .tuple(items.map(value))
    case .dictionary(let entries): .dictionary(entries.map { ($0.key, value($0.slot)) })
    }
  }

  private func getitem(_ step: PropagationPlan.Step) throws -> FakeValue {
    let base = firstSlot(step)
    guard step.slots.count == 2 else {
      throw error(.malformed("getitem takes two arguments"), step.node)
    }
    switch (base, value(plan.slots[step.slots.lowerBound + 1])) {
    case (.dictionary(let entries), .string(let key)):
      if let entry = entries.first(where: { $0.key == key }) { return entry.value }
    case (_, .symInt(let index)):
      if let elements = base.elements, let index = index.constant {
        let position = index < 0 ? index + elements.count : index
        if elements.indices.contains(position) { return elements[position] }
      }
    default: break
    }
    throw error(.malformed("the value has no such element"), step.node)
  }
}
