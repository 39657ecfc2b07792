public import ExportedPrograms
public import FX
public import FakeTensors
import SymbolicExpressions
public import SymbolicShapes
import TensorVocabulary

/// An exported program ready to propagate: its symbols in a shape environment, its inputs as fake tensors, and for each
/// node the symbols that its value binds.
///
/// ```swift
/// let program = try FakeProgram(exported)
/// let result = program.context(table: .aten).propagate(program.inputs)
/// ```
///
/// - Source: `GraphModuleDeserializer`, `torch/_export/serde/serialize.py`.
public final class FakeProgram {
  /// The program as read from the archive.
  public let exported: ExportedProgram
  /// The mode of its tensors.
  public let mode: FakeTensorMode
  /// The values of the placeholders, in order.
  public private(set) var inputs: [FakeValue] = []
  /// What the archive states of all sizes, before questions were answered by the example that it holds.
  package private(set) var stated: ShapeEnv.Checkpoint
  /// The expressions of the archive in the environment's arena, by number.
  let expressions: ContiguousArray<SymExpr>
  /// By path, for the graphs in which a symbol is bound.
  @exclusivity(unchecked) private var bindingsByPath: [String: NodeMap<[UnbackedBinding]>] = [:]

  /// The values of attributes, by path, for the graphs that fetched one.
  @exclusivity(unchecked) private var attributesByPath: [String: [String: FakeValue]] = [:]

  /// Its shape environment.
  public var shapes: ShapeEnv { mode.shapes }

  /// - Throws: ``PropagationError`` if an expression of the archive cannot be parsed.
  public init(_ exported: ExportedProgram) throws {
    self.exported = exported
    mode = FakeTensorMode()
    stated = mode.shapes.checkpoint()
    mode.shapes.profile = SemanticProfile(writer: exported.torchVersion, exported.schemaVersion)
    expressions = try ProgramSymbols(exported, mode.shapes).declare()
    let graph = exported.graphModule.graph
    let recorded = exported.recordedValues[""]
    for node in graph.nodes where graph.op(of: node) == .placeholder {
      guard let value = recorded.flatMap({ value(of: node, in: graph, $0) }) else {
        throw PropagationError(.malformed("nothing says what this input is"), node, in: graph)
      }
      inputs.append(value)
      if let tensor = value.tensor, tensor.rank == 0, let number = knownItem(of: node) {
        mode.setConstant(TensorConstant([number]), of: tensor)
      }
    }
    learnThatSizesAreNotNegative()
    stated = shapes.checkpoint()
    guardOnSizesOfZero()
    // Bound: every node is in memory.
    var nodeCount = 0
    exported.graphModule.forEachModule { path, module in
      nodeCount += module.graph.nodeCount
      bindingsByPath[path] = findBindings(in: module, at: path)
    }
    mode.mostPieces = FakeTensorMode.mostPieces(nodes: nodeCount)
    _ = shapes.takePendingFresh()
  }

  /// The number that the one element of an input is known to be.
  ///
  /// Dynamo passes a `float` as a tensor and reads it with `item`. Once it is a constant of the graph, that is what it
  /// writes beside the call.
  private func knownItem(of input: Node) -> Scalar? {
    let graph = exported.graphModule.graph
    for user in graph.users(of: input) where Self.itemTargets.contains(graph.target(of: user)) {
      switch recordedValue(of: user, in: "") {
      case .float(let number)?: return .float(number)
      case .bool(let truth)?: return .bool(truth)
      case .symInt(let number)?: return number.constant.map { .int($0) }
      case .symFloat(let number)?:
        guard case .float(let value) = shapes.arena.view(of: number.expression) else { return nil }
        return .float(value)
      default: continue
      }
    }
    return nil
  }

  private static let itemTargets: Set<Node.Target> = [
    "item", "torch.ops.aten.item.default", "torch.ops.aten._local_scalar_dense.default",
  ]

