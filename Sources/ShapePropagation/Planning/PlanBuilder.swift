import FX
import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// Builds the columns of a ``PropagationPlan``, node by node.
struct PlanBuilder {
  private(set) var steps: ContiguousArray<PropagationPlan.Step> = []
  private(set) var slots: ContiguousArray<PropagationPlan.Slot> = []
  private(set) var constants: ContiguousArray<FakeValue> = []
  private(set) var compounds: ContiguousArray<PropagationPlan.Compound> = []
  private(set) var innerNames: ContiguousArray<String> = []
  private(set) var refusals: ContiguousArray<PropagationError.Kind> = []
  private(set) var bindings: ContiguousArray<[UnbackedBinding]> = []
  private(set) var unsupported: [Node] = []
  private(set) var targets: TargetResolution
  let memo: CallMemo
  private(set) var inputCount: UInt32 = 0
  private(set) var collectsInputs = false
  /// The nodes that have a step.
  private var defined: NodeSet
  private let graph: Graph
  private let shapes: ShapeEnv
  private let place: GraphPlace

  init(_ graph: Graph, _ program: PropagationContext, at place: GraphPlace) {
    self.graph = graph
    self.place = place
    shapes = program.mode.shapes
    defined = NodeSet(for: graph)
    targets = TargetResolution(graph: graph, table: program.table)
    memo = CallMemo()
    steps.reserveCapacity(graph.nodeCount)
    slots.reserveCapacity(3 * graph.nodeCount)
    constants.reserveCapacity(graph.nodeCount)
  }

  /// Continues from the columns of `old`, the plan of another version of the graph; `nil` if targets have been
  /// renumbered.
  init?(editing old: PropagationPlan, _ graph: Graph, _ program: PropagationContext) {
    guard let targets = old.targets.extended(to: graph) else { return nil }
    self.graph = graph
    place = old.place
    shapes = program.mode.shapes
    defined = NodeSet(for: graph)
    self.targets = targets
    memo = old.memo
    slots = old.slots
    constants = old.constants
    compounds = old.compounds
    innerNames = old.innerNames
    refusals = old.refusals
    bindings = old.bindings
    steps.reserveCapacity(graph.nodeCount)
  }

  /// Adds the step of an unchanged node.
  mutating func keep(_ step: PropagationPlan.Step) {
    var step = step
    if case .placeholder = step.code { step.code = placeholder(step.node) }
    if case .unsupported = step.code { unsupported.append(step.node) }
    if let refusal = useBeforeDefinition(step.node) { step.code = refuse(refusal) }
    define(step)
  }

  private mutating func define(_ step: PropagationPlan.Step) {
    steps.append(step)
    defined.insert(step.node)
  }

  private mutating func refuse(_ kind: PropagationError.Kind) -> PropagationPlan.Code {
    refusals.append(kind)
    return .refused(refusal: UInt32(refusals.count - 1))
  }

  /// The error for a node that uses the value of a later one.
  private func useBeforeDefinition(_ node: Node) -> PropagationError.Kind? {
    var undefined: Node?
    graph.forEachInput(of: node) { if !defined.contains($0) { undefined = $0 } }
    return undefined.map { .malformed("no node before this one computes '\(graph.name(of: $0))'") }
  }

  mutating func add(_ node: Node, binding symbols: [UnbackedBinding]) {
    let first = UInt32(slots.count)
    var code = code(of: node)
    if case .higherOrder(let rule) = code, let inner = innerWithoutRule(targets.rules[Int(rule)], node) {
      code = .opaque(inner: UInt32(innerNames.count))
      innerNames.append(inner)
    }
    var signature: UInt32?
    if case .call(let index) = code {
      let resolved = targets.operators[Int(index)]
      memo.startSignature(resolved, Int(index))
      do {
        try addSlots(of: node, resolved)
        if resolved.isWorthRemembering { signature = memo.endSignature() }
      } catch { code = refuse(.operatorFailed(OperatorError(error, of: resolved.schema))) }
    } else {
      for argument in graph.args(of: node) { slots.append(slot(argument)) }
      for entry in graph.kwargs(of: node) { slots.append(slot(entry.value)) }
    }
    if case .unsupported = code { unsupported.append(node) }
    if let refusal = useBeforeDefinition(node) { code = refuse(refusal) }
    if !symbols.isEmpty { bindings.append(symbols) }
    define(
      PropagationPlan.Step(
        code: code, node: node, firstSlot: first, endSlot: UInt32(slots.count),
        signature: OptionalNumber(signature),
        bindings: OptionalNumber(symbols.isEmpty ? nil : UInt32(bindings.count - 1))))
  }

