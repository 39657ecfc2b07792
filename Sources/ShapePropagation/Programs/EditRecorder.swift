import ExportedPrograms
import FX
import FakeTensors
import OrderedCollections
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// Records what the nodes of an edited program compute, and keeps what its archive recorded where that still holds.
struct EditRecorder {
  private let program: FakeProgram
  /// The values found, by path of the graph.
  private(set) var recorded: [String: RecordedValues] = [:]
  private(set) var expressions: RecordedExpressions
  /// The numbers of the archive's expressions, and of those that were added.
  private var numbers: [SymExpr: RecordedExpressionID] = [:]
  private var newSymbols: [SymExpr.Symbol] = []
  /// The bytes of the expressions that were added.
  private var textBytes = 0
  /// Shared parts of expressions are written once for each use, so few nodes could fill a disk.
  private static let mostTextBytes = 1 << 26
  /// Nested graphs that are called with other values than in the archive.
  private var calledAnew: Set<String> = []

  private var shapes: ShapeEnv { program.shapes }
  private var archived: ExportedProgram { program.exported }

  init(_ program: FakeProgram) {
    self.program = program
    expressions = program.exported.expressions
    for (id, expression) in zip(program.exported.expressions.ids, program.expressions) {
      for form in [expression, program.shapes.resolve(expression)] where numbers[form] == nil {
        numbers[form] = id
      }
    }
  }

  /// Records the values of all graphs; `values` are those of a run, by path.
  mutating func record(_ module: GraphModule, _ values: [String: NodeMap<FakeValue>]) throws {
    // Outer graphs come first, so it is known how the inner ones are called.
    for (path, nested) in module.namedModules.map({ ($0.name, $0.value) }) where !nested.isContainer {
      let old = path.isEmpty ? archived.graphModule : archived.graphModule.submodule(at: path)
      let known = archived.recordedValues[path]
      if let old, let known, !path.isEmpty, !calledAnew.contains(path),
        nested.graph.isDescendant(of: old.graph), nested.graph == old.graph
      {
        recorded[path] = known
      } else {
        let symbolCount = newSymbols.count
        let keeps = !calledAnew.contains(path)
        var result = try record(nested, at: path, old, known, values[path], keepingSettled: keeps)
        // Symbols of a nested graph are local to a run of it: once one is shown, all values are of the same run.
        if keeps, !path.isEmpty, newSymbols.count > symbolCount {
          result = try record(nested, at: path, old, known, values[path], keepingSettled: false)
        }
        recorded[path] = result
      }
    }
  }

  private mutating func record(
    _ module: GraphModule, at path: String, _ old: GraphModule?, _ known: RecordedValues?,
    _ values: NodeMap<FakeValue>?, keepingSettled: Bool
  ) throws -> RecordedValues {
    let (graph, original) = (module.graph, old?.graph ?? Graph())
    var result = RecordedValues()
    var changed = NodeSet(for: graph)
    for node in graph.nodes {
      let op = graph.op(of: node)
      guard op == .placeholder || op == .callFunction else { continue }
      var counterpart = original.node(named: graph.name(of: node))
      if let namesake = counterpart, original.op(of: namesake) != op { counterpart = nil }
      var recordedValue: RecordedValue?
      var isCalledAlike = false
      if let counterpart {
        recordedValue = known?.value(of: counterpart, in: original)
        isCalledAlike =
          keepingSettled && original.isSameCall(counterpart, as: node, in: graph)
          && graph.inputs(of: node).allSatisfy { !changed.contains($0) }
      }
      if isCalledAlike, hasSameSubgraphs(node, module, old) {
        result.record(recordedValue, for: node, in: graph)
        continue
      }
      if !isCalledAlike { noteSubgraphs(of: node, in: graph, at: path) }
      guard let value = values?[node] else {
        throw PropagationError(.malformed("no run found its value"), node, in: graph, at: path)
      }
      if let counterpart, let recordedValue,
        let before = program.recordedValue(of: counterpart, in: path),
        agree(before, value)
      {
        result.record(recordedValue, for: node, in: graph)
      } else {
        changed.insert(node)
        result.record(try record(value, of: node, in: graph, at: path), for: node, in: graph)
      }
    }
    return result
  }

  /// Whether the graphs among the arguments of `node` are those of the archive.
  private func hasSameSubgraphs(_ node: Node, _ module: GraphModule, _ old: GraphModule?) -> Bool {
    module.graph.inputs(of: node).allSatisfy { input in
      let name = module.graph.target(of: input).text
      return module.graph.op(of: input) != .getAttr || module.submodules[name] == old?.submodules[name]
    }
  }

  /// Notes that the graphs among the arguments of `node` may be called with new values.
  private mutating func noteSubgraphs(of node: Node, in graph: Graph, at path: String) {
    for input in graph.inputs(of: node) where graph.op(of: input) == .getAttr {
      let name = graph.target(of: input).text
      calledAnew.insert(path.isEmpty ? name : "\(path).\(name)")
    }
  }

