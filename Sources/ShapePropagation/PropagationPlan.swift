import FX
import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// A graph made ready to run: every target resolved, every argument in the order of its schema.
///
/// What can be known before the run is worked out once: which rule a target has, which value a constant
/// argument is, which default stands in. A step of the run then fills a call from its slots and runs the rule.
struct PropagationPlan {
  /// What a node does.
  enum Code {
    case placeholder
    case attribute(String)
    case call(operator: Int)
    case getitem
    case higherOrder(HigherOrderRule)
    case output
    /// A higher-order operator around an operator that has no rule: the recorded value stands in.
    case opaque(inner: String)
    /// No rule: the recorded value may stand in.
    case unsupported
  }

  /// Where one argument comes from.
  enum Slot {
    case constant(FakeValue)
    case node(Int)
    /// A list of integers, some of them values of nodes.
    case integers([Slot])
    case list([Slot])
    case tuple([Slot])
    case dictionary([(key: String, slot: Slot)])
  }

  struct Step {
    let node: Node
    let code: Code
    let slots: Range<Int>
  }

  private(set) var steps: ContiguousArray<Step> = []
  private(set) var slots: ContiguousArray<Slot> = []
  private(set) var operators: [ResolvedOperator] = []
  /// Operators without a rule, with the number of nodes that call them, in the order of first use.
  private(set) var unsupported: [(target: String, count: Int)] = []
  let nodeCount: Int

  init(_ graph: Graph, table: OperatorTable, shapes: ShapeEnv) throws(PropagationError) {
    nodeCount = graph.nodeCount
    steps.reserveCapacity(nodeCount)
    var targets = TargetResolution(graph: graph, table: table)
    for node in graph.nodes {
      try add(node, graph, &targets, shapes)
    }
    operators = targets.operators
  }

  private mutating func add(
    _ node: Node, _ graph: Graph, _ targets: inout TargetResolution, _ shapes: ShapeEnv
  ) throws(PropagationError) {
    let first = slots.count
    var code: Code
    switch graph.op(of: node) {
    case .placeholder: code = .placeholder
    case .getAttr: code = .attribute(graph.target(of: node).text)
    case .output, .callMethod, .callModule: code = graph.op(of: node) == .output ? .output : .unsupported
    case .callFunction: code = targets.code(for: graph.targetID(of: node))
    }
    if case .higherOrder(let rule) = code, let inner = rule.operatorWithoutRule(graph.args(of: node), targets)
    {
      code = .opaque(inner: inner)
    }
    if case .call(let index) = code {
      try addSlots(of: node, graph, targets.operators[index].schema, shapes)
    } else {
      for argument in graph.args(of: node) { slots.append(slot(argument, shapes)) }
      for entry in graph.kwargs(of: node) { slots.append(slot(entry.value, shapes)) }
    }
    if case .unsupported = code { noteUnsupported(graph.target(of: node).text) }
    steps.append(Step(node: node, code: code, slots: first..<slots.count))
  }

  private mutating func noteUnsupported(_ target: String) {
    if let index = unsupported.firstIndex(where: { $0.target == target }) {
      unsupported[index].count += 1
    } else {
      unsupported.append((target, 1))
    }
  }

  /// Positional arguments first, then each further argument of the schema by keyword or default.
  private mutating func addSlots(
    of node: Node, _ graph: Graph, _ schema: FunctionSchema, _ shapes: ShapeEnv
  ) throws(PropagationError) {
    let positional = graph.args(of: node)
    let keywords = graph.kwargs(of: node)
    guard positional.count <= schema.arguments.count || schema.isVariadic else {
      throw PropagationError(
        node, in: graph,
        "\(schema.name) takes \(schema.arguments.count) arguments, \(positional.count) were given")
    }
    for (position, argument) in schema.arguments.enumerated() {
      let isIntegers = argument.type.element.map { $0 == .int || $0 == .symInt } ?? false
      if position < positional.count {
        let given = positional[positional.startIndex + position]
        slots.append(slot(given, shapes, isIntegers: isIntegers))
      } else if let given = keywords.first(where: { $0.name == argument.name }) {
        slots.append(slot(given.value, shapes, isIntegers: isIntegers))
      } else if let value = argument.defaultFakeValue {
        slots.append(.constant(value))
      } else {
        throw PropagationError(node, in: graph, "\(schema.name) is missing its argument '\(argument.name)'")
      }
    }
  }

