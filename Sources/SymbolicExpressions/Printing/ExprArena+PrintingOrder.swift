// sympy's order of terms, factors and arguments (`default_sort_key`), in which PyTorch prints.

extension ExprArena {
  /// The terms of a sum as `str` shows them: by exponents, the symbols in alphabetical order.
  ///
  /// A positive constant goes before a single negative term: `1 - u0`, but `-u0 - 1`.
  func printedTerms(_ e: SymExpr) -> [SymExpr] {
    let terms = (0..<termCount(e)).map { termHandle(e, $0) }
    if terms.count == 2, isLiteral(terms[1]), !isNegative(terms[1]) {
      let other = term(of: terms[0])
      if isNegative(other.coefficient), factorCount(other.monomial) == 1 {
        return [terms[1], terms[0]]
      }
    }
    var generators: [SymExpr] = []
    for handle in terms {
      let monomial = term(of: handle).monomial
      for position in 0..<factorCount(monomial) {
        let base = factor(monomial, position).base
        if !generators.contains(base) { generators.append(base) }
      }
    }
    generators.sort { precedes($0, $1) }
    let keyed = terms.map { handle in (handle, exponents(of: term(of: handle).monomial, generators)) }
    return keyed.sorted { $1.1.lexicographicallyPrecedes($0.1) }.map(\.0)
  }

  private func exponents(of monomial: SymExpr, _ generators: [SymExpr]) -> [Int] {
    var exponents = [Int](repeating: 0, count: generators.count)
    for position in 0..<factorCount(monomial) {
      let factor = factor(monomial, position)
      if let index = generators.firstIndex(of: factor.base) { exponents[index] = factor.exponent }
    }
    return exponents
  }

  /// The factors of a monomial as `str` shows them.
  func printedFactors(_ monomial: SymExpr) -> [SymExpr] {
    let record = records[monomial.index]
    guard record.kind == .product else { return [monomial] }
    return operands(of: record).sorted { precedes($0, $1) }
  }

  func sortedByKey(_ operands: [SymExpr]) -> [SymExpr] { operands.sorted { precedes($0, $1) } }

  /// The operands of `And` and `Or`, and in `srepr` of `Max` and `Min`, as sympy holds them: small ones first.
  func printedOperands(_ operands: [SymExpr]) -> [SymExpr] {
    operands.map { (size(of: $0), $0) }
      .sorted { $0.0 != $1.0 ? $0.0 < $1.0 : precedes($0.1, $1.1) }
      .map(\.1)
  }

  /// Twice the number of nodes of sympy's tree; a float counts half a node.
  private func size(of e: SymExpr) -> Int {
    guard e.small == nil else { return 2 }
    let record = records[e.index]
    switch record.kind {
    case .float: return 1
    case .scale:
      let monomial = SymExpr(bits: record.rhs)
      let own = records[monomial.index].kind == .product ? 0 : 2
      return own + size(of: SymExpr(bits: record.lhs)) + size(of: monomial)
    default: return (0..<record.operandCount).reduce(2) { $0 + size(of: operand(record, $1)) }
    }
  }

  func isNegative(_ literal: SymExpr) -> Bool {
    integerValue(of: literal).map { $0 < 0 } ?? doubleValue(of: literal).map { $0 < 0 } ?? false
  }

  func precedes(_ a: SymExpr, _ b: SymExpr) -> Bool { compare(a, b) < 0 }

  /// Compares by class, arguments, exponent and coefficient; negative when `a` comes first.
  private func compare(_ a: SymExpr, _ b: SymExpr) -> Int {
    if a == b { return 0 }
    let (x, y) = (SortKey(a, self), SortKey(b, self))
    if x.rank != y.rank { return x.rank < y.rank ? -1 : 1 }
    if x.inner != y.inner {
      let order = x.rank == SortKey.symbolRank ? compareNames(x.inner, y.inner) : compareInside(x, y)
      if order != 0 { return order }
    }
    if x.exponent != y.exponent { return x.exponent < y.exponent ? -1 : 1 }
    return x.coefficient < y.coefficient ? -1 : x.coefficient > y.coefficient ? 1 : 0
  }

  private func compareNames(_ a: SymExpr, _ b: SymExpr) -> Int {
    let (x, y) = (symbols.names[Int(records[a.index].lhs)], symbols.names[Int(records[b.index].lhs)])
    return x == y ? 0 : x < y ? -1 : 1
  }

  /// Compares two expressions of one rank by the class's name and the arguments.
  private func compareInside(_ x: SortKey, _ y: SortKey) -> Int {
    if x.rank == SortKey.numberRank { return 0 }
    let (p, q) = (sortName(x.inner), sortName(y.inner))
    if p != q { return p < q ? -1 : 1 }
    let (first, second) = (sortArguments(x.inner), sortArguments(y.inner))
    if first.count != second.count { return first.count - second.count }
    for (a, b) in zip(first, second) {
      let order = compare(a, b)
      if order != 0 { return order }
    }
    return 0
  }

  private func sortName(_ e: SymExpr) -> String {
    let record = records[e.index]
    return switch record.kind {
    case .relation: RelationKind(rawValue: record.function)?.name ?? ""
    case .and: "And"
    case .or: "Or"
    case .not: "Not"
    case .unary, .binary, .nary: SymFunction(rawValue: record.function)?.name ?? ""
    default: ""
    }
  }

  private func sortArguments(_ e: SymExpr) -> [SymExpr] {
    let record = records[e.index]
    switch record.kind {
    case .product: return printedFactors(e)
    case .sum: return printedTerms(e)
    case .and, .or: return printedOperands(operands(of: record))
    default:
      let isSorted = record.isCall && SymFunction(rawValue: record.function)?.isExtremum == true
      return isSorted ? printedOperands(operands(of: record)) : operands(of: record)
    }
  }
}

/// The part of sympy's `sort_key` that needs no look inside: the class's rank, exponent and coefficient.
private struct SortKey {
  static let numberRank = 10
  static let symbolRank = 20

  var rank: Int
  /// The expression without coefficient and exponent.
  var inner: SymExpr
  var exponent = 1
  var coefficient = 1.0

  init(_ e: SymExpr, _ arena: borrowing ExprArena) {
    inner = e
    if let value = arena.doubleValue(of: e) {
      (rank, coefficient) = (Self.numberRank, value)
      return
    }
    var record = arena.records[e.index]
    if record.kind == .scale {
      coefficient = arena.doubleValue(of: SymExpr(bits: record.lhs)) ?? 1
      inner = SymExpr(bits: record.rhs)
      record = arena.records[inner.index]
    }
    if record.kind == .power {
      exponent = SymExpr(bits: record.rhs).small ?? 1
      inner = SymExpr(bits: record.lhs)
      record = arena.records[inner.index]
    }
    switch record.kind {
    case .symbol: rank = Self.symbolRank
    case .product: rank = 30
    case .sum: rank = 31
    case .relation, .and, .or, .not, .constant: rank = 50
    default:
      switch SymFunction(rawValue: record.function) {
      // Not sympy's own classes: torch's have the plain rank of an expression.
      case .max, .min: rank = 50
      // Classes without a fixed number of arguments come before the other functions.
      case .piecewise, .identity, .isNonOverlappingAndDenseIndicator: rank = 40
      default: rank = 41
      }
    }
  }
}
