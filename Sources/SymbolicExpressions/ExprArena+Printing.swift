// Text as SymPy's `str` writes it, in SymPy's order.

extension ExprArena {
  /// Python's text of `e`, such as `2*u0 + (s0//4)`.
  public func text(of e: SymExpr) -> String {
    var writer = ExpressionText()
    writer.write(e, self, precedence: 0)
    return writer.text
  }
}

/// Writes expressions; precedence decides parentheses.
private struct ExpressionText {
  var text = ""

  private enum Precedence {
    static let or = 1
    static let and = 2
    static let relation = 3
    static let add = 4
    static let mul = 5
    static let pow = 6
  }

  mutating func write(_ e: SymExpr, _ arena: borrowing ExprArena, precedence: Int) {
    switch arena.view(of: e) {
    case .integer(let value): parenthesized(value < 0 && precedence > Precedence.add) { $0.text += "\(value)" }
    case .float(let value): text += Self.float(value)
    case .infinite(let constant): text += Self.name(ofInfinity: constant)
    case .boolean(let value): text += value ? "True" : "False"
    case .symbol(let symbol): text += arena.name(of: symbol)
    case .tooLarge: text += "TooLarge"
    case .add(let terms):
      open(precedence > Precedence.add)
      writeSum(SymPyOrder.sorted(terms, arena), arena)
      close(precedence > Precedence.add)
    case .mul(let factors):
      let isNegative = (arena.integerValue(of: factors[0]) ?? 0) < 0
      open(precedence > (isNegative ? Precedence.add : Precedence.mul))
      writeProduct(factors, arena)
      close(precedence > (isNegative ? Precedence.add : Precedence.mul))
    case .pow(let base, let exponent):
      write(base, arena, precedence: Precedence.pow + 1)
      text += "**\(exponent)"
    case .call(let function, let arguments): writeCall(function, arguments, arena)
    case .relation(let kind, let a, let b):
      if kind == .eq || kind == .ne {
        text += kind == .eq ? "Eq(" : "Ne("
        write(a, arena, precedence: 0)
        text += ", "
        write(b, arena, precedence: 0)
        text += ")"
      } else {
        open(precedence > Precedence.relation)
        write(a, arena, precedence: Precedence.add)
        text += " \(kind.symbol) "
        write(b, arena, precedence: Precedence.add)
        close(precedence > Precedence.relation)
      }
    case .and(let parts): writeConnective(" & ", parts, Precedence.and, arena, precedence)
    case .or(let parts): writeConnective(" | ", parts, Precedence.or, arena, precedence)
    case .not(let part):
      text += "~"
      write(part, arena, precedence: Precedence.pow)
    }
  }

  private mutating func parenthesized(_ needed: Bool, _ body: (inout ExpressionText) -> Void) {
    open(needed)
    body(&self)
    close(needed)
  }

  private mutating func open(_ needed: Bool) { if needed { text += "(" } }
  private mutating func close(_ needed: Bool) { if needed { text += ")" } }

  private mutating func writeConnective(
    _ sign: String, _ parts: [SymExpr], _ own: Int, _ arena: borrowing ExprArena, _ precedence: Int
  ) {
    open(precedence > own)
    for (index, part) in SymPyOrder.sortedByText(parts, arena).enumerated() {
      if index > 0 { text += sign }
      let isRelation = if case .relation(let kind, _, _) = arena.view(of: part) { kind.isInequality } else { false }
      open(isRelation)
      write(part, arena, precedence: isRelation ? 0 : own + 1)
      close(isRelation)
    }
    close(precedence > own)
  }

  private mutating func writeSum(_ terms: [SymExpr], _ arena: borrowing ExprArena) {
    for (index, term) in terms.enumerated() {
      var inner = ExpressionText()
      inner.write(term, arena, precedence: Precedence.add)
      if index == 0 {
        text += inner.text
      } else if inner.text.hasPrefix("-") {
        text += " - " + inner.text.dropFirst()
      } else {
        text += " + " + inner.text
      }
    }
  }

