import OperatorSchemas
import SymbolicShapes

extension FakeValue {
  /// Whether the value fits the type in a schema.
  ///
  /// Types that are not checked, such as `Any`, `Generator` or classes, accept everything.
  func fits(_ type: ArgumentType) -> Bool {
    switch (type, self) {
    case (.optional(let wrapped), _): isNone || fits(wrapped)
    case (.tensor, .tensor), (.int, .symInt), (.symInt, .symInt), (.bool, .bool), (.bool, .symBool),
      (.symBool, .bool), (.symBool, .symBool), (.float, .float), (.float, .symFloat), (.symFloat, .float),
      (.symFloat, .symFloat), (.complex, .complex), (.string, .string), (.dtype, .dtype), (.layout, .layout),
      (.device, .device), (.memoryFormat, .memoryFormat):
      true
    case (.scalar, _): scalarCategory != nil
    case (.list(.int, _), .sizes), (.list(.symInt, _), .sizes): true
    case (.list(let element, _), .list(let items)), (.list(let element, _), .tuple(let items)):
      items.allSatisfy { $0.fits(element) }
    case (.tuple(let types), .tuple(let items)): items.fit(types)
    case (.dictionary(_, let type), .dictionary(let entries)): entries.allSatisfy { $0.value.fits(type) }
    case (.generator, _), (.stream, _), (.storage, _), (.variable, _), (.other, _): true
    default: false
    }
  }
}

extension [FakeValue] {
  /// Whether there are as many values as types, and each fits its type.
  func fit(_ types: [ArgumentType]) -> Bool {
    count == types.count && zip(self, types).allSatisfy { $0.fits($1) }
  }
}