  private mutating func code(of node: Node) -> PropagationPlan.Code {
    switch graph.op(of: node) {
    case .placeholder: placeholder(node)
    case .getAttr: .attribute
    case .output: .output
    case .callModule: .module
    case .callMethod: targets.code(forMethod: graph.targetID(of: node))
    case .callFunction: targets.code(for: graph.targetID(of: node))
    }
  }

  private mutating func placeholder(_ node: Node) -> PropagationPlan.Code {
    defer { inputCount += 1 }
    if graph.target(of: node).text.hasPrefix("*") { collectsInputs = true }
    return .placeholder(input: inputCount)
  }

  /// The operator that a higher-order one applies, if it has no rule.
  private func innerWithoutRule(_ rule: HigherOrderRule, _ node: Node) -> String? {
    guard let position = rule.operatorPosition,
      case .operator(let target)? = graph.argument(position, of: node), !targets.hasRule(target)
    else { return nil }
    return target.text
  }

  // Arguments

  /// One slot for each argument of the schema.
  private mutating func addSlots(of node: Node, _ resolved: ResolvedOperator) throws(ArgumentMismatch) {
    let given = graph.args(of: node)
    let keywords = graph.kwargs(of: node)
    try resolved.schema.bindArguments(
      positional: given.count, keywords: keywords.map(\.name)
    ) { source, place in
      let type = place.map { resolved.schema.arguments[$0].type }
      switch source {
      case .positional(let position): addSlot(given[given.startIndex + position], for: type)
      case .keyword(let position): addSlot(keywords[keywords.startIndex + position].value, for: type)
      case .omitted:
        memo.key.addOmitted()
        if let value = place.flatMap({ resolved.schema.arguments[$0].defaultFakeValue }) {
          slots.append(constant(value))
        }
      }
    }
  }

  private mutating func addSlot(_ argument: Node.Argument, for type: ArgumentType?) {
    let isIntegers = type?.isIntegers ?? false
    if argument.isConstant {
      memo.key.add(argument)
      slots.append(constant(constantValue(of: argument, isIntegers: isIntegers)))
    } else {
      memo.key.addComputed()
      slots.append(computed(argument, isIntegers: isIntegers))
    }
  }

  private mutating func constant(_ value: FakeValue) -> PropagationPlan.Slot {
    constants.append(value)
    return .constant(UInt32(constants.count - 1))
  }

  private mutating func compound(_ value: PropagationPlan.Compound) -> PropagationPlan.Slot {
    compounds.append(value)
    return .compound(UInt32(compounds.count - 1))
  }

  private mutating func slot(_ argument: Node.Argument) -> PropagationPlan.Slot {
    argument.isConstant
      ? constant(constantValue(of: argument, isIntegers: false)) : computed(argument, isIntegers: false)
  }

  /// The slot of an argument with nodes in it.
  private mutating func computed(_ argument: Node.Argument, isIntegers: Bool) -> PropagationPlan.Slot {
    switch argument {
    case .node(let node): return .node(node.index)
    case .list(let items), .tuple(let items):
      let inner = items.map { slot($0) }
      if isIntegers { return compound(.integers(inner)) }
      if case .tuple = argument { return compound(.tuple(inner)) }
      return compound(.list(inner))
    case .dict(let entries): return compound(.dictionary(entries.map { ($0.key, slot($0.value)) }))
    case .slice(let slice): return compound(.slice([slice.start, slice.stop, slice.step].map { slot($0) }))
    // No other kind of argument has nodes inside.
    default: return constant(constantValue(of: argument, isIntegers: isIntegers))
    }
  }

  /// The value of an argument without nodes; in a list of integers, bools count as 1 and 0.
  private func constantValue(of argument: Node.Argument, isIntegers: Bool) -> FakeValue {
    switch argument {
    case .list(let items) where isIntegers, .tuple(let items) where isIntegers:
      FakeValue(integers: items.map { FakeValue(constant: $0, shapes, at: place) })
    default: FakeValue(constant: argument, shapes, at: place)
    }
  }
}

extension ResolvedOperator {
  /// Whether results are remembered: only those of PyTorch's operators that return tensors.
  ///
  /// Computing a number costs no more than looking it up, and a user's rule may depend on anything.
  ///
  /// - Source: `FakeTensorMode._validate_cache_key`.
  fileprivate var isWorthRemembering: Bool {
    guard variant != .out, !schema.isVariadic, SchemaTable.namespaces.contains(schema.name.namespace),
      let type = schema.returns.first?.type
    else {
      return false
    }
    return (type.element ?? type).nonOptional == .tensor
  }
}