  private func slot(_ argument: Node.Argument, _ shapes: ShapeEnv, isIntegers: Bool = false) -> Slot {
    switch argument {
    case .node(let node): return .node(Int(node.index))
    case .list(let items), .tuple(let items):
      let isTuple = if case .tuple = argument { true } else { false }
      let inner = items.map { slot($0, shapes) }
      if isIntegers, let sizes = constantIntegers(inner) { return .constant(.sizes(sizes)) }
      if isIntegers { return .integers(inner) }
      if let constants = allConstants(inner) {
        return .constant(isTuple ? .tuple(constants) : .list(constants))
      }
      return isTuple ? .tuple(inner) : .list(inner)
    case .dict(let entries):
      return .dictionary(entries.map { ($0.name, slot($0.value, shapes)) })
    default: return .constant(FakeValue(argument, shapes))
    }
  }

  private func constantIntegers(_ inner: [Slot]) -> Sizes? {
    var sizes = Sizes()
    for slot in inner {
      guard case .constant(.symInt(let value)) = slot else { return nil }
      sizes.append(value)
    }
    return sizes
  }

  private func allConstants(_ inner: [Slot]) -> [FakeValue]? {
    var values: [FakeValue] = []
    for slot in inner {
      guard case .constant(let value) = slot else { return nil }
      values.append(value)
    }
    return values
  }
}

/// What each distinct target of a graph is, looked up once.
private struct TargetResolution {
  private var codes: [PropagationPlan.Code?]
  private(set) var operators: [ResolvedOperator] = []
  private let graph: Graph
  private let table: OperatorTable

  init(graph: Graph, table: OperatorTable) {
    self.graph = graph
    self.table = table
    codes = Array(repeating: nil, count: graph.targets.count)
  }

  mutating func code(for target: TargetID) -> PropagationPlan.Code {
    if let known = codes[Int(target.index)] { return known }
    let code = resolve(graph.targets[Int(target.index)])
    codes[Int(target.index)] = code
    return code
  }

  func hasRule(_ target: Node.Target) -> Bool { OperatorName(target).flatMap(table.resolve) != nil }

  private mutating func resolve(_ target: Node.Target) -> PropagationPlan.Code {
    if target == .getitem { return .getitem }
    if target.isHigherOrder {
      let name = String(target.text.dropFirst("torch.ops.higher_order.".count))
      return HigherOrderRule.named(name).map { .higherOrder($0) } ?? .unsupported
    }
    guard let name = OperatorName(target), let resolved = table.resolve(name) else { return .unsupported }
    operators.append(resolved)
    return .call(operator: operators.count - 1)
  }
}

extension HigherOrderRule {
  /// The operator that is applied, when that one has no rule.
  fileprivate func operatorWithoutRule(
    _ arguments: ArraySlice<Node.Argument>, _ targets: TargetResolution
  ) -> String? {
    guard let position = operatorPosition, position < arguments.count,
      case .operator(let target) = arguments[arguments.startIndex + position], !targets.hasRule(target)
    else { return nil }
    return target.text
  }
}

extension OperatorName {
  /// The overload behind a target: `torch.ops.aten.add.Tensor`, or a Python function such as
  /// `_operator.add` or `torch.sym_max`, which has one overload.
  init?(_ target: Node.Target) {
    if target.isOperatorOverload {
      self.init(target.text)
    } else {
      let parts = target.text.split(separator: ".")
      guard parts.count == 2 else { return nil }
      self.init(namespace: String(parts[0]), base: String(parts[1]))
    }
  }
}
