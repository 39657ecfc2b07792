import FX
import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// Makes the columns of a ``PropagationPlan``, a node at a time.
struct PlanBuilder {
  private(set) var steps: ContiguousArray<PropagationPlan.Step> = []
  private(set) var slots: ContiguousArray<PropagationPlan.Slot> = []
  private(set) var constants: ContiguousArray<FakeValue> = []
  private(set) var compounds: ContiguousArray<PropagationPlan.Compound> = []
  private(set) var innerNames: ContiguousArray<String> = []
  private(set) var bindings: ContiguousArray<[UnbackedBinding]> = []
  private(set) var unsupported: [Node] = []
  private(set) var targets: TargetResolution
  let memo: CallMemo
  private var inputCount: UInt32 = 0
  private let graph: Graph
  private let shapes: ShapeEnv

  init(_ graph: Graph, table: OperatorTable, shapes: ShapeEnv) {
    self.graph = graph
    self.shapes = shapes
    targets = TargetResolution(graph: graph, table: table)
    memo = CallMemo()
    steps.reserveCapacity(graph.nodeCount)
    slots.reserveCapacity(3 * graph.nodeCount)
    constants.reserveCapacity(graph.nodeCount)
  }

  /// Goes on from the columns of `old`, the plan of another version of the graph; `nil` when targets have other
  /// numbers now.
  init?(editing old: PropagationPlan, _ graph: Graph, shapes: ShapeEnv) {
    guard let targets = old.targets.extended(to: graph) else { return nil }
    self.graph = graph
    self.shapes = shapes
    self.targets = targets
    memo = old.memo
    slots = old.slots
    constants = old.constants
    compounds = old.compounds
    innerNames = old.innerNames
    bindings = old.bindings
    steps.reserveCapacity(graph.nodeCount)
  }

  /// Adds the step of a node that is what it was.
  mutating func keep(_ step: PropagationPlan.Step) {
    var step = step
    if case .placeholder = step.code { step.code = nextInput() }
    if case .unsupported = step.code { unsupported.append(step.node) }
    steps.append(step)
  }

  mutating func add(_ node: Node, binding symbols: [UnbackedBinding]) throws(PropagationError) {
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
      try addSlots(of: node, resolved)
      if resolved.isWorthRemembering { signature = memo.endSignature() }
    } else {
      for argument in graph.args(of: node) { slots.append(slot(argument)) }
      for entry in graph.kwargs(of: node) { slots.append(slot(entry.value)) }
    }
    if case .unsupported = code { unsupported.append(node) }
    if !symbols.isEmpty { bindings.append(symbols) }
    steps.append(
      PropagationPlan.Step(
        code: code, node: node, firstSlot: first, endSlot: UInt32(slots.count),
        signature: OptionalNumber(signature),
        bindings: OptionalNumber(symbols.isEmpty ? nil : UInt32(bindings.count - 1))))
  }

  private mutating func code(of node: Node) -> PropagationPlan.Code {
    switch graph.op(of: node) {
    case .placeholder: nextInput()
    case .getAttr: .attribute
    case .output: .output
    case .callMethod, .callModule: .unsupported
    case .callFunction: targets.code(for: graph.targetID(of: node))
    }
  }

  private mutating func nextInput() -> PropagationPlan.Code {
    defer { inputCount += 1 }
    return .placeholder(input: inputCount)
  }

  /// The operator that a higher-order one applies, when that has no rule.
  private func innerWithoutRule(_ rule: HigherOrderRule, _ node: Node) -> String? {
    guard let position = rule.operatorPosition,
      case .operator(let target)? = graph.argument(position, of: node), !targets.hasRule(target)
    else { return nil }
    return target.text
  }

  // Arguments

  /// Positional arguments first, then each further argument of the schema by keyword or default.
  private mutating func addSlots(of node: Node, _ resolved: ResolvedOperator) throws(PropagationError) {
    let given = graph.args(of: node)
    let keywords = graph.kwargs(of: node)
    let arguments = resolved.schema.arguments
    guard given.count <= arguments.count || resolved.schema.isVariadic else {
      throw PropagationError(
        node, in: graph,
        "\(resolved.schema.name) takes \(arguments.count) arguments, \(given.count) were given")
    }
    for position in arguments.indices {
      if position < given.count {
        addSlot(given[given.startIndex + position], for: arguments[position].type)
      } else if let entry = keywords.first(where: { $0.name == arguments[position].name }) {
        addSlot(entry.value, for: arguments[position].type)
      } else if let value = arguments[position].defaultFakeValue {
        memo.key.addOmitted()
        slots.append(constant(value))
      } else {
        throw PropagationError(
          node, in: graph, "\(resolved.schema.name) is missing its argument '\(arguments[position].name)'")
      }
    }
  }

  private mutating func addSlot(_ argument: Node.Argument, for type: ArgumentType) {
    if argument.isConstant {
      memo.key.add(argument)
      slots.append(constant(constantValue(of: argument, isIntegers: type.isIntegers)))
    } else {
      memo.key.addComputed()
      slots.append(computed(argument, isIntegers: type.isIntegers))
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
    argument.isConstant ? constant(FakeValue(argument, shapes)) : computed(argument, isIntegers: false)
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
    case .dict(let entries): return compound(.dictionary(entries.map { ($0.name, slot($0.value)) }))
    default: return constant(FakeValue(argument, shapes))
    }
  }

  /// The value of an argument without nodes; in a list of integers, truth values count as 1 and 0.
  private func constantValue(of argument: Node.Argument, isIntegers: Bool) -> FakeValue {
    switch argument {
    case .list(let items) where isIntegers, .tuple(let items) where isIntegers:
      FakeValue(integers: items.lazy.map { [shapes] in FakeValue($0, shapes) })
    default: FakeValue(argument, shapes)
    }
  }
}

extension ArgumentType {
  /// Whether this is a list of integers, optional or not.
  fileprivate var isIntegers: Bool {
    switch element {
    case .int, .symInt: true
    default: false
    }
  }
}

extension ResolvedOperator {
  /// Whether results are remembered: those of PyTorch's operators that make tensors.
  ///
  /// A rule that gives a number costs no more than looking for its result, and a user's rule may depend on anything.
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

extension FakeValue {
  /// A list of integers; just a list when there is something else among `items`, such as a tensor that stands
  /// for its one element: the rule says what to do with it.
  init(integers items: some Sequence<FakeValue>) {
    var sizes = Sizes()
    for item in items {
      switch item {
      case .symInt(let size): sizes.append(size)
      case .bool(let flag): sizes.append(flag ? 1 : 0)
      default:
        self = .list(Array(items))
        return
      }
    }
    self = .sizes(sizes)
  }
}
