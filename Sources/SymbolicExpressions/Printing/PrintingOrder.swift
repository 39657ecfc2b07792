/// sympy's order of terms, factors and arguments, in which PyTorch prints.
///
/// Source: `default_sort_key`, `StrPrinter._print_Add`.
enum PrintingOrder {
  /// The terms of a sum as `str` shows them: by exponents, the symbols in alphabetical order.
  ///
  /// A positive constant comes before a single negative term: `1 - u0`, but `-u0 - 1`.
  static func terms(of e: SymExpr, _ arena: borrowing ExprArena) -> [SymExpr] {
    let terms = (0..<arena.termCount(e)).map { arena.termHandle(e, $0) }
    if terms.count == 2, arena.isLiteral(terms[1]), !arena.isNegative(terms[1]) {
      let other = arena.term(of: terms[0])
      if arena.isNegative(other.coefficient), arena.factorCount(other.monomial) == 1 {
        return [terms[1], terms[0]]
      }
    }
    var generators: [SymExpr] = []
    for handle in terms {
      let monomial = arena.term(of: handle).monomial
      for position in 0..<arena.factorCount(monomial) {
        let base = arena.factor(monomial, position).base
        if !generators.contains(base) { generators.append(base) }
      }
    }
    generators.sort { precedes($0, $1, arena) }
    let keyed = terms.map { handle in
      (handle, exponents(of: arena.term(of: handle).monomial, generators, arena))
    }
    return keyed.sorted { $1.1.lexicographicallyPrecedes($0.1) }.map(\.0)
  }

  private static func exponents(
    of monomial: SymExpr, _ generators: [SymExpr], _ arena: borrowing ExprArena
  ) -> [Int] {
    var exponents = [Int](repeating: 0, count: generators.count)
    for position in 0..<arena.factorCount(monomial) {
      let factor = arena.factor(monomial, position)
      if let index = generators.firstIndex(of: factor.base) { exponents[index] = factor.exponent }
    }
    return exponents
  }

  /// The factors of a monomial as `str` shows them.
  static func factors(of monomial: SymExpr, _ arena: borrowing ExprArena) -> [SymExpr] {
    let record = arena.record(of: monomial)
    return record.kind == .product ? sorted(arena.operands(of: record), arena) : [monomial]
  }

  /// The operands of a commutative call, as `str` shows them.
  static func sorted(_ operands: [SymExpr], _ arena: borrowing ExprArena) -> [SymExpr] {
    operands.sorted { precedes($0, $1, arena) }
  }

  /// The operands of `And` and `Or`, and in `srepr` of `Max` and `Min`, as sympy holds them: small ones first.
  static func smallFirst(_ operands: [SymExpr], _ arena: borrowing ExprArena) -> [SymExpr] {
    operands.map { (size(of: $0, arena), $0) }
      .sorted { $0.0 != $1.0 ? $0.0 < $1.0 : precedes($0.1, $1.1, arena) }
      .map(\.1)
  }

  /// Twice the number of nodes of sympy's tree; a float counts half a node.
  private static func size(of e: SymExpr, _ arena: borrowing ExprArena) -> Int {
    guard e.small == nil else { return 2 }
    let record = arena.record(of: e)
    switch record.kind {
    case .float: return 1
    case .scale:
      let monomial = SymExpr(bits: record.rhs)
      let own = arena.record(of: monomial).kind == .product ? 0 : 2
      return own + size(of: SymExpr(bits: record.lhs), arena) + size(of: monomial, arena)
    default: return (0..<record.operandCount).reduce(2) { $0 + size(of: arena.operand(record, $1), arena) }
    }
  }

  private static func precedes(_ a: SymExpr, _ b: SymExpr, _ arena: borrowing ExprArena) -> Bool {
    compare(a, b, arena) < 0
  }

  /// Compares by class, arguments, exponent and coefficient; negative when `a` comes first.
  private static func compare(_ a: SymExpr, _ b: SymExpr, _ arena: borrowing ExprArena) -> Int {
    if a == b { return 0 }
    let (x, y) = (SortKey(a, arena), SortKey(b, arena))
    if x.rank != y.rank { return x.rank < y.rank ? -1 : 1 }
    if x.inner != y.inner {
      let order =
        x.rank == SortKey.symbolRank ? compareNames(x.inner, y.inner, arena) : compareInside(x, y, arena)
      if order != 0 { return order }
    }
    if x.exponent != y.exponent { return x.exponent < y.exponent ? -1 : 1 }
    return x.coefficient < y.coefficient ? -1 : x.coefficient > y.coefficient ? 1 : 0
  }

  private static func compareNames(_ a: SymExpr, _ b: SymExpr, _ arena: borrowing ExprArena) -> Int {
    let (x, y) = (arena.symbolName(a), arena.symbolName(b))
    return x == y ? 0 : x < y ? -1 : 1
  }

  /// Compares two expressions of equal rank by the class's name and the arguments.
  private static func compareInside(_ x: SortKey, _ y: SortKey, _ arena: borrowing ExprArena) -> Int {
    if x.rank == SortKey.numberRank { return 0 }
    let (p, q) = (name(of: x.inner, arena), name(of: y.inner, arena))
    if p != q { return p < q ? -1 : 1 }
    let (first, second) = (arguments(of: x.inner, arena), arguments(of: y.inner, arena))
    if first.count != second.count { return first.count - second.count }
    for (a, b) in zip(first, second) {
      let order = compare(a, b, arena)
      if order != 0 { return order }
    }
    return 0
  }

  /// The name of sympy's class, for a rank that has several.
  private static func name(of e: SymExpr, _ arena: borrowing ExprArena) -> String {
    let record = arena.record(of: e)
    return switch record.kind {
    case .relation: record.relation.name
    case .and: "And"
    case .or: "Or"
    case .not: "Not"
    case .unary, .binary, .nary: record.callee.name
    default: ""
    }
  }

  private static func arguments(of e: SymExpr, _ arena: borrowing ExprArena) -> [SymExpr] {
    switch arena.record(of: e).kind {
    case .product: factors(of: e, arena)
    case .sum: terms(of: e, arena)
    default: heldArguments(of: arena.record(of: e), arena)
    }
  }

  /// The operands of a record that is neither a sum nor a product: those of `And`, `Or`, `Max` and `Min` sorted, small
  /// ones first.
  static func heldArguments(of record: ExprArena.Record, _ arena: borrowing ExprArena) -> [SymExpr] {
    let operands = arena.operands(of: record)
    let isSorted = record.kind == .and || record.kind == .or || record.isCall && record.callee.isExtremum
    return isSorted ? smallFirst(operands, arena) : operands
  }
}

/// The part of sympy's `sort_key` that does not depend on the operands: rank of the class, exponent and coefficient.
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
    var record = arena.record(of: e)
    if record.kind == .scale {
      coefficient = arena.value(ofLiteral: SymExpr(bits: record.lhs))
      inner = SymExpr(bits: record.rhs)
      record = arena.record(of: inner)
    }
    if record.kind == .power {
      exponent = record.exponent
      inner = SymExpr(bits: record.lhs)
      record = arena.record(of: inner)
    }
    switch record.kind {
    case .symbol: rank = Self.symbolRank
    case .product: rank = 30
    case .sum: rank = 31
    case .relation, .and, .or, .not, .constant: rank = 50
    default:
      switch record.callee {
      // PyTorch's own classes have the rank of a plain expression.
      case .max, .min: rank = 50
      // Classes without a fixed number of arguments come before the other functions.
      case .piecewise, .identity, .isNonOverlappingAndDenseIndicator: rank = 40
      default: rank = 41
      }
    }
  }
}
