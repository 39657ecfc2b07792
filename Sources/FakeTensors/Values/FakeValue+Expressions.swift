public import SymbolicExpressions
import SymbolicShapes

extension FakeValue {
  /// The symbolic parts of the value: sizes, strides and offsets of its tensors, and its numbers.
  public var symbolicExpressions: [SymExpr] {
    var expressions: [SymExpr] = []
    forEachSymbolicExpression { expressions.append($0) }
    return expressions
  }

  /// Calls `body` with each symbolic part of the value, in order.
  public func forEachSymbolicExpression(_ body: (SymExpr) -> Void) {
    forEachLeaf { leaf in
      switch leaf {
      case .tensor(let tensor):
        for size in tensor.sizes { size.symbolicExpression.map(body) }
        for stride in tensor.strides { stride.symbolicExpression.map(body) }
        tensor.storageOffset.symbolicExpression.map(body)
      case .symInt(let value): value.symbolicExpression.map(body)
      case .symFloat(let value): body(value.expression)
      case .symBool(let value): if value.constant == nil { body(value.expression) }
      case .sizes(let sizes): for size in sizes { size.symbolicExpression.map(body) }
      default: break
      }
    }
  }
}
