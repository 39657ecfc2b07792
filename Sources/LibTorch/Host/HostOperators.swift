import FX
import TensorVocabulary

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Python's operators of numbers, which sizes are computed with: they run here, not in the library.
///
/// Integers are Python's as long as they fit 64 bits; one that does not is an error.
struct HostOperator: Sendable {
  let name: String
  let apply: @Sendable ([Scalar]) throws(LibTorchError) -> Scalar

  static func named(_ name: String) -> HostOperator? { byName[name] }

  private static let byName: [String: HostOperator] = Dictionary(
    uniqueKeysWithValues: (arithmetic + comparisons + functions).map { ($0.name, $0) })

  private static let arithmetic: [HostOperator] = [
    unary("_operator.abs") { (a) throws(LibTorchError) in
      switch a {
      case .float(let value): .float(abs(value))
      default:
        .int(try exact(try a.integer, a.isNegative ? -1 : 1) { $0.multipliedReportingOverflow(by: $1) })
      }
    },
    integers("_operator.add", { $0.addingReportingOverflow($1) }, { $0 + $1 }),
    bits("_operator.and_", { $0 && $1 }, { $0 & $1 }),
    binary("_operator.floordiv", floorQuotient),
    unary("_operator.index") { (a) throws(LibTorchError) in .int(try a.integer) },
    unary("_operator.invert") { (a) throws(LibTorchError) in .int(~(try a.integer)) },
    binary("_operator.lshift") { (a, b) throws(LibTorchError) in try shifted(a, by: b, left: true) },
    binary("_operator.mod", remainder),
    integers("_operator.mul", { $0.multipliedReportingOverflow(by: $1) }, { $0 * $1 }),
    unary("_operator.neg") { (a) throws(LibTorchError) in
      if case .float(let value) = a { return .float(-value) }
      return .int(try exact(0, try a.integer) { $0.subtractingReportingOverflow($1) })
    },
    unary("_operator.not_") { (a) throws(LibTorchError) in .bool(!a.isTrue) },
    bits("_operator.or_", { $0 || $1 }, { $0 | $1 }),
    unary("_operator.pos") { (a) throws(LibTorchError) in a },
    binary("_operator.pow", power),
    binary("_operator.rshift") { (a, b) throws(LibTorchError) in try shifted(a, by: b, left: false) },
    integers("_operator.sub", { $0.subtractingReportingOverflow($1) }, { $0 - $1 }),
    binary("_operator.truediv") { (a, b) throws(LibTorchError) in
      let (a, b) = (try a.real, try b.real)
      guard b != 0 else { throw LibTorchError(.raised("division by zero")) }
      return .float(a / b)
    },
    unary("_operator.truth") { (a) throws(LibTorchError) in .bool(a.isTrue) },
    bits("_operator.xor", { $0 != $1 }, { $0 ^ $1 }),
    binary("torch.sym_max") { (a, b) throws(LibTorchError) in try extreme(a, b, max, max) },
    binary("torch.sym_min") { (a, b) throws(LibTorchError) in try extreme(a, b, min, min) },
    HostOperator(name: "torch.sym_sum") { (items) throws(LibTorchError) in
      var sum = Scalar.int(0)
      for item in items { sum = try HostOperator.named("_operator.add")?.apply([sum, item]) ?? sum }
      return sum
    },
  ]

  private static let comparisons: [HostOperator] = [
    comparison("_operator.eq", { $0 == $1 }, { $0 == $1 }),
    comparison("_operator.ge", { $0 >= $1 }, { $0 >= $1 }),
    comparison("_operator.gt", { $0 > $1 }, { $0 > $1 }),
    comparison("_operator.le", { $0 <= $1 }, { $0 <= $1 }),
    comparison("_operator.lt", { $0 < $1 }, { $0 < $1 }),
    comparison("_operator.ne", { $0 != $1 }, { $0 != $1 }),
  ]

