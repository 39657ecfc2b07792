import FX
import FakeTensors
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// A point on the way along the path of a binding through a real value.
enum RealPlace {
  case value(PyTree<RealTensor>)
  case integers([Int])
  case number(SymExpr.Number)

  init(_ value: PyTree<RealTensor>) { self = .value(value) }

  /// The number at the end of `path`; `nil` when the value has no such place.
  func number(at path: [BindingKey], _ symbols: SymbolValues, _ shapes: ShapeEnv) -> SymExpr.Number? {
    var place = self
    for key in path {
      guard let next = place.step(key, symbols, shapes) else { return nil }
      place = next
    }
    return place.number
  }

  private func step(_ key: BindingKey, _ symbols: SymbolValues, _ shapes: ShapeEnv) -> RealPlace? {
    switch (self, key) {
    case (.value(.value(let tensor)), .callMethod(let method)):
      switch method {
      case .size: return (try? tensor.sizes).map { .integers($0) }
      case .stride: return (try? tensor.strides).map { .integers($0) }
      case .storageOffset: return (try? tensor.storageOffset).map { .number(.int($0)) }
      }
    case (.integers(let values), .sequence(let index)):
      return values.indices.contains(index) ? .number(.int(values[index])) : nil
    case (.value(.dict(let entries)), .sequence(let key)): return entries[.int(key)].map { .value($0) }
    case (.value(let value), .sequence(let index)):
      guard let elements = value.elements, elements.indices.contains(index) else { return nil }
      return .value(elements[index])
    case (.value(.dict(let entries)), .mapping(let name)): return entries[.string(name)].map { .value($0) }
    case (_, .divideBy(let divisor)):
      guard case .int(let dividend)? = number, let divisor = symbols.int(shapes.expression(divisor)),
        divisor > 0
      else { return nil }
      return .number(.int(dividend / divisor))
    case (_, .convertInt):
      guard let number else { return nil }
      return .number(.int(number.double == 0 ? 0 : 1))
    default: return nil
    }
  }

  private var number: SymExpr.Number? {
    switch self {
    case .number(let number): number
    case .value(.constant(.int(let value))): .int(value)
    case .value(.constant(.float(let value))): .float(value)
    case .value(.constant(.bool(let value))): .bool(value)
    default: nil
    }
  }
}
