/// Writes expressions as the Python code that an author would write: `n // 2 >= x.shape[0]`.
///
/// Conditions are combined with `&`, `|` and `torch.sym_not`, which work on symbolic conditions.
enum PythonPrinter {
  typealias Names = (SymExpr.Symbol) -> String

  /// The code of `e`, with a name for each symbol.
  static func text(of e: SymExpr, _ arena: borrowing ExprArena, _ name: Names) -> String {
    text(of: e, .lowest, arena, name)
  }

  /// Text in parentheses unless it binds at least as tightly as `strength`.
  private static func text(
    of e: SymExpr, _ strength: Strength, _ arena: borrowing ExprArena, _ name: Names
  ) -> String {
    let (text, own) = code(of: e, arena, name)
    return own < strength ? "(\(text))" : text
  }

  private static func code(
    of e: SymExpr, _ arena: borrowing ExprArena, _ name: Names
  ) -> (text: String, strength: Strength) {
    switch arena.view(of: e) {
    case .integer(let value): return ("\(value)", value < 0 ? .sign : .atom)
    case .float(let value): return (ExpressionPrinter.text(of: value), value < 0 ? .sign : .atom)
    case .boolean(let value): return (value ? "True" : "False", .atom)
    case .infinite, .tooLarge: return (arena.text(of: e), .atom)
    case .symbol(let symbol): return (name(symbol), .atom)
    case .add: return (sum(e, arena, name), .sum)
    case .mul: return (product(e, arena, name), .product)
    case .pow(let base, let exponent): return ("\(text(of: base, .atom, arena, name)) ** \(exponent)", .power)
    case .call(let function, let arguments): return call(function, arguments, arena, name)
    case .relation(let kind, let lhs, let rhs):
      return (
        "\(text(of: lhs, .bitwiseOr, arena, name)) \(kind.symbol) \(text(of: rhs, .bitwiseOr, arena, name))",
        .comparison
      )
    case .and(let parts):
      var order = PrintingOrder()
      return (join(order.smallFirst(parts, arena), " & ", .shift, arena, name), .bitwiseAnd)
    case .or(let parts):
      var order = PrintingOrder()
      return (join(order.smallFirst(parts, arena), " | ", .bitwiseXor, arena, name), .bitwiseOr)
    case .not(let part): return ("torch.sym_not(\(text(of: part, .lowest, arena, name)))", .atom)
    }
  }

  private static func join(
    _ parts: [SymExpr], _ separator: String, _ strength: Strength, _ arena: borrowing ExprArena,
    _ name: Names
  ) -> String {
    var texts: [String] = []
    for part in parts { texts.append(text(of: part, strength, arena, name)) }
    return texts.joined(separator: separator)
  }

  private static func sum(_ e: SymExpr, _ arena: borrowing ExprArena, _ name: Names) -> String {
    var (result, order) = ("", PrintingOrder())
    for (position, part) in order.terms(of: e, arena).enumerated() {
      let text = text(of: part, .sum, arena, name)
      if position == 0 {
        result = text
      } else if text.hasPrefix("-") {
        result += " - " + text.dropFirst()
      } else {
        result += " + " + text
      }
    }
    return result
  }

  private static func product(_ e: SymExpr, _ arena: borrowing ExprArena, _ name: Names) -> String {
    let term = arena.term(of: e)
    var order = PrintingOrder()
    let factors = join(order.factors(of: term.monomial, arena), " * ", .sign, arena, name)
    if term.coefficient == .one { return factors }
    if term.coefficient == .minusOne { return "-" + factors }
    return text(of: term.coefficient, .sign, arena, name) + " * " + factors
  }

  private static func call(
    _ function: SymFunction, _ arguments: [SymExpr], _ arena: borrowing ExprArena, _ name: Names
  ) -> (text: String, strength: Strength) {
    if let (sign, strength) = function.pythonOperator, arguments.count == 2 {
      let rhs = text(of: arguments[1], strength.tighter, arena, name)
      return ("\(text(of: arguments[0], strength, arena, name)) \(sign) \(rhs)", strength)
    }
    switch function {
    case .ceilDiv where arguments.count == 2:
      return (
        "-(-\(text(of: arguments[0], .sign, arena, name)) // \(text(of: arguments[1], .sign, arena, name)))",
        .sign
      )
    case .modularIndexing where arguments.count == 3:
      let quotient =
        "\(text(of: arguments[0], .product, arena, name)) // \(text(of: arguments[1], .sign, arena, name))"
      return ("\(quotient) % \(text(of: arguments[2], .sign, arena, name))", .product)
    case .where where arguments.count == 3:
      let condition = text(of: arguments[0], .comparison, arena, name)
      let other = text(of: arguments[2], .conditional, arena, name)
      return (
        "\(text(of: arguments[1], .comparison, arena, name)) if \(condition) else \(other)", .conditional
      )
    case .max, .min:
      // Both take two arguments.
      let callee = function == .max ? "torch.sym_max" : "torch.sym_min"
      var (text, order) = ("", PrintingOrder())
      for part in order.sorted(arguments, arena) {
        let next = Self.text(of: part, .lowest, arena, name)
        text = text.isEmpty ? next : "\(callee)(\(text), \(next))"
      }
      return (text, .atom)
    case .identity where arguments.count == 1: return code(of: arguments[0], arena, name)
    default: return ("\(function.pythonCallee)(\(join(arguments, ", ", .lowest, arena, name)))", .atom)
    }
  }
}

/// Python's precedences, as far as they are needed.
private enum Strength: Int, Comparable, CaseIterable {
  case lowest, conditional, comparison, bitwiseOr, bitwiseXor, bitwiseAnd, shift, sum, product, sign, power,
    atom

  static func < (a: Strength, b: Strength) -> Bool { a.rawValue < b.rawValue }

  /// The next tighter precedence; that of an atom is the tightest.
  var tighter: Strength { Self.allCases.first { $0 > self } ?? .atom }
}

extension SymFunction {
  /// The operator that Python writes between two operands.
  fileprivate var pythonOperator: (sign: String, strength: Strength)? {
    switch self {
    case .floorDiv, .cleanDiv: ("//", .product)
    case .mod, .pythonMod: ("%", .product)
    case .floatTrueDiv, .intTrueDiv: ("/", .product)
    case .lShift: ("<<", .shift)
    case .rShift: (">>", .shift)
    case .bitwiseAnd: ("&", .bitwiseAnd)
    case .bitwiseOr: ("|", .bitwiseOr)
    case .bitwiseXor: ("^", .bitwiseXor)
    default: nil
    }
  }

  /// The Python function for it.
  fileprivate var pythonCallee: String {
    switch self {
    case .abs: "abs"
    case .pow, .powByNatural, .floatPow: "pow"
    case .toFloat: "torch.sym_float"
    case .truncToInt: "torch.sym_int"
    case .truncToFloat: "math.trunc"
    case .ceilToInt, .ceiling: "math.ceil"
    case .floorToInt, .floor: "math.floor"
    case .roundToInt, .roundDecimal: "round"
    default: isOpaqueUnary ? "math." + name.dropFirst("OpaqueUnaryFn_".count) : name
    }
  }
}