  /// A context for this program.
  public func context(table: OperatorTable) -> PropagationContext {
    PropagationContext(exported.graphModule, mode: mode, table: table, facts: self)
  }

  /// The unbacked symbols that each node binds; each is bound by the first node whose value contains it.
  public func bindings(in path: String = "") -> NodeMap<[UnbackedBinding]> {
    bindingsByPath[path] ?? NodeMap(for: exported.graphModule.graph)
  }

  /// The symbols that the values of a graph bind; `nil` if there are none.
  ///
  /// `original` gives the node of the archive that a node of the graph represents.
  func findBindings(
    in module: GraphModule, at path: String, _ original: ((Node) -> Node?)? = nil
  ) -> NodeMap<[UnbackedBinding]>? {
    var unbound = UnboundSymbols(expressions, shapes)
    guard !unbound.isEmpty, let recorded = exported.recordedValues[path],
      let archived = path.isEmpty ? exported.graphModule : exported.graphModule.submodule(at: path)
    else { return nil }
    var bindings = NodeMap<[UnbackedBinding]>(for: module.graph)
    let inputs = symbolsOfInputs(of: archived.graph, recorded, &unbound)
    let made = symbolsMade(in: archived.graph, recorded, unbound, ofInputs: inputs.all)
    let ofTensors = inputs.ofTensors
    // An input that is named after a size query is the saved size of another input, which binds its symbols.
    let saved = { (node: Node, graph: Graph) -> Set<SymExpr.Symbol> in
      ofTensors.isEmpty || !graph.name(of: node).hasPrefix("sym_size") ? [] : ofTensors
    }
    for node in module.graph.nodes {
      var source = node
      if let original {
        guard let known = original(node) else { continue }
        source = known
      }
      let integers = recorded.integers(of: source, in: archived.graph)
      // Values with several parts keep their integers in these parts; such values are few.
      guard integers.isEmpty || unbound.occur(in: integers),
        let value = value(of: source, in: archived.graph, recorded)
      else { continue }
      var wanted = unbound.symbols(in: value)
      if archived.graph.op(of: source) == .placeholder {
        wanted.subtract(made.union(saved(source, archived.graph)))
      }
      guard !wanted.isEmpty else { continue }
      let found = shapes.findBindings(of: wanted, in: value)
      guard !found.isEmpty else { continue }
      bindings[node] = found
      unbound.bind(found.lazy.map(\.symbol))
    }
    return bindings
  }

  /// The symbols that inputs show, and those of them that are in sizes of tensors.
  private func symbolsOfInputs(
    of graph: Graph, _ recorded: RecordedValues, _ unbound: inout UnboundSymbols
  ) -> (all: Set<SymExpr.Symbol>, ofTensors: Set<SymExpr.Symbol>) {
    var symbols: (all: Set<SymExpr.Symbol>, ofTensors: Set<SymExpr.Symbol>) = ([], [])
    for node in graph.nodes where graph.op(of: node) == .placeholder {
      guard unbound.occur(in: recorded.integers(of: node, in: graph)),
        let value = value(of: node, in: graph, recorded)
      else { continue }
      let shown = unbound.symbols(in: value)
      symbols.all.formUnion(shown)
      if value.tensor != nil { symbols.ofTensors.formUnion(shown) }
    }
    return symbols
  }

  /// The symbols of inputs that a node of the graph makes, as a joint graph has them in its tangents.
  ///
  /// Any other symbol of an input is bound by it.
  private func symbolsMade(
    in graph: Graph, _ recorded: RecordedValues, _ unbound: UnboundSymbols, ofInputs: Set<SymExpr.Symbol>
  ) -> Set<SymExpr.Symbol> {
    guard !ofInputs.isEmpty else { return [] }
    let symbols = { (node: Node) -> Set<SymExpr.Symbol> in
      self.value(of: node, in: graph, recorded).map { unbound.symbols(in: $0) } ?? []
    }
    var made: Set<SymExpr.Symbol> = []
    for node in graph.nodes where graph.op(of: node) != .placeholder && graph.op(of: node) != .output {
      let new = symbols(node).intersection(ofInputs).subtracting(made)
      guard !new.isEmpty else { continue }
      var given: Set<SymExpr.Symbol> = []
      graph.forEachInput(of: node) { given.formUnion(symbols($0)) }
      made.formUnion(new.subtracting(given))
    }
    return made
  }
}