  private mutating func writeProduct(_ factors: [SymExpr], _ arena: borrowing ExprArena) {
    var rest = factors[...]
    if let coefficient = arena.integerValue(of: factors[0]) {
      rest = rest.dropFirst()
      if coefficient == -1 { text += "-" } else { text += "\(coefficient)*" }
    } else if arena.isLiteral(factors[0]) {
      rest = rest.dropFirst()
      write(factors[0], arena, precedence: Precedence.mul)
      text += "*"
    }
    for (index, factor) in SymPyOrder.sortedByKey(Array(rest), arena).enumerated() {
      if index > 0 { text += "*" }
      write(factor, arena, precedence: Precedence.mul + 1)
    }
  }

  private mutating func writeCall(_ function: SymFunction, _ arguments: [SymExpr], _ arena: borrowing ExprArena) {
    switch function {
    case .floorDiv where arguments.count == 2:
      text += "("
      write(arguments[0], arena, precedence: Precedence.mul + 1)
      text += "//"
      write(arguments[1], arena, precedence: Precedence.mul + 1)
      text += ")"
    case .pow where arguments.count == 2:
      write(arguments[0], arena, precedence: Precedence.pow + 1)
      text += "**"
      write(arguments[1], arena, precedence: Precedence.pow + 1)
    default:
      let isUnordered = function == .max || function == .min
      let ordered = isUnordered ? SymPyOrder.sortedByKey(arguments, arena) : arguments
      text += function.name + "("
      for (index, argument) in ordered.enumerated() {
        if index > 0 { text += ", " }
        write(argument, arena, precedence: 0)
      }
      text += ")"
    }
  }

  private static func float(_ value: Double) -> String { "\(value)" }

  private static func name(ofInfinity constant: SymExpr) -> String {
    switch constant {
    case .intInfinity: "int_oo"
    case .negativeIntInfinity: "-int_oo"
    case .infinity: "oo"
    case .negativeInfinity: "-oo"
    default: "nan"
    }
  }
}

/// The order in which SymPy writes terms and factors.
///
/// Terms of a sum are compared as monomials over all generators (lexicographic, higher powers first), factors
/// by kind, then name, then exponent.
enum SymPyOrder {
  static func sorted(_ terms: [SymExpr], _ arena: borrowing ExprArena) -> [SymExpr] {
    var generators: [String] = []
    var rows: [(handle: SymExpr, powers: [String: Int])] = []
    for term in terms {
      var powers: [String: Int] = [:]
      let parts: [SymExpr]
      if case .mul(let factors) = arena.view(of: term) { parts = factors } else { parts = [term] }
      for part in parts where !arena.isLiteral(part) {
        var (base, exponent) = (part, 1)
        if case .pow(let inner, let n) = arena.view(of: part) { (base, exponent) = (inner, n) }
        let key = Self.key(base, arena)
        powers[key, default: 0] += exponent
        if !generators.contains(key) { generators.append(key) }
      }
      rows.append((term, powers))
    }
    generators.sort()
    return rows.sorted { a, b in
      for generator in generators {
        let (x, y) = (a.powers[generator] ?? 0, b.powers[generator] ?? 0)
        if x != y { return x > y }
      }
      return false
    }.map(\.handle)
  }

  static func sortedByKey(_ items: [SymExpr], _ arena: borrowing ExprArena) -> [SymExpr] {
    var keyed: [(key: String, item: SymExpr)] = []
    for item in items { keyed.append((key(item, arena), item)) }
    return keyed.sorted { $0.key < $1.key }.map(\.item)
  }

  static func sortedByText(_ items: [SymExpr], _ arena: borrowing ExprArena) -> [SymExpr] {
    var keyed: [(key: String, item: SymExpr)] = []
    for item in items { keyed.append((arena.text(of: item), item)) }
    return keyed.sorted { $0.key < $1.key }.map(\.item)
  }

  /// Numbers come first, then symbols by name, then powers and calls by what they are made of.
  private static func key(_ e: SymExpr, _ arena: borrowing ExprArena) -> String {
    switch arena.view(of: e) {
    case .integer, .float, .infinite: "0"
    case .symbol(let symbol): "1" + arena.name(of: symbol)
    case .pow(let base, let exponent): key(base, arena) + "^\(exponent)"
    default: "2" + arena.text(of: e)
    }
  }
}
