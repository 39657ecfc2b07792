extension ExprArena {
  /// `e` as the Python code that an author would write, with a name for each symbol: `n // 2 >= x.shape[0]`.
  ///
  /// Truth values are combined with `&`, `|` and `torch.sym_not`, which symbolic ones understand.
  public func pythonText(of e: SymExpr, name: (Symbol) -> String) -> String {
    python(e, .lowest, name)
  }

  /// Text in parentheses unless it binds at least as tightly as `strength`.
  private func python(_ e: SymExpr, _ strength: Strength, _ name: (Symbol) -> String) -> String {
    let (text, own) = python(e, name)
    return own < strength ? "(\(text))" : text
  }

  private func python(_ e: SymExpr, _ name: (Symbol) -> String) -> (text: String, strength: Strength) {
    switch view(of: e) {
    case .integer(let value): return ("\(value)", value < 0 ? .sign : .atom)
    case .float(let value): return (TextPrinter.text(of: value), value < 0 ? .sign : .atom)
    case .boolean(let value): return (value ? "True" : "False", .atom)
    case .infinite, .tooLarge: return (text(of: e), .atom)
    case .symbol(let symbol): return (name(symbol), .atom)
    case .add: return (pythonSum(e, name), .sum)
    case .mul: return (pythonProduct(e, name), .product)
    case .pow(let base, let exponent): return ("\(python(base, .atom, name)) ** \(exponent)", .power)
    case .call(let function, let arguments): return pythonCall(function, arguments, name)
    case .relation(let kind, let lhs, let rhs):
      return ("\(python(lhs, .bitwiseOr, name)) \(kind.symbol) \(python(rhs, .bitwiseOr, name))", .comparison)
    case .and(let parts): return (join(printedOperands(parts), " & ", .shift, name), .bitwiseAnd)
    case .or(let parts): return (join(printedOperands(parts), " | ", .bitwiseXor, name), .bitwiseOr)
    case .not(let part): return ("torch.sym_not(\(python(part, .lowest, name)))", .atom)
    }
  }

  private func join(
    _ parts: [SymExpr], _ separator: String, _ strength: Strength, _ name: (Symbol) -> String
  ) -> String {
    var texts: [String] = []
    for part in parts { texts.append(python(part, strength, name)) }
    return texts.joined(separator: separator)
  }

  private func pythonSum(_ e: SymExpr, _ name: (Symbol) -> String) -> String {
    var result = ""
    for (position, part) in printedTerms(e).enumerated() {
      let text = python(part, .sum, name)
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

  private func pythonProduct(_ e: SymExpr, _ name: (Symbol) -> String) -> String {
    let term = term(of: e)
    let factors = join(printedFactors(term.monomial), " * ", .sign, name)
    if term.coefficient == .one { return factors }
    if term.coefficient == .minusOne { return "-" + factors }
    return python(term.coefficient, .sign, name) + " * " + factors
  }

  private func pythonCall(
    _ function: SymFunction, _ arguments: [SymExpr], _ name: (Symbol) -> String
  ) -> (text: String, strength: Strength) {
    if let (sign, strength) = function.pythonOperator, arguments.count == 2 {
      let rhs = python(arguments[1], strength.tighter, name)
      return ("\(python(arguments[0], strength, name)) \(sign) \(rhs)", strength)
    }
    switch function {
    case .ceilDiv where arguments.count == 2:
      return ("-(-\(python(arguments[0], .sign, name)) // \(python(arguments[1], .sign, name)))", .sign)
    case .modularIndexing where arguments.count == 3:
      let quotient = "\(python(arguments[0], .product, name)) // \(python(arguments[1], .sign, name))"
      return ("\(quotient) % \(python(arguments[2], .sign, name))", .product)
    case .where where arguments.count == 3:
      let condition = python(arguments[0], .comparison, name)
      let other = python(arguments[2], .conditional, name)
      return ("\(python(arguments[1], .comparison, name)) if \(condition) else \(other)", .conditional)
    case .max, .min:
      // Both take two arguments.
      let callee = function == .max ? "torch.sym_max" : "torch.sym_min"
      var text = ""
      for part in sortedByKey(arguments) {
        let next = python(part, .lowest, name)
        text = text.isEmpty ? next : "\(callee)(\(text), \(next))"
      }
      return (text, .atom)
    case .identity where arguments.count == 1: return python(arguments[0], name)
    default: return ("\(function.pythonCallee)(\(join(arguments, ", ", .lowest, name)))", .atom)
    }
  }
}

/// Python's binding strengths, as far as they matter here.
private enum Strength: Int, Comparable {
  case lowest, conditional, comparison, bitwiseOr, bitwiseXor, bitwiseAnd, shift, sum, product, sign, power,
    atom

  static func < (a: Strength, b: Strength) -> Bool { a.rawValue < b.rawValue }

  /// The next tighter one.
  var tighter: Strength { Strength(rawValue: rawValue + 1) ?? .atom }
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

  /// What Python calls for it.
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