  /// The ranges of symbols that the archive does not know.
  func newRanges() -> [RangeConstraint] {
    let known = Set(archived.rangeConstraints.map(\.text))
    return newSymbols.compactMap { symbol in
      let name = shapes.arena.name(of: symbol)
      guard !known.contains(name), case .int(let range)? = shapes.range(of: symbol) else { return nil }
      // PyTorch's "no bound" of sizes is two less than 2⁶³.
      return RangeConstraint(
        text: name, lower: range.lower == .min ? nil : range.lower,
        upper: range.upper >= .max - 1 ? nil : range.upper)
    }
  }
}

/// Values.
extension EditRecorder {
  /// Whether a value is the one that was recorded, as far as PyTorch records it.
  private func agree(_ a: FakeValue, _ b: FakeValue) -> Bool {
    switch (a, b) {
    case (.tensor(let a), .tensor(let b)):
      a.dtype == b.dtype && a.device.indexed == b.device.indexed && a.layout == b.layout
        && agree(a.sizes, b.sizes) && agree(a.strides, b.strides)
    case (.symInt(let a), .symInt(let b)): shapes.resolve(a) == shapes.resolve(b)
    case (.symFloat(let a), .symFloat(let b)):
      shapes.resolve(a.expression) == shapes.resolve(b.expression)
    case (.symBool(let a), .symBool(let b)):
      shapes.resolve(a.expression) == shapes.resolve(b.expression)
    case (.float(let a), .float(let b)): a == b
    case (.bool(let a), .bool(let b)): a == b
    case (.none, .none), (.opaque, .opaque): true
    default:
      if let a = a.elements, let b = b.elements {
        a.count == b.count && zip(a, b).allSatisfy { agree($0, $1) }
      } else {
        false
      }
    }
  }

  private func agree(_ a: Sizes, _ b: Sizes) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { shapes.resolve($0) == shapes.resolve($1) }
  }

  private mutating func record(
    _ value: FakeValue, of node: Node, in graph: Graph, at path: String
  ) throws -> RecordedValue {
    switch value {
    case .tensor(let tensor):
      guard tensor.sizes.count == tensor.strides.count, tensor.sizes.count <= Int(UInt8.max) else {
        throw PropagationError(
          .malformed("a tensor without strides has no record"), node, in: graph, at: path)
      }
      return .tensor(
        RecordedTensor(
          dtype: tensor.dtype, sizes: try tensor.sizes.map { try record($0, node, graph, path) },
          strides: try tensor.strides.map { try record($0, node, graph, path) },
          storageOffset: try record(tensor.storageOffset, node, graph, path), device: tensor.device,
          layout: tensor.layout, requiresGrad: tensor.requiresGrad))
    case .symInt(let number): return .symInt(try record(number, node, graph, path))
    case .symFloat(let number):
      if case .float(let value) = shapes.arena.view(of: shapes.resolve(number.expression)) {
        return .float(value)
      }
      return .symFloat(try record(number.expression, node, graph, path))
    case .symBool(let truth):
      if let value = shapes.arena.booleanValue(of: shapes.resolve(truth.expression)) { return .bool(value) }
      return .symBool(try record(truth.expression, node, graph, path))
    case .float(let value): return .float(value)
    case .bool(let value): return .bool(value)
    case .none: return .none
    case .opaque(let className): return .customObject(className: className)
    default:
      guard let items = value.elements else {
        throw PropagationError(
          .malformed("archives record no such value: \(shapes.shortText(of: value) ?? "\(value)")"), node,
          in: graph,
          at: path)
      }
      return .tuple(try items.map { try record($0, of: node, in: graph, at: path) })
    }
  }

  private mutating func record(
    _ number: SymInt, _ node: Node, _ graph: Graph, _ path: String
  ) throws -> RecordedInt {
    let number = shapes.resolve(number)
    guard number != .tooLarge, number.constant.map({ RecordedInt($0) != nil }) != false else {
      throw PropagationError(
        .malformed("a size of its value does not fit 64 bits"), node, in: graph, at: path)
    }
    if let integer = number.constant.flatMap({ RecordedInt($0) }) { return integer }
    return RecordedInt(try record(shapes.expression(number), node, graph, path))
  }

  /// The number of an expression, under which it is added when the archive has none like it.
  private mutating func record(
    _ expression: SymExpr, _ node: Node, _ graph: Graph, _ path: String
  ) throws -> RecordedExpressionID {
    let expression = shapes.resolve(expression)
    if let known = numbers[expression] { return known }
    let text =
      switch program.exported.expressionSyntax {
      case .srepr: shapes.arena.srepr(of: expression)
      case .infix: shapes.arena.text(of: expression)
      }
    textBytes += text.utf8.count
    guard textBytes <= Self.mostTextBytes, !text.hasSuffix("…") else {
      throw PropagationError(
        .malformed(
          "the expressions of the new values are longer than the \(Self.mostTextBytes) bytes that are saved"),
        node, in: graph, at: path)
    }
    let hint: RecordedExpressions.Hint? =
      switch shapes.hint(of: expression) {
      case .int(let value)?: .int(value)
      case .float(let value)?: .float(value)
      case .bool(let value)?: .bool(value)
      case nil: nil
      }
    let id = expressions.add(text, hint: hint)
    numbers[expression] = id
    for symbol in shapes.arena.freeSymbols(of: expression) where !newSymbols.contains(symbol) {
      newSymbols.append(symbol)
    }
    return id
  }
}
