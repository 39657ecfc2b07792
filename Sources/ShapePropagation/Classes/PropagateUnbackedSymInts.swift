public import FX
public import FakeTensors
import OperatorSchemas
public import SymbolicShapes

/// Re-runs a graph on fake tensors, and gives every fresh unbacked symbol the name that the graph knows.
///
/// The open face of shape propagation: override ``Interpreter/runNode(_:)``, `callFunction` and the others to
/// change what a node means. Whoever only wants the values uses ``PropagationContext/propagate(_:options:)``,
/// which computes the same without the calls in between.
///
/// - Source: `PropagateUnbackedSymInts`, `torch/fx/experimental/symbolic_shapes.py`.
open class PropagateUnbackedSymInts: Interpreter<FakeValue> {
  /// The world that the tensors live in.
  public let mode: FakeTensorMode
  /// The rules of operators.
  public let table: OperatorTable
  /// What is known beside the graph: bindings, and values of attributes.
  public let facts: (any ProgramFacts)?
  /// The precision region that the node at hand stands in.
  private var autocast: Autocast?
  /// Where the graph at hand is in the program, and the number of that place.
  private var modulePath = ""
  private var numbers = ModuleNumbers()
  private let root: GraphModule
  /// Renamings made so far, with the node that showed each fresh symbol.
  public private(set) var renamings: [(node: Node, renaming: Renaming)] = []

  /// Makes a propagation through a module.
  public init(
    _ module: GraphModule, mode: FakeTensorMode, table: OperatorTable, facts: (any ProgramFacts)? = nil,
    garbageCollectValues: Bool = true, graph: Graph? = nil
  ) {
    self.mode = mode
    self.table = table
    self.facts = facts
    root = module
    super.init(module, garbageCollectValues: garbageCollectValues, graph: graph)
  }

  open override func runNode(_ node: Node) throws -> PyTree<FakeValue> {
    mode.shapes.origin = Origin(step: node.index, graph: numbers.number(of: modulePath))
    let result = try super.runNode(node)
    if let bindings = facts?.bindings(of: node, in: ""), !bindings.isEmpty {
      for renaming in try mode.shapes.rebindUnbacked(bindings, in: FakeValue(result, mode.shapes)) {
        renamings.append((node, renaming))
      }
    }
    return result
  }

  /// The node that a fact of this program comes from; `nil` for what was known before.
  public func provenance(of origin: Origin) -> Provenance? { numbers.place(of: origin, in: root) }

  open override func callFunction(
    _ target: Node.Target, _ args: [PyTree<FakeValue>], _ kwargs: [Named<PyTree<FakeValue>>]
  ) throws -> PyTree<FakeValue> {
    if target == .getitem { return try super.callFunction(target, args, kwargs) }
    let positional = args.map { FakeValue($0, mode.shapes) }
    let keywords = kwargs.map { (key: $0.name, value: FakeValue($0.value, mode.shapes)) }
    if target.isHigherOrder {
      let name = String(target.text.dropFirst("torch.ops.higher_order.".count))
      guard let rule = HigherOrderRule.named(name) else {
        throw OperatorError(.noRule, operator: target.text)
      }
      return PyTree(
        try rule.apply(
          HigherOrderCall(
            arguments: positional, keywords: keywords, mode: mode, table: table, autocast: autocast
          ) { [unowned self] path, inputs, region in
            let around = autocast
            autocast = region
            defer { autocast = around }
            guard case .module(let reference) = try fetchAttr(path) else { return .none }
            let caller = (path: modulePath, origin: mode.shapes.origin)
            modulePath = modulePath.isEmpty ? path : "\(modulePath).\(path)"
            defer { (modulePath, mode.shapes.origin) = caller }
            return FakeValue(try run(reference, inputs.map { PyTree($0) }), mode.shapes)
          }))
    }
    guard let name = OperatorName(target), let resolved = table.resolve(name) else {
      throw OperatorError(.noRule, operator: target.text)
    }
    let call = try resolved.call(
      positional, Dictionary(keywords.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }), in: mode)
    autocast?.prepare(call)
    return PyTree(try resolved.apply(call))
  }

  open override func attribute(_ id: AttributeID, _ path: String) throws -> PyTree<FakeValue> {
    if let value = facts?.attribute(path, in: "") { return PyTree(value) }
    return try super.attribute(id, path)
  }
}

extension FakeValue {
  /// A value from the nest that an interpreter hands to operators.
  public init(_ tree: PyTree<FakeValue>, _ shapes: ShapeEnv) {
    switch tree {
    case .value(let value): self = value
    case .constant(let argument): self = FakeValue(argument, shapes)
    case .module(let reference): self = .submodule(reference.path)
    case .tuple(let items), .slice(let items): self = .tuple(items.map { FakeValue($0, shapes) })
    case .list(let items): self = .list(items.map { FakeValue($0, shapes) })
    case .dict(let entries): self = .dictionary(entries.map { ($0.name, FakeValue($0.value, shapes)) })
    case .namedTuple(_, let fields): self = .tuple(fields.map { FakeValue($0.value, shapes) })
    case .custom(_, _, let items): self = .list(items.map { FakeValue($0, shapes) })
    }
  }
}

extension PyTree where Value == FakeValue {
  /// The nest behind a value, so that its elements can be selected.
  public init(_ value: FakeValue) {
    switch value {
    case .tuple(let items): self = .tuple(items.map { PyTree($0) })
    case .list(let items): self = .list(items.map { PyTree($0) })
    case .dictionary(let entries): self = .dict(entries.map { Named($0.key, PyTree($0.value)) })
    case .none: self = .constant(.none)
    default: self = .value(value)
    }
  }
}
