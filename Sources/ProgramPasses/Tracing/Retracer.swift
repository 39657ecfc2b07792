import FX
import FakeTensors
import OperatorSchemas
import ShapePropagation
import SymbolicShapes

/// Runs a program on fake tensors and records it as a new graph, without mutations and in terms of the
/// operators that are kept.
///
/// Three layers, as in PyTorch: composite operators are decomposed, mutations are functionalized, and what is
/// left is looked up in the decomposition table before it becomes a node.
///
///     %v = view(%x, [-1])             %v = view(%x, [-1])
///     add_(%v, 1)                     %a = add(%v, 1)
///     return x                        %w = view(%a, [2, 4])
///                                     return w
final class Retracer: PropagateUnbackedSymInts {
  let tracer: GraphTracer
  private let operators: TracedOperators
  private(set) lazy var tensors = FunctionalTensors(mode.shapes, operators) { [unowned self] in
    try self.applyInner($0)
  }
  /// The inputs, and the values that the caller passed for them.
  private(set) var inputs: [(name: String, value: FakeValue)] = []
  private var outputs: [Node.Argument] = []
  private var returnsList = false
  /// Whether there is one result that is in no tuple.
  private var returnsBare = false

  init(_ context: PropagationContext, _ decompositions: DecompositionTable) {
    tracer = GraphTracer(context.mode, from: context.module.graph)
    operators = TracedOperators(decompositions, context.mode.shapes)
    super.init(context, garbageCollectValues: false)
  }

  override func runNode(_ node: Node) throws -> PyTree<FakeValue> {
    tracer.origin = node
    return try super.runNode(node)
  }

  override func placeholder(
    _ target: Node.Target, _ args: [PyTree<FakeValue>], _ kwargs: [Named<PyTree<FakeValue>>]
  ) throws -> PyTree<FakeValue> {
    let given = try super.placeholder(target, args, kwargs)
    let value = FakeValue(given, mode.shapes)
    let name = currentNode.map { graph.name(of: $0) }
    let defaults = currentNode.flatMap { graph.argument(0, of: $0) }.map { [$0] } ?? []
    let node = tracer.record(.placeholder, target, defaults, [], name: name, value: value)
    if let tensor = value.tensor { _ = tensors.wrap(tensor) }
    inputs.append((tracer.graph.name(of: node), value))
    return given
  }

  override func getAttr(
    _ target: Node.Target, _ args: [PyTree<FakeValue>], _ kwargs: [Named<PyTree<FakeValue>>]
  ) throws -> PyTree<FakeValue> {
    let given = try super.getAttr(target, args, kwargs)
    let value = FakeValue(given, mode.shapes)
    let node = tracer.record(.getAttr, target, [], [], value: value)
    if case .submodule(let path) = value { tracer.submodules[path] = node }
    if let tensor = value.tensor { _ = tensors.wrap(tensor) }
    return given
  }

  override func callModule(
    _ target: Node.Target, _ args: [PyTree<FakeValue>], _ kwargs: [Named<PyTree<FakeValue>>]
  ) throws -> PyTree<FakeValue> {
    throw ProgramPassError("a call of a submodule cannot be decomposed; inline it first")
  }

  override func callFunction(
    _ target: Node.Target, _ args: [PyTree<FakeValue>], _ kwargs: [Named<PyTree<FakeValue>>]
  ) throws -> PyTree<FakeValue> {
    let values = args.map { FakeValue($0, mode.shapes) }
    let keywords = kwargs.map { (key: $0.name, value: FakeValue($0.value, mode.shapes)) }
    if target == .getitem { return PyTree(try select(values)) }
    if target.isOperatorOverload, let callee = operators.named(target.text) {
      return PyTree(try applyOuter(try BoundCall(callee, values, keywords)))
    }
    return PyTree(try applyOther(target, values, keywords))
  }

  override func output(
    _ target: Node.Target, _ args: [PyTree<FakeValue>], _ kwargs: [Named<PyTree<FakeValue>>]
  ) throws -> PyTree<FakeValue> {
    let result = FakeValue(args.first ?? .constant(.none), mode.shapes)
    if case .list = result { returnsList = true }
    returnsBare = result.elements == nil
    outputs = try (result.elements ?? [result]).map { try tracer.argument(try current($0)) }
    return try super.output(target, args, kwargs)
  }
}

