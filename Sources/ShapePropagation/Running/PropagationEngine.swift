import FX
import FakeTensors
import SymbolicShapes

/// Runs a plan: one pass over its steps, with values in a dense array by node number.
///
/// Each step is a ``NodeStep`` whose arguments and rule the plan has prepared. Calls are reused, one for each
/// operator of the plan, so a step allocates little besides its result.
struct PropagationEngine {
  let plan: PropagationPlan
  var step: NodeStep
  private let calls: [OperatorCall]
  /// Whether results of calls are remembered; a survey must see every call.
  let remembersCalls: Bool
  var values: ContiguousArray<FakeValue?>
  /// Nodes without a value: they failed, or read one without a value.
  var skipped: Set<Node> = []

  init(_ program: PropagationContext, _ plan: PropagationPlan) {
    self.plan = plan
    step = NodeStep(program, plan.running, at: plan.place)
    remembersCalls = program.mode.shapes.survey == nil
    plan.memo.isFirstRun = program.isFirstRun
    values = ContiguousArray(repeating: nil, count: plan.module.graph.nodeCount)
    // A graph may run itself through a subgraph argument; each run then has its own calls.
    calls = plan.idleCalls ?? plan.operators.map { OperatorCall($0.schema, [], in: program.mode) }
    plan.idleCalls = nil
  }

  var program: PropagationContext { step.program }
  var mode: FakeTensorMode { step.mode }
  var graph: Graph { plan.module.graph }

  /// Runs all steps and returns the value of the output node.
  mutating func run(_ inputs: ModuleInputs, options: PropagationOptions) throws -> FakeValue {
    defer { putCallsBack() }
    let inputs = try inputs.assigned(to: plan, mode.shapes)
    let checks = options.checks.filter { $0.after.graph == plan.place.number || $0.after == .input }
    if !checks.isEmpty, plan.place.isRoot { try make(checks) }
    for planned in plan.steps {
      let node = planned.node
      if !skipped.isEmpty, needsSkipped(node) {
        skipped.insert(node)
        if planned.isOutput, !plan.place.isRoot { throw MissingResult() }
        continue
      }
      do {
        values[Int(node.index)] = try execute(planned, inputs, options)
        if !checks.isEmpty { try make(checks, after: node) }
      } catch {
        guard options.keepsGoing else { throw step.failure(of: node, error) }
        leaveBehind(node, error)
      }
    }
    return plan.steps.last { $0.isOutput }.flatMap { values[Int($0.node.index)] } ?? .none
  }

  /// The value of one step, with its fresh symbols bound.
  @inline(__always)
  mutating func execute(
    _ planned: PropagationPlan.Step, _ inputs: [FakeValue?], _ options: PropagationOptions
  ) throws -> FakeValue {
    step.begin(planned.node)
    let value: FakeValue
    switch planned.code {
    case .call(let index): value = try call(Int(index), planned, options)
    case .output: value = firstSlot(planned)
    default: value = try evaluate(planned, inputs, options)
    }
    try step.end(planned.node, value, binding: planned.bindings.value.map { plan.bindings[Int($0)] })
    return value
  }

  /// Returns the calls to the plan for its next run.
  func putCallsBack() { plan.idleCalls = calls }

  /// Keeps the value that an earlier run found for a node that is not run.
  mutating func keep(_ node: Node, _ value: FakeValue?, isTrusted: Bool) {
    values[Int(node.index)] = value
    if isTrusted { step.trusted.append(node) }
  }

  /// Keeps what an earlier run found about fresh symbols at a node that is not run.
  mutating func keep(_ node: Node, _ renamings: [Renaming], _ fresh: [FreshSymbols]) {
    for renaming in renamings { step.renamings.append((node, renaming)) }
    step.fresh.append(contentsOf: fresh)
  }

  /// Fills the operator's call from the slots of `planned` and applies the rule.
  func apply(
    _ index: Int, _ planned: PropagationPlan.Step, _ options: PropagationOptions
  ) throws -> FakeValue {
    let call = calls[index]
    let slots = planned.slots
    call.setCount(slots.count)
    for (position, slot) in zip(0..., slots) { call.arguments[position] = value(plan.slots[slot]) }
    return try step.apply(plan.operators[index], call, options.autocast)
  }

  private mutating func evaluate(
    _ planned: PropagationPlan.Step, _ inputs: [FakeValue?], _ options: PropagationOptions
  ) throws -> FakeValue {
    let node = planned.node
    switch planned.code {
    case .placeholder(let input):
      if let given = inputs[Int(input)] { return step.input(given) }
      guard !planned.slots.isEmpty else { throw step.error(.missingInput(graph.name(of: node)), node) }
      return firstSlot(planned)
    case .attribute:
      let name = graph.target(of: node).text
      guard let value = step.attribute(name) else { throw step.error(.noAttribute(name), node) }
      return value
    case .getitem:
      guard planned.slots.count == 2 else {
        throw step.error(.malformed("getitem takes two arguments"), node)
      }
      return try step.item(firstSlot(planned), value(plan.slots[planned.slots.lowerBound + 1]))
    case .higherOrder(let rule):
      let (arguments, keywords) = arguments(of: planned)
      return try step.higherOrder(plan.rules[Int(rule)], node, arguments, keywords, options)
    case .module:
      let (arguments, keywords) = arguments(of: planned)
      return try step.runModule(
        graph.target(of: node).text, node, ModuleInputs(arguments, named: keywords), options)
    case .opaque(let inner): return try step.standIn(for: plan.innerNames[Int(inner)], node)
    case .refused(let refusal): throw step.error(plan.refusals[Int(refusal)], node)
    case .unsupported:
      guard options.trustsRecorded else { throw step.unsupported(graph.target(of: node).text, node) }
      // No value is recorded for a node that returns nothing, and no node reads it.
      if program.recorded(node, plan.place.path) == nil, graph.userCount(of: node) == 0 {
        step.trusted.append(node)
        return .none
      }
      return try step.standIn(for: graph.target(of: node).text, node)
    case .call, .output: return firstSlot(planned)
    }
  }

  // Arguments

  private func arguments(
    of planned: PropagationPlan.Step
  ) -> (positional: [FakeValue], keywords: [(key: String, value: FakeValue)]) {
    let given = planned.slots.map { value(plan.slots[$0]) }
    let names = graph.kwargs(of: planned.node).map(\.name)
    let positional = given.count - names.count
    return (Array(given.prefix(positional)), zip(names, given.dropFirst(positional)).map { ($0, $1) })
  }

  private func firstSlot(_ planned: PropagationPlan.Step) -> FakeValue {
    planned.slots.isEmpty ? .none : value(plan.slots[planned.slots.lowerBound])
  }

  func value(_ slot: PropagationPlan.Slot) -> FakeValue {
    switch slot {
    case .constant(let index): plan.constants[Int(index)]
    case .node(let index): values[Int(index)] ?? .none
    case .compound(let index): value(plan.compounds[Int(index)])
    }
  }

  func value(_ compound: PropagationPlan.Compound) -> FakeValue {
    switch compound {
    case .integers(let items): FakeValue(integers: values(items))
    case .list(let items): .list(values(items))
    case .tuple(let items): .tuple(values(items))
    case .dictionary(let entries): .dictionary(entries.map { ($0.key, value($0.slot)) })
    case .slice(let bounds): .slice(values(bounds))
    }
  }

  private func values(_ slots: [PropagationPlan.Slot]) -> [FakeValue] {
    var values: [FakeValue] = []
    values.reserveCapacity(slots.count)
    for slot in slots { values.append(value(slot)) }
    return values
  }
}
