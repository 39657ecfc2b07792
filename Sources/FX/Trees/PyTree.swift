import TensorVocabulary

/// Nested Python containers with values as leaves (PyTorch's pytree); the arguments and results of an ``Interpreter``.
///
/// Arguments and results of calls have this type: `cat` takes `.list([.value(a), .value(b)])`, and `topk` returns
/// `.tuple([.value(values), .value(indices)])`.
public enum PyTree<Value> {
  /// What the run computes, such as a fake tensor.
  case value(Value)
  /// An argument that contains no node, such as `2`, `None` or `torch.float32`.
  case constant(Node.Argument)
  /// A submodule passed to a higher-order operator.
  case module(ModuleReference)
  case tuple([PyTree])
  case list([PyTree])
  case dict([DictEntry<PyTree>])
  /// Python's `slice`: start, stop and step.
  case slice([PyTree])
  /// A named tuple of this type.
  case namedTuple(type: String, [Named<PyTree>])
  /// A container of a user-defined class, with the context from which it is rebuilt.
  case custom(type: String, context: String, [PyTree])
}

extension PyTree: Sendable where Value: Sendable {}
extension PyTree: Equatable where Value: Equatable {}

/// A submodule that a graph passes to an operator, with its path in the graph's module.
public final class ModuleReference: Sendable {
  /// The dotted path, relative to the module whose graph refers to it.
  public let path: String
  /// The module itself.
  public let module: GraphModule
  /// The last uses of the module's graph, computed only once.
  let lastUses: LastUses

  init(path: String, module: GraphModule) {
    self.path = path
    self.module = module
    lastUses = LastUses(of: module.graph)
  }
}

extension ModuleReference: Equatable {
  /// Whether both have the same path and equal modules.
  public static func == (lhs: ModuleReference, rhs: ModuleReference) -> Bool {
    lhs === rhs || (lhs.path == rhs.path && lhs.module == rhs.module)
  }
}

extension PyTree {
  /// The value, if this is a leaf with a value.
  public var value: Value? {
    if case .value(let value) = self { value } else { nil }
  }

  /// The constant, if this is a constant leaf.
  public var constant: Node.Argument? {
    if case .constant(let constant) = self { constant } else { nil }
  }

  /// The integer, if this is a constant integer.
  public var int: Int? {
    if case .constant(.int(let int)) = self { int } else { nil }
  }

  /// The elements of a tuple or list.
  public var elements: [PyTree]? {
    switch self {
    case .tuple(let items), .list(let items): items
    case .namedTuple(_, let fields): fields.map(\.value)
    default: nil
    }
  }

  /// Calls `body` with each value in the tree, in order.
  public func forEachValue(_ body: (Value) -> Void) {
    switch self {
    case .value(let value): body(value)
    case .constant, .module: break
    case .tuple(let items), .list(let items), .slice(let items), .custom(_, _, let items):
      for item in items { item.forEachValue(body) }
    case .dict(let entries): for entry in entries { entry.value.forEachValue(body) }
    case .namedTuple(_, let fields): for field in fields { field.value.forEachValue(body) }
    }
  }

  /// The values in the tree, in order.
  public var values: [Value] {
    var values: [Value] = []
    forEachValue { values.append($0) }
    return values
  }
}

extension PyTree {
  /// Creates the dictionary of keyword arguments.
  init(keywords: [Named<PyTree>]) { self = .dict(keywords.map { DictEntry(.string($0.name), $0.value) }) }
}

extension PyTree: CustomStringConvertible {
  /// The tree as Python prints it.
  public var description: String { text { "\($0)" } }

  /// The tree as Python prints it, with values written by `describe`.
  public func text(_ describe: (Value) -> String) -> String {
    switch self {
    case .value(let value): describe(value)
    case .constant(let constant):
      ArgumentWriter(nodeName: { "\($0.index)" }, symbolText: { "\($0)" }).text(constant, .code)
    case .module(let reference): "module '\(reference.path)'"
    case .tuple(let items): PythonText.tuple(items.map { $0.text(describe) })
    case .list(let items): "[\(items.map { $0.text(describe) }.joined(separator: ", "))]"
    case .slice(let items): "slice(\(items.map { $0.text(describe) }.joined(separator: ", ")))"
    case .dict(let entries):
      "{\(entries.map { "\($0.key.pythonText): \($0.value.text(describe))" }.joined(separator: ", "))}"
    case .namedTuple(let type, let fields):
      "\(type)(\(fields.map { "\($0.name)=\($0.value.text(describe))" }.joined(separator: ", ")))"
    case .custom(let type, _, let items):
      "\(type)(\(items.map { $0.text(describe) }.joined(separator: ", ")))"
    }
  }
}
