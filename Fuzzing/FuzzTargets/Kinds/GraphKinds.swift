import GraphPasses
import OperatorSchemas
import SwiftFX

extension FuzzKind {
  static let operators = FuzzKind("operators", "one call of any operator with any arguments") { choices in
    let mode = FakeTensorMode()
    guard let resolved = choices.resolvedOperator() else { return 0 }
    let arguments = resolved.schema.arguments.map { argument in choices.value(argument.type, in: mode) }
    guard let call = try? resolved.call(arguments, in: mode) else { return 0 }
    do {
      _ = mode.shapes.shortText(of: try resolved.apply(call))
    } catch { _ = "\(error)" }
    return 0
  }

  static let graphs = FuzzKind("graphs", "graphs of calls of any operators with any arguments") { choices in
    let mode = FakeTensorMode()
    let (graph, inputs) = choices.graph(in: mode, any: true)
    let context = PropagationContext(GraphModule(graph), mode: mode, table: .aten)
    let result = context.propagate(inputs)
    FuzzUse.texts(of: result, context)
    if choices.chance(40) {
      let survey = context.survey(inputs)
      for finding in survey.findings { _ = finding.text(tellsContinuation: true) }
      FuzzUse.stories(of: survey.propagation, context)
    }
    return 0
  }

  static let edits = FuzzKind("edits", "edits of graphs, propagated incrementally and from the start") {
    choices in
    let mode = FakeTensorMode()
    let (graph, inputs) = choices.graph(in: mode, any: choices.chance(64))
    let context = PropagationContext(GraphModule(graph), mode: mode, table: .aten)
    _ = context.propagateIncrementally(inputs)
    for _ in 0..<(1 + choices.below(4)) {
      var edit = RandomEdit(context.module, choices)
      edit.apply()
      choices = edit.random
      if (try? context.replaceModule(edit.module)) == nil { break }
      let result = context.propagateIncrementally(inputs)
      FuzzUse.texts(of: result, context)
    }
    return 0
  }

  static let patterns = FuzzKind("patterns", "patterns in graphs, and what replaces them") { choices in
    let mode = FakeTensorMode()
    var module = GraphModule(choices.graph(in: mode, any: false).graph)
    let pattern = GraphModule(choices.graph(in: mode, any: false, mostCalls: 3).graph)
    let replacement = GraphModule(choices.graph(in: mode, any: false, mostCalls: 3).graph)
    if let matcher = try? SubgraphMatcher(pattern.graph) { _ = matcher.matches(in: module.graph) }
    if (try? module.replacePattern(pattern, with: replacement)) != nil {
      do { try module.lint() } catch {
        preconditionFailure("a replacement left a graph that is not well formed: \(error)")
      }
    }
    return 0
  }
}

extension FuzzBytes {
  /// Any operator that has a rule.
  mutating func resolvedOperator() -> ResolvedOperator? {
    for _ in 0..<8 {
      if let resolved = OperatorTable.aten.resolve(pick(SchemaTable.allNames)) { return resolved }
    }
    return nil
  }

  private static let plain = [
    "relu.default", "neg.default", "add.Tensor", "mul.Tensor", "sub.Tensor", "t.default",
  ]

  /// A graph of a few calls, with its inputs.
  ///
  /// With `any`, the calls are of any operators; otherwise of six that programs are full of.
  mutating func graph(
    in mode: FakeTensorMode, any: Bool, mostCalls: Int = 8
  ) -> (graph: Graph, inputs: [FakeValue]) {
    var graph = Graph()
    var inputs: [FakeValue] = []
    var (nodes, numbers): ([Node], [Node]) = ([], [])
    for position in 0..<(1 + below(3)) {
      nodes.append(graph.placeholder("x\(position)"))
      inputs.append(.tensor(tensor(in: mode)))
    }
    numbers.append(graph.placeholder("n"))
    inputs.append(.symInt(size(in: mode)))
    for _ in 0..<(1 + below(mostCalls)) {
      if !any {
        let name = pick(Self.plain)
        let count = name.hasSuffix("Tensor") ? 2 : 1
        nodes.append(
          graph.callFunction(
            Node.Target("torch.ops.aten.\(name)"), (0..<count).map { _ in .node(pick(nodes)) }))
        continue
      }
      switch below(8) {
      case 0:
        numbers.append(
          graph.callFunction("torch.ops.aten.sym_size.int", [.node(pick(nodes)), .int(below(4))]))
      case 1:
        let target: Node.Target = pick([
          "_operator.add", "_operator.mul", "_operator.sub", "_operator.floordiv", "_operator.mod",
          "_operator.pow",
          "_operator.ge", "_operator.eq", "torch.sym_max", "_operator.neg", "_operator.truediv",
          "_operator.lshift",
        ])
        numbers.append(graph.callFunction(target, [.node(pick(numbers)), number(numbers)]))
      case 2: nodes.append(graph.callFunction(.getitem, [.node(pick(nodes)), .int(below(5) - 1)]))
      case 3:
        nodes.append(
          graph.callFunction(
            pick([
              "torch.ops.aten._assert_scalar.default", "torch.ops.aten.sym_constrain_range_for_size.default",
            ]),
            [.node(pick(numbers)), .string("x")]))
      default:
        guard let resolved = resolvedOperator() else { continue }
        let arguments = resolved.schema.arguments.filter { !$0.isKeywordOnly }
          .map { argument($0.type, nodes, numbers) }
        nodes.append(graph.callFunction(Node.Target("torch.ops.\(resolved.schema.name)"), arguments))
      }
    }
    graph.output(.tuple(nodes.suffix(2).map { .node($0) }))
    return (graph, inputs)
  }

  private mutating func number(_ numbers: [Node]) -> Node.Argument {
    switch below(4) {
    case 0: .int(pick(Hostile.integers))
    case 1: .int(below(8) - 2)
    default: .node(pick(numbers))
    }
  }

  private mutating func argument(_ type: ArgumentType, _ nodes: [Node], _ numbers: [Node]) -> Node.Argument {
    if chance(12) { return chance(128) ? .node(pick(nodes + numbers)) : .string(pick(Hostile.strings)) }
    if type.isOptional, chance(100) { return .none }
    switch type.nonOptional {
    case .tensor: return .node(pick(nodes))
    case .int, .symInt: return chance(170) ? .int(below(6) - 2) : number(numbers)
    case .scalar: return chance(128) ? number(numbers) : .float(pick(Hostile.floats))
    case .float: return .float(pick(Hostile.floats))
    case .bool: return .bool(chance(128))
    case .string: return .string(pick(Hostile.strings))
    case .dtype: return .dtype(pick([.float32, .int64, .bool, .complex64]))
    case .list(let element, let count):
      return .list((0..<(count ?? below(5))).map { _ in argument(element, nodes, numbers) })
    default: return .none
    }
  }
}
