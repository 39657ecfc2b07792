extension PyTree {
  /// The element or elements that Python's `tree[key]` selects.
  ///
  /// A slice of a tuple is a tuple, of a list a list, of a named tuple a plain tuple. The characters of a constant
  /// string and the integers of a constant range count as elements.
  ///
  /// - Throws: ``SelectionError`` where Python raises an error, and if a container or a key is a value: only code that
  ///   knows the values can select there.
  public subscript(key: PyTree) -> PyTree {
    get throws(SelectionError) {
      switch self {
      case .tuple(let items): try Self.select(key, from: items, "tuple", PyTree.tuple)
      case .list(let items): try Self.select(key, from: items, "list", PyTree.list)
      case .namedTuple(_, let fields):
        try Self.select(key, from: fields.map(\.value), "tuple", PyTree.tuple)
      case .dict(let entries): entries[try key.elementKey.position(among: entries.lazy.map(\.key))].value
      case .constant(.tuple(let items)): try PyTree.tuple(items.map(PyTree.constant))[key]
      case .constant(.list(let items)): try PyTree.list(items.map(PyTree.constant))[key]
      case .constant(.dict(let entries)):
        try PyTree.dict(entries.map { DictEntry($0.key, .constant($0.value)) })[key]
      case .constant(.string(let text)): .constant(.string(try text.element(key.elementKey)))
      case .constant(.range(let range)): .constant(try range.element(key.elementKey))
      case .value, .constant, .module, .slice, .custom:
        throw SelectionError(.notSubscriptable, in: pythonTypeName)
      }
    }
  }

  private static func select(
    _ key: PyTree, from items: [PyTree], _ container: String, _ make: ([PyTree]) -> PyTree
  ) throws(SelectionError) -> PyTree {
    switch try key.elementKey.select(from: items.count, in: container) {
    case .element(let position): items[position]
    case .elements(let positions): make(positions.map { items[$0] })
    }
  }

  /// The tree as a key.
  private var elementKey: ElementKey {
    get throws(SelectionError) {
      switch self {
      case .constant(let constant): return try constant.elementKey
      case .slice(let bounds) where bounds.count == 3:
        return try ElementKey(
          slice: try bounds[0].elementKey, try bounds[1].elementKey, try bounds[2].elementKey)
      default: return .other(type: pythonTypeName)
      }
    }
  }

  /// The name of the tree's Python type.
  private var pythonTypeName: String {
    switch self {
    case .value: "value"
    case .constant(let constant): constant.pythonTypeName
    case .module: "Module"
    case .tuple: "tuple"
    case .list: "list"
    case .dict: "dict"
    case .slice: "slice"
    case .namedTuple(let type, _), .custom(let type, _, _): type
    }
  }
}

extension Node.Argument {
  /// The constant as a key.
  fileprivate var elementKey: ElementKey {
    get throws(SelectionError) {
      switch self {
      case .int(let value): return .index(value)
      case .bool(let value): return .index(value ? 1 : 0)
      case .string(let value): return .string(value)
      case .none: return .none
      case .slice(let slice):
        return try ElementKey(
          slice: try slice.start.elementKey, try slice.stop.elementKey, try slice.step.elementKey)
      default: return .other(type: pythonTypeName)
      }
    }
  }

  /// The name of the argument's Python type.
  fileprivate var pythonTypeName: String {
    switch self {
    case .node: "Node"
    case .none: "NoneType"
    case .bool: "bool"
    case .int: "int"
    case .float: "float"
    case .complex: "complex"
    case .string: "str"
    case .dtype: "torch.dtype"
    case .device: "torch.device"
    case .ellipsis: "ellipsis"
    case .layout: "torch.layout"
    case .memoryFormat: "torch.memory_format"
    case .operator: "OpOverload"
    case .symInt: "SymInt"
    case .symFloat: "SymFloat"
    case .symBool: "SymBool"
    case .tuple: "tuple"
    case .list: "list"
    case .dict: "dict"
    case .slice: "slice"
    case .range: "range"
    case .submodule: "Module"
    case .tensorConstant: "Tensor"
    case .opaque(let value): value.tag
    }
  }
}

extension String {
  /// The characters that a key selects; a Python character is a Unicode scalar.
  fileprivate func element(_ key: ElementKey) throws(SelectionError) -> String {
    let characters = Array(unicodeScalars)
    switch try key.select(from: characters.count, in: "str") {
    case .element(let position): return String(characters[position])
    case .elements(let positions):
      var text = String.UnicodeScalarView()
      for position in positions { text.append(characters[position]) }
      return String(text)
    }
  }
}

extension Node.Argument.IndexRange {
  /// The integer or the range that a key selects.
  fileprivate func element(_ key: ElementKey) throws(SelectionError) -> Node.Argument {
    switch try key.select(from: try count, in: "range") {
    case .element(let position): .int(try value(at: position))
    case .elements(let positions):
      .range(
        .init(try value(at: positions.start), try value(at: positions.stop), try step(times: positions.step)))
    }
  }

  /// The number of integers.
  private var count: Int {
    get throws(SelectionError) {
      guard step != 0 else { throw SelectionError(.zeroStep, in: "range") }
      guard step > 0 ? start < stop : start > stop else { return 0 }
      // The difference of two integers always fits an unsigned one.
      let distance = UInt(bitPattern: step > 0 ? stop &- start : start &- stop)
      guard let count = Int(exactly: (distance - 1) / step.magnitude + 1) else { throw Self.tooLarge }
      return count
    }
  }

  private func value(at position: Int) throws(SelectionError) -> Int {
    let (sum, isTooLarge) = start.addingReportingOverflow(try step(times: position))
    guard !isTooLarge else { throw Self.tooLarge }
    return sum
  }

  private func step(times factor: Int) throws(SelectionError) -> Int {
    let (product, isTooLarge) = step.multipliedReportingOverflow(by: factor)
    guard !isTooLarge else { throw Self.tooLarge }
    return product
  }

  private static var tooLarge: SelectionError { SelectionError(.tooLarge, in: "range") }
}
