import FX
package import FakeTensors
package import SymbolicShapes

extension FakeValue {
  /// The element, or the elements of a slice, that Python's `value[key]` selects.
  ///
  /// A symbolic index is guarded on.
  ///
  /// - Throws: ``SelectionError`` where Python raises an error; a data-dependent ``SymbolicShapeError`` for an unbacked
  ///   index.
  package func item(_ key: FakeValue, _ shapes: ShapeEnv) throws -> FakeValue {
    switch self {
    case .dictionary(let entries):
      return entries[try key.elementKey(shapes).position(among: entries.lazy.map(\.key))].value
    case .tuple(let items):
      return try Self.select(key, from: items, in: "tuple", shapes) { .tuple($0) }
    case .list(let items):
      return try Self.select(key, from: items, in: "list", shapes) { .list($0) }
    case .sizes(let sizes):
      return try Self.select(key, from: sizes.map { .symInt($0) }, in: "list", shapes) {
        FakeValue(integers: $0)
      }
    case .string(let text):
      let scalars = Array(text.unicodeScalars)
      switch try key.elementKey(shapes).select(from: scalars.count, in: "str") {
      case .element(let position): return .string(String(scalars[position]))
      case .elements(let positions):
        var selected = String.UnicodeScalarView()
        for position in positions { selected.append(scalars[position]) }
        return .string(String(selected))
      }
    case .opaque:
      throw PropagationError(
        .malformed("getitem of a \(pythonType) is not supported"))
    default: throw SelectionError(.notSubscriptable, in: pythonType)
    }
  }

  private static func select(
    _ key: FakeValue, from items: [FakeValue], in container: String, _ shapes: ShapeEnv,
    _ make: ([FakeValue]) -> FakeValue
  ) throws -> FakeValue {
    switch try key.elementKey(shapes).select(from: items.count, in: container) {
    case .element(let position): items[position]
    case .elements(let positions): make(positions.map { items[$0] })
    }
  }

  /// The value as a key.
  private func elementKey(_ shapes: ShapeEnv) throws -> ElementKey {
    switch self {
    case .symInt(let index): .index(try index.constant ?? shapes.evaluateInt(index))
    case .bool(let flag): .index(flag ? 1 : 0)
    case .string(let text): .string(text)
    case .none: .none
    case .slice(let bounds) where bounds.count == 3:
      try ElementKey(
        slice: bounds[0].elementKey(shapes), bounds[1].elementKey(shapes), bounds[2].elementKey(shapes))
    default: .other(type: pythonType)
    }
  }

  /// The name of the value's type in Python.
  private var pythonType: String {
    switch self {
    case .tensor: "Tensor"
    case .symInt(let value): value.constant == nil ? "SymInt" : "int"
    case .symFloat: "SymFloat"
    case .symBool: "SymBool"
    case .float: "float"
    case .bool: "bool"
    case .complex: "complex"
    case .string: "str"
    case .none: "NoneType"
    case .dtype: "torch.dtype"
    case .device: "torch.device"
    case .layout: "torch.layout"
    case .memoryFormat: "torch.memory_format"
    case .list, .sizes: "list"
    case .tuple: "tuple"
    case .dictionary: "dict"
    case .slice: "slice"
    case .submodule: "GraphModule"
    case .opaque(let text): text.hasPrefix("range(") ? "range" : "object"
    }
  }
}
