public import SymbolicExpressions
import SymbolicShapes

extension FakeValue {
  /// The symbolic parts of the value: sizes, strides and offsets of its tensors, and its numbers.
  public var symbolicExpressions: [SymExpr] {
    switch self {
    case .tensor(let tensor):
      [tensor.sizes, tensor.strides, [tensor.storageOffset]].joined().compactMap(\.symbolicExpression)
    case .symInt(let value): [value.symbolicExpression].compactMap { $0 }
    case .symFloat(let value): [value.expression]
    case .symBool(let value): value.constant == nil ? [value.expression] : []
    case .sizes(let sizes): sizes.compactMap(\.symbolicExpression)
    case .list(let items), .tuple(let items): items.flatMap { $0.symbolicExpressions }
    case .dictionary(let entries): entries.flatMap { $0.value.symbolicExpressions }
    default: []
    }
  }
}
