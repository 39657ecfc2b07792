public import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

extension FunctionSchema.Argument {
  /// The argument's default value; `nil` if it must be given.
  public var defaultFakeValue: FakeValue? {
    guard let defaultValue else { return nil }
    switch defaultValue {
    case .none: return FakeValue.none
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .float(let value): return .float(value)
    case .string(let text): return .string(text)
    case .dtype(let dtype): return .dtype(dtype)
    case .layout(let layout): return .layout(layout)
    case .memoryFormat(let format): return .memoryFormat(format)
    case .device(let device): return .device(device)
    case .emptyList: return .list([])
    case .intList(let values): return .sizes(Sizes(values.map { SymInt($0) }))
    case .floatList(let values): return .list(values.map { .float($0) })
    case .boolList(let values): return .list(values.map { .bool($0) })
    case .stringList(let values): return .list(values.map { .string($0) })
    }
  }
}
