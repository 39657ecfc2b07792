import TensorVocabulary

/// Arithmetic on known elements as in PyTorch: integers wrap, everything else is computed as `Double`.
enum ConstantArithmetic {
  /// Operators that return their only element unchanged.
  private static let copies: Set<String> = [
    "_to_copy", "alias", "clone", "contiguous", "detach", "expand", "flatten", "lift", "lift_fresh",
    "lift_fresh_copy", "max", "mean", "min", "positive", "prod", "ravel", "reshape", "resolve_conj",
    "resolve_neg",
    "select", "squeeze", "sum", "t", "to", "unsqueeze", "view",
  ]

  /// The result of the ATen operator `base`; `nil` if it is not supported here.
  static func apply(_ base: String, _ operands: [Scalar]) -> Scalar? {
    guard let first = operands.first else { return nil }
    if copies.contains(base), operands.count == 1 || base == "to" { return first }
    if operands.count == 1 { return unary(base, first) }
    var second = operands[1]
    if operands.count == 3 {
      guard base == "add" || base == "sub", let scaled = binary("mul", second, operands[2]) else {
        return nil
      }
      second = scaled
    }
    return operands.count <= 3 ? binary(base, first, second) : nil
  }

  private static func unary(_ base: String, _ x: Scalar) -> Scalar? {
    switch (base, x) {
    case ("logical_not", _): return double(x).map { .bool($0 == 0) }
    case ("bitwise_not", .bool(let value)): return .bool(!value)
    case ("bitwise_not", .int(let value)): return .int(~value)
    case ("neg", .int(let value)): return .int(0 &- value)
    case ("abs", .int(let value)): return .int(value < 0 ? 0 &- value : value)
    case ("relu", .int(let value)): return .int(max(value, 0))
    case ("any", _), ("all", _): return double(x).map { .bool($0 != 0) }
    default: break
    }
    guard let value = double(x) else { return nil }
    switch base {
    case "neg": return .float(-value)
    case "abs": return .float(value.magnitude)
    case "relu": return .float(value > 0 ? value : value.isNaN ? value : 0)
    case "sqrt": return .float(value.squareRoot())
    case "rsqrt": return .float(1 / value.squareRoot())
    case "reciprocal": return .float(1 / value)
    case "floor": return rounded(x, value, .down)
    case "ceil": return rounded(x, value, .up)
    case "trunc": return rounded(x, value, .towardZero)
    case "round": return rounded(x, value, .toNearestOrEven)
    case "square": return binary("mul", x, x)
    default: return nil
    }
  }

  private static func rounded(_ x: Scalar, _ value: Double, _ rule: FloatingPointRoundingRule) -> Scalar {
    if case .float = x { .float(value.rounded(rule)) } else { x }
  }

  private static func binary(_ base: String, _ x: Scalar, _ y: Scalar) -> Scalar? {
    if base == "fill" { return y }
    guard let a = double(x), let b = double(y) else { return nil }
    switch base {
    case "eq": return .bool(a == b)
    case "ne": return .bool(a != b)
    case "lt": return .bool(a < b)
    case "le": return .bool(a <= b)
    case "gt": return .bool(a > b)
    case "ge": return .bool(a >= b)
    case "logical_and": return .bool(a != 0 && b != 0)
    case "logical_or": return .bool(a != 0 || b != 0)
    case "logical_xor": return .bool((a != 0) != (b != 0))
    case "div", "true_divide": return .float(a / b)
    default: break
    }
    if let a = int(x), let b = int(y) { return binary(base, a, b) }
    switch base {
    case "add": return .float(a + b)
    case "sub": return .float(a - b)
    case "mul": return .float(a * b)
    case "maximum", "max": return .float(a.isNaN || b.isNaN ? .nan : max(a, b))
    case "minimum", "min": return .float(a.isNaN || b.isNaN ? .nan : min(a, b))
    case "floor_divide": return .float((a / b).rounded(.down))
    case "fmod": return .float(a.truncatingRemainder(dividingBy: b))
    default: return nil
    }
  }

  private static func binary(_ base: String, _ a: Int, _ b: Int) -> Scalar? {
    switch base {
    case "add": return .int(a &+ b)
    case "sub": return .int(a &- b)
    case "mul": return .int(a &* b)
    case "maximum", "max": return .int(max(a, b))
    case "minimum", "min": return .int(min(a, b))
    case "bitwise_and": return .int(a & b)
    case "bitwise_or": return .int(a | b)
    case "bitwise_xor": return .int(a ^ b)
    default: break
    }
    guard b > 0 else { return nil }
    let remainder = a % b
    switch base {
    case "floor_divide": return .int(remainder < 0 ? a / b - 1 : a / b)
    case "remainder": return .int(remainder < 0 ? remainder + b : remainder)
    case "fmod": return .int(remainder)
    default: return nil
    }
  }

  /// `number` as stored in a tensor of `dtype`.
  static func convert(_ number: Scalar, to dtype: ScalarType) -> Scalar? {
    if dtype.isBool { return double(number).map { .bool($0 != 0) } }
    if dtype.isIntegral {
      guard let value = int(number) ?? double(number).flatMap({ Int(exactly: $0.rounded(.towardZero)) })
      else {
        return nil
      }
      switch dtype {
      case .int64: return .int(value)
      case .int32: return .int(Int(Int32(truncatingIfNeeded: value)))
      case .int16: return .int(Int(Int16(truncatingIfNeeded: value)))
      case .int8: return .int(Int(Int8(truncatingIfNeeded: value)))
      case .uint8: return .int(Int(UInt8(truncatingIfNeeded: value)))
      default: return nil
      }
    }
    switch dtype {
    case .float64: return double(number).map { .float($0) }
    case .float32: return double(number).map { .float(Double(Float($0))) }
    default: return nil
    }
  }

  private static func int(_ number: Scalar) -> Int? {
    switch number {
    case .int(let value): value
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }

  private static func double(_ number: Scalar) -> Double? {
    if case .float(let value) = number { return value }
    return int(number).map(Double.init)
  }
}