  private static let functions: [HostOperator] =
    [
      unary("math.ceil") { (a) throws(LibTorchError) in try whole(a) { $0.rounded(.up) } },
      unary("math.floor") { (a) throws(LibTorchError) in try whole(a) { $0.rounded(.down) } },
      unary("math.trunc") { (a) throws(LibTorchError) in try whole(a) { $0.rounded(.towardZero) } },
      binary("math.pow") { (a, b) throws(LibTorchError) in .float(pow(try a.real, try b.real)) },
      unary("torch.sym_float") { (a) throws(LibTorchError) in .float(try a.real) },
      unary("torch.sym_int") { (a) throws(LibTorchError) in try whole(a) { $0.rounded(.towardZero) } },
      unary("torch.sym_not") { (a) throws(LibTorchError) in .bool(!a.isTrue) },
      HostOperator(name: "torch.sym_ite") { (items) throws(LibTorchError) in
        guard items.count == 3 else { throw LibTorchError(.argument("three numbers are expected")) }
        return items[0].isTrue ? items[1] : items[2]
      },
    ]
    + realFunctions.flatMap { row in
      ["math.\(row.name)", "torch._sym_\(row.name)"].map { name in
        unary(name) { (a) throws(LibTorchError) in
          let given = try a.real
          let result = row.function(given)
          // Python raises where C returns NaN.
          guard !result.isNaN || given.isNaN else { throw LibTorchError(.raised("math domain error")) }
          return .float(result)
        }
      }
    }

  /// Functions of one real number, which Python has in `math` and PyTorch as `torch._sym_…`.
  private static let realFunctions: [(name: String, function: @Sendable (Double) -> Double)] = [
    ("acos", { acos($0) }), ("asin", { asin($0) }), ("asinh", { asinh($0) }), ("atan", { atan($0) }),
    ("cos", { cos($0) }), ("cosh", { cosh($0) }), ("exp", { exp($0) }), ("log", { log($0) }),
    ("log2", { log2($0) }),
    ("sin", { sin($0) }), ("sinh", { sinh($0) }), ("sqrt", { $0.squareRoot() }), ("tan", { tan($0) }),
    ("tanh", { tanh($0) }),
  ]
}

// Kinds of rows

extension HostOperator {
  private static func unary(
    _ name: String, _ apply: @escaping @Sendable (Scalar) throws(LibTorchError) -> Scalar
  ) -> HostOperator {
    HostOperator(name: name) { (items) throws(LibTorchError) in
      guard items.count == 1 else { throw LibTorchError(.argument("one number is expected")) }
      return try apply(items[0])
    }
  }

  private static func binary(
    _ name: String, _ apply: @escaping @Sendable (Scalar, Scalar) throws(LibTorchError) -> Scalar
  ) -> HostOperator {
    HostOperator(name: name) { (items) throws(LibTorchError) in
      guard items.count == 2 else { throw LibTorchError(.argument("two numbers are expected")) }
      return try apply(items[0], items[1])
    }
  }

  private static func integers(
    _ name: String, _ exactly: @escaping @Sendable (Int, Int) -> (partialValue: Int, overflow: Bool),
    _ floats: @escaping @Sendable (Double, Double) -> Double
  ) -> HostOperator {
    binary(name) { (a, b) throws(LibTorchError) in
      if a.category == .float || b.category == .float { return .float(floats(try a.real, try b.real)) }
      return .int(try exact(try a.integer, try b.integer, exactly))
    }
  }

  private static func bits(
    _ name: String, _ bools: @escaping @Sendable (Bool, Bool) -> Bool,
    _ integers: @escaping @Sendable (Int, Int) -> Int
  ) -> HostOperator {
    binary(name) { (a, b) throws(LibTorchError) in
      if case (.bool(let x), .bool(let y)) = (a, b) { return .bool(bools(x, y)) }
      return .int(integers(try a.integer, try b.integer))
    }
  }

  private static func comparison(
    _ name: String, _ integers: @escaping @Sendable (Int, Int) -> Bool,
    _ floats: @escaping @Sendable (Double, Double) -> Bool
  ) -> HostOperator {
    binary(name) { (a, b) throws(LibTorchError) in
      if a.category <= .int, b.category <= .int { return .bool(integers(try a.integer, try b.integer)) }
      return .bool(floats(try a.real, try b.real))
    }
  }
}

// Python's arithmetic

extension HostOperator {
  private static func exact(
    _ a: Int, _ b: Int, _ apply: (Int, Int) -> (partialValue: Int, overflow: Bool)
  ) throws(LibTorchError) -> Int {
    let (value, overflows) = apply(a, b)
    guard !overflows else { throw LibTorchError(.unsupported("an integer of more than 64 bits")) }
    return value
  }