extension Retracer {
  /// The new graph: first the values that were written to inputs, then what the program returns.
  ///
  /// - Returns: the names of the inputs that were written to, in their order.
  func finish() throws -> [String] {
    var written: [String] = []
    var results: [Node.Argument] = []
    for (name, value) in inputs {
      guard let tensor = value.tensor, tensors.functional(tensor)?.isWritten == true else { continue }
      results.append(try tracer.argument(.tensor(try tensors.current(tensor))))
      written.append(name)
    }
    results += outputs
    if returnsBare, written.isEmpty, let result = results.first {
      tracer.graph.output(result)
    } else {
      tracer.graph.output(returnsList ? .list(results) : .tuple(results))
    }
    try tracer.graph.eraseDeadCode()
    return written
  }

  /// A value with the current versions of its tensors.
  func current(_ value: FakeValue) throws -> FakeValue {
    switch value {
    case .tensor(let tensor): .tensor(try tensors.current(tensor))
    case .list(let items): .list(try items.map { try current($0) })
    case .tuple(let items): .tuple(try items.map { try current($0) })
    case .dictionary(let entries): .dictionary(try entries.map { ($0.key, try current($0.value)) })
    default: value
    }
  }

  private func select(_ values: [FakeValue]) throws -> FakeValue {
    guard values.count == 2 else { throw ProgramPassError("getitem needs a value and a key") }
    if values[0].tensor != nil { return try applyOther(.getitem, values, []) }
    return try values[0].item(values[1], mode.shapes)
  }

  /// The first layer: composite operators.
  func applyOuter(_ call: BoundCall) throws -> FakeValue {
    try call.callee.composite?(rewriter { [unowned self] in try self.applyOuter($0) }, call)
      ?? applyFunctional(call)
  }

  /// The second layer: mutations.
  private func applyFunctional(_ call: BoundCall) throws -> FakeValue {
    if call.callee.isMutable { return try applyWrite(call) }
    var inner = call
    inner.arguments = try call.arguments.map { try current($0) }
    let result = try applyInner(inner)
    guard call.callee.isView, let base = call.arguments.first?.tensor else { return wrapped(result) }
    if let items = result.elements {
      return .list(
        items.enumerated().map { index, item in
          item.tensor.map {
            .tensor(tensors.wrap($0, viewOf: base, by: ViewStep(call: inner, output: index)))
          } ?? item
        })
    }
    guard let tensor = result.tensor else { return wrapped(result) }
    return .tensor(tensors.wrap(tensor, viewOf: base, by: ViewStep(call: inner, output: nil)))
  }

  private func wrapped(_ value: FakeValue) -> FakeValue {
    switch value {
    case .tensor(let tensor): .tensor(tensors.wrap(tensor))
    case .list(let items): .list(items.map(wrapped))
    case .tuple(let items): .tuple(items.map(wrapped))
    default: value
    }
  }

  private func applyWrite(_ call: BoundCall) throws -> FakeValue {
    guard let name = FunctionalVariant.name(of: call.schema),
      let callee = operators.named(name.description), let target = call.arguments.first?.tensor
    else {
      throw ProgramPassError("\(call.schema.name) writes to its arguments and has no functional form here")
    }
    var functional = call
    functional.arguments = try call.arguments.map { try current($0) }
    let old = try tensors.current(target)
    var result: FakeTensor?
    if name.base == "copy", let source = functional.arguments[1].tensor, source.looksLike(old) {
      result = source
    } else {
      // The first argument may have another name in the functional form.
      let byName = zip(call.schema.arguments, functional.arguments).dropFirst().map {
        (key: $0.name, value: $1)
      }
      let bound = try BoundCall(callee, Array(functional.arguments.prefix(1)), byName)
      result = try applyInner(bound).tensor
    }
    guard var value = result else { throw ProgramPassError("\(name) gives no tensor") }
    if value.dtype != old.dtype {
      let rewriter = rewriter { [unowned self] in try self.applyInner($0) }
      value = try rewriter.op(
        "aten._to_copy.default", value, kwargs: ["dtype": old.dtype, "layout": old.layout])
    }
    try tensors.write(value, to: target)
    return .tensor(target)
  }

