import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// What a prefix of a binding's path leads to.
enum BindingPlace {
  case value(FakeValue)
  case integers(Sizes)
  case number(SymExpr)

  init(_ value: FakeValue) { self = .value(value) }

  func step(_ key: BindingKey, _ shapes: ShapeEnv) -> BindingPlace? {
    switch (self, key) {
    case (.value(.tensor(let tensor)), .callMethod(let method)):
      switch method {
      case .size: return .integers(tensor.sizes)
      case .stride: return .integers(tensor.strides)
      case .storageOffset: return .value(.symInt(tensor.storageOffset))
      }
    case (.integers(let sizes), .sequence(let index)), (.value(.sizes(let sizes)), .sequence(let index)):
      return sizes.indices.contains(index) ? .value(.symInt(sizes[index])) : nil
    case (.value(.dictionary(let entries)), .sequence(let key)):
      return entries.first { $0.key == .int(key) }.map { .value($0.value) }
    case (.value(let value), .sequence(let index)):
      guard let elements = value.elements, elements.indices.contains(index) else { return nil }
      return .value(elements[index])
    case (.value(.dictionary(let entries)), .mapping(let name)):
      return entries.first { $0.key == .string(name) }.map { .value($0.value) }
    case (_, .divideBy(let divisor)):
      guard let expression = expression(shapes) else { return nil }
      return .number(shapes.arena.cleanDiv(expression, shapes.expression(divisor)))
    case (.value(.symBool(let condition)), .convertInt):
      // `Eq(u, 1)` represents the boolean `u`.
      return shapes.truthSymbol(of: condition.expression).map { .number($0) } ?? .number(condition.expression)
    case (.value(.bool(let value)), .convertInt): return .number(value ? .one : .zero)
    default: return nil
    }
  }

  func expression(_ shapes: ShapeEnv) -> SymExpr? {
    switch self {
    case .number(let expression): expression
    case .value(.symInt(let value)): shapes.expression(value)
    case .value(.symFloat(let value)): value.expression
    case .value(.symBool(let value)): value.expression
    case .value(.float(let value)): shapes.arena.float(value)
    case .value(.bool(let value)): value ? .true : .false
    default: nil
    }
  }
}

extension ShapeEnv {
  /// `u` if `condition` is `Eq(u, 1)`.
  func truthSymbol(of condition: SymExpr) -> SymExpr? {
    guard case .relation(.eq, let lhs, let rhs) = arena.view(of: condition) else { return nil }
    if rhs == .one, arena.asSymbol(lhs) != nil { return lhs }
    if lhs == .one, arena.asSymbol(rhs) != nil { return rhs }
    return nil
  }
}