  @Sendable
  private static func floorQuotient(_ a: Scalar, _ b: Scalar) throws(LibTorchError) -> Scalar {
    if a.category == .float || b.category == .float {
      let (a, b) = (try a.real, try b.real)
      guard b != 0 else { throw LibTorchError(.raised("float floor division by zero")) }
      return .float((a / b).rounded(.down))
    }
    let (a, b) = (try a.integer, try b.integer)
    guard b != 0 else { throw LibTorchError(.raised("integer division or modulo by zero")) }
    let quotient = try exact(a, b) { $0.dividedReportingOverflow(by: $1) }
    // Towards minus infinity; a remainder has the sign of the dividend.
    let remainder = b == -1 ? 0 : a % b
    return .int(remainder != 0 && (remainder < 0) != (b < 0) ? quotient - 1 : quotient)
  }

  @Sendable
  private static func remainder(_ a: Scalar, _ b: Scalar) throws(LibTorchError) -> Scalar {
    if a.category == .float || b.category == .float {
      let (a, b) = (try a.real, try b.real)
      guard b != 0 else { throw LibTorchError(.raised("float modulo")) }
      let rest = fmod(a, b)
      return .float(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest)
    }
    let (a, b) = (try a.integer, try b.integer)
    guard b != 0 else { throw LibTorchError(.raised("integer division or modulo by zero")) }
    let rest = b == -1 ? 0 : a % b
    return .int(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest)
  }

  @Sendable
  private static func power(_ a: Scalar, _ b: Scalar) throws(LibTorchError) -> Scalar {
    guard a.category != .float, b.category != .float, try b.integer >= 0 else {
      return .float(pow(try a.real, try b.real))
    }
    let base = try a.integer
    var (result, exponent) = (1, try b.integer)
    // A base of 0, 1 or -1 never overflows, however large the exponent.
    if base == 0 || base == 1 { return .int(exponent == 0 ? 1 : base) }
    if base == -1 { return .int(exponent % 2 == 0 ? 1 : -1) }
    while exponent > 0 {
      result = try exact(result, base) { $0.multipliedReportingOverflow(by: $1) }
      exponent -= 1
    }
    return .int(result)
  }

  private static func shifted(_ a: Scalar, by b: Scalar, left: Bool) throws(LibTorchError) -> Scalar {
    let (value, count) = (try a.integer, try b.integer)
    guard count >= 0 else { throw LibTorchError(.raised("negative shift count")) }
    if !left { return .int(value >> min(count, 63)) }
    if value == 0 { return .int(0) }
    guard count < 63 else { throw LibTorchError(.unsupported("an integer of more than 64 bits")) }
    return .int(try exact(value, 1 << count) { $0.multipliedReportingOverflow(by: $1) })
  }

  private static func extreme(
    _ a: Scalar, _ b: Scalar, _ integers: (Int, Int) -> Int, _ floats: (Double, Double) -> Double
  ) throws(LibTorchError) -> Scalar {
    if a.category <= .int, b.category <= .int { return .int(integers(try a.integer, try b.integer)) }
    return .float(floats(try a.real, try b.real))
  }

  private static func whole(_ a: Scalar, _ round: (Double) -> Double) throws(LibTorchError) -> Scalar {
    guard case .float(let value) = a else { return .int(try a.integer) }
    guard let integer = Int(exactly: round(value)) else {
      throw LibTorchError(.unsupported("\(value) as an integer of 64 bits"))
    }
    return .int(integer)
  }
}

extension Scalar {
  fileprivate var integer: Int {
    get throws(LibTorchError) {
      switch self {
      case .int(let value): return value
      case .bool(let value): return value ? 1 : 0
      default: throw LibTorchError(.argument("\(self) is no integer"))
      }
    }
  }

  fileprivate var real: Double {
    get throws(LibTorchError) {
      guard let double else { throw LibTorchError(.argument("\(self) is no real number")) }
      return double
    }
  }

  fileprivate var isNegative: Bool { (double ?? 0) < 0 }

  /// Whether Python takes the number for true.
  var isTrue: Bool {
    switch self {
    case .complex(let real, let imaginary): real != 0 || imaginary != 0
    default: double != 0
    }
  }
}