  /// The third layer: decompositions, then nodes.
  func applyInner(_ call: BoundCall) throws -> FakeValue {
    // A decomposition of the third layer may call composite operators.
    for case let row? in [call.callee.row, call.callee.composite] {
      if let result = try row(rewriter { [unowned self] in try self.applyInner($0) }, call) { return result }
    }
    let (args, kwargs) = call.normalized()
    let target = call.callee.target
    let result = try value(of: target, args, kwargs)
    return try record(target, args, kwargs, name: call.callee.schema.name.base, result)
  }

  private func rewriter(_ apply: @escaping (BoundCall) throws -> FakeValue) -> Rewriter {
    Rewriter(mode: mode, tracer: tracer, operators: operators, apply: apply) { [unowned self] in
      try self.value(of: $0, $1, $2)
    }
  }

  /// The result of a call, without a node.
  private func value(
    of target: Node.Target, _ args: [FakeValue], _ kwargs: [(key: String, value: FakeValue)]
  ) throws -> FakeValue {
    FakeValue(
      try super.callFunction(
        target, args.map { PyTree($0) }, kwargs.map { Named($0.key, PyTree($0.value)) }), mode.shapes)
  }

  private func record(
    _ target: Node.Target, _ args: [FakeValue], _ kwargs: [(key: String, value: FakeValue)], name: String,
    _ result: FakeValue
  ) throws -> FakeValue {
    var result = result
    if case .symInt(let number) = result {
      if number.constant != nil { return result }
      if let expression = number.symbolicExpression, name.hasPrefix("sym_"),
        tracer.knownNode(of: expression) != nil
      {
        return result
      }
    }
    // A rule may return its argument itself; the result is a new tensor all the same.
    if let tensor = result.tensor, tracer.node(of: tensor) != nil {
      result = .tensor(mode.view(of: tensor, sizes: tensor.sizes, strides: tensor.strides))
    }
    try tracer.requireRoom(for: result, of: target)
    _ = tracer.record(
      .callFunction, target, try args.map(tracer.argument),
      try kwargs.map { Named($0.key, try tracer.argument($0.value)) }, name: name, value: result)
    return result
  }

  /// A call of a Python function or of a higher-order operator.
  private func applyOther(
    _ target: Node.Target, _ values: [FakeValue], _ kwargs: [(key: String, value: FakeValue)]
  ) throws -> FakeValue {
    if target.text.hasPrefix("torch._functorch.predispatch.")
      || target.text.hasPrefix("torch.ops.predispatch.")
    {
      throw ProgramPassError(
        "\(target) belongs to a transform such as vmap, which cannot be taken apart here")
    }
    var inner = try values.map { try current($0) }
    // Archives do not distinguish lists from tuples; a traced call of a higher-order operator has tuples.
    if target.isHigherOrder {
      inner = inner.map { if case .list(let items) = $0 { .tuple(items) } else { $0 } }
    }
    let keywords = try kwargs.map { (key: $0.key, value: try current($0.value)) }
    let result = try value(of: target, inner, keywords)
    switch result {
    case .symInt(let number) where number.constant != nil: return result
    case .symBool(let condition) where condition.constant != nil: return result
    case .float, .bool: return result
    default: break
    }
    let name = target.isHigherOrder ? target.text.split(separator: ".").last.map(String.init) ?? "" : nil
    let base = name ?? target.text.split(separator: ".").last.map(String.init) ?? target.text
    return wrapped(try record(target, inner, keywords, name: base, result))
  }
}

extension FakeTensor {
  /// Whether sizes, dtype and device are the same.
  func looksLike(_ other: FakeTensor) -> Bool {
    dtype == other.dtype && device == other.device && rank == other.rank
      && zip(sizes, other.sizes).allSatisfy { $0 == $1 }
  }
}