extension FakeProgram: ProgramFacts {
  /// The symbols that the value of `node` binds.
  public func bindings(of node: Node, in path: String) -> [UnbackedBinding] {
    bindingsByPath[path]?[node] ?? []
  }

  /// What the archive recorded for `node`.
  public func recordedValue(of node: Node, in path: String) -> FakeValue? {
    guard let recorded = exported.recordedValues[path] else { return nil }
    if path.isEmpty { return value(of: node, in: exported.graphModule.graph, recorded) }
    return exported.graphModule.submodule(at: path).flatMap { value(of: node, in: $0.graph, recorded) }
  }

  /// The value recorded for a node of `graph`.
  private func value(of node: Node, in graph: Graph, _ recorded: RecordedValues) -> FakeValue? {
    recorded.value(of: node, in: graph).map(fakeValue)
  }

  /// What is recorded of the nodes that fetch an attribute; archives have none of them, printed graphs may.
  public func attribute(_ name: String, in path: String) -> FakeValue? {
    if let known = attributesByPath[path] { return known[name] }
    var attributes: [String: FakeValue] = [:]
    if let recorded = exported.recordedValues[path],
      let module = path.isEmpty ? exported.graphModule : exported.graphModule.submodule(at: path)
    {
      for node in module.graph.findNodes(.getAttr) {
        let target = module.graph.target(of: node).text
        if attributes[target] == nil { attributes[target] = value(of: node, in: module.graph, recorded) }
      }
    }
    attributesByPath[path] = attributes
    return attributes[name]
  }

  /// What the archive says about the nodes that `edited` kept.
  public func facts(for edited: GraphModule, originals: NodeMap<Node>?) -> any ProgramFacts {
    EditedProgram(self, edited, originals: originals)
  }

  private func fakeValue(_ recorded: RecordedValue) -> FakeValue {
    switch recorded {
    case .tensor(let tensor): .tensor(fakeTensor(tensor))
    case .symInt(let value): .symInt(symInt(value))
    case .float(let value): .float(value)
    case .symFloat(let id): .symFloat(SymFloat(expressions[Int(id.index)]))
    case .bool(let value): .bool(value)
    case .symBool(let id): .symBool(SymBool(expressions[Int(id.index)]))
    case .customObject(let className): .opaque(className)
    case .none: .none
    case .constant(let argument): FakeValue(constant: argument, shapes)
    case .tuple(let items): .tuple(items.map { $0.map(fakeValue) ?? .none })
    }
  }

  private func fakeTensor(_ recorded: RecordedTensor) -> FakeTensor {
    // PyTorch replaces strides that no tensor can have by those of a contiguous one.
    let hasStrides = recorded.strides?.contains { $0.constant.map { $0 < 0 } ?? false } != true
    let tensor = mode.tensor(
      sizes(recorded.sizes), strides: hasStrides ? recorded.strides.map(sizes) : nil, dtype: recorded.dtype,
      device: recorded.device ?? .cpu, layout: recorded.layout)
    tensor.requiresGrad = recorded.requiresGrad && shapes.profile.has(.inputsRequireGrad)
    return tensor
  }

  private func sizes(_ recorded: ArraySlice<RecordedInt>) -> Sizes {
    var sizes = Sizes()
    for value in recorded { sizes.append(symInt(value)) }
    return sizes
  }

  private func symInt(_ recorded: RecordedInt) -> SymInt {
    if let constant = recorded.constant { return SymInt(constant) }
    // One of the two is present; `tooLarge`, which decides nothing, would stand for neither.
    return recorded.expression.map { shapes.symInt(expressions[Int($0.index)]) } ?? .tooLarge
  }
}
