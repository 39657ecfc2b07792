public import FX
public import FakeTensors
public import SymbolicShapes

extension FakeValue {
  /// The value of a tree that an interpreter passes to operators.
  public init(_ tree: PyTree<FakeValue>, _ shapes: ShapeEnv) {
    switch tree {
    case .value(let value): self = value
    case .constant(let argument): self = FakeValue(constant: argument, shapes)
    case .module(let reference): self = .submodule(reference.path)
    case .tuple(let items): self = .tuple(items.map { FakeValue($0, shapes) })
    case .slice(let bounds): self = .slice(bounds.map { FakeValue($0, shapes) })
    case .list(let items): self = .list(items.map { FakeValue($0, shapes) })
    case .dict(let entries): self = .dictionary(entries.map { ($0.key, FakeValue($0.value, shapes)) })
    case .namedTuple(_, let fields): self = .tuple(fields.map { FakeValue($0.value, shapes) })
    case .custom(_, _, let items): self = .list(items.map { FakeValue($0, shapes) })
    }
  }
}

extension PyTree where Value == FakeValue {
  /// The tree of a value, so that its elements can be selected.
  public init(_ value: FakeValue) {
    switch value {
    case .tuple(let items): self = .tuple(items.map { PyTree($0) })
    case .list(let items): self = .list(items.map { PyTree($0) })
    case .dictionary(let entries): self = .dict(entries.map { DictEntry($0.key, PyTree($0.value)) })
    case .slice(let bounds): self = .slice(bounds.map { PyTree($0) })
    case .none: self = .constant(.none)
    default: self = .value(value)
    }
  }
}
