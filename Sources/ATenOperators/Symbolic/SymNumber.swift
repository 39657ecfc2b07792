import FakeTensors
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

/// A Python number that may be symbolic: the operand of an operator on sizes.
enum SymNumber {
  case int(SymInt)
  case float(SymExpr)
  case bool(SymBool)

  var isFloat: Bool {
    if case .float = self { return true }
    return false
  }
}

extension FakeValue {
  /// The value, if it is a known real number.
  var knownDouble: Double? {
    switch self {
    case .float(let value): value
    case .symInt(let value): value.constant.map { Double($0) }
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }
}

extension Numbers {
  /// The number at `position`; a 0-dim tensor with a known value counts as a number.
  func number(_ position: Int) throws -> SymNumber { try number(call[position], position) }

  func number(_ value: FakeValue, _ position: Int) throws -> SymNumber {
    switch value {
    case .symInt(let value): return .int(value)
    case .symFloat(let value): return .float(value.expression)
    case .symBool(let value): return .bool(value)
    case .float(let value): return .float(shapes.arena.float(value))
    case .bool(let value): return .bool(SymBool(value))
    case .tensor(let tensor):
      switch tensor.constant?.values.first {
      case .some(.int(let value)): return .int(SymInt(value))
      case .some(.float(let value)): return .float(shapes.arena.float(value))
      case .some(.bool(let value)): return .bool(SymBool(value))
      default: throw call.refusal("argument \(position) must be a number")
      }
    default: throw call.refusal("argument \(position) must be a number")
    }
  }

  /// The value of a node: a constant if possible, otherwise an expression.
  func value(_ number: SymNumber) -> FakeValue {
    switch number {
    case .int(let value): return .symInt(value)
    case .bool(let value): return value.constant.map { .bool($0) } ?? .symBool(value)
    case .float(let expression):
      if shapes.arena.hasSymbols(expression) { return .symFloat(SymFloat(expression)) }
      return shapes.arena.doubleValue(of: expression).map { .float($0) } ?? .symFloat(SymFloat(expression))
    }
  }

  // Conversions

  /// `float(x)`, as `ToFloat`.
  func toFloat(_ number: SymNumber) -> SymExpr {
    switch number {
    case .float(let expression): return expression
    case .int(let value):
      if let constant = value.constant { return shapes.arena.float(Double(constant)) }
      return shapes.arena.apply(.toFloat, shapes.expression(value))
    case .bool: return toFloat(.int(toInt(number)))
    }
  }

  /// A number as an integer: bools are 0 and 1, floats are truncated.
  func toInt(_ number: SymNumber) -> SymInt {
    switch number {
    case .int(let value): return value
    case .bool(let value):
      if let constant = value.constant { return constant ? 1 : 0 }
      return shapes.symInt(shapes.arena.where(value.expression, .one, .zero))
    case .float(let expression): return rounded(expression, .truncToInt) { $0.rounded(.towardZero) }
    }
  }

  /// `x != 0`.
  func toBool(_ number: SymNumber) -> SymBool {
    switch number {
    case .bool(let value): return value
    case .int(let value): return shapes.ne(value, 0)
    case .float(let expression):
      if let value = shapes.arena.doubleValue(of: expression) { return SymBool(value != 0) }
      let zero = shapes.arena.float(0)
      return shapes.not(SymBool(shapes.arena.eq(expression, zero)))
    }
  }

  /// A float rounded to an integer, computed immediately if the float is known and the result fits.
  func rounded(_ expression: SymExpr, _ function: SymFunction, _ rule: (Double) -> Double) -> SymInt {
    if let value = shapes.arena.doubleValue(of: expression), let whole = Int(exactly: rule(value)) {
      return SymInt(whole)
    }
    return shapes.symInt(shapes.arena.apply(function, expression))
  }
}
