/// sympy's order of terms, factors and arguments, in which PyTorch prints.
///
/// A printer keeps one order: an expression whose parts share others would else be sorted once for each use.
///
/// Source: `default_sort_key`, `StrPrinter._print_Add`.
struct PrintingOrder {
  /// The arguments of sums and products in order, as far as they were asked for.
  private var known: [SymExpr: [SymExpr]] = [:]

  /// The terms of a sum as `str` shows them: by exponents, the symbols in alphabetical order.
  ///
  /// A positive constant comes before a single negative term: `1 - u0`, but `-u0 - 1`.
  mutating func terms(of e: SymExpr, _ arena: borrowing ExprArena) -> [SymExpr] {
    if let terms = known[e] { return terms }
    let terms = sortedTerms(of: e, arena)
    known[e] = terms
    return terms
  }

  private mutating func sortedTerms(of e: SymExpr, _ arena: borrowing ExprArena) -> [SymExpr] {
    let terms = (0..<arena.termCount(e)).map { arena.termHandle(e, $0) }
    if terms.count == 2, arena.isLiteral(terms[1]), !arena.isNegative(terms[1]) {
      let other = arena.term(of: terms[0])
      if arena.isNegative(other.coefficient), arena.factorCount(other.monomial) == 1 {
        return [terms[1], terms[0]]
      }
    }
    var (generators, seen): ([SymExpr], Set<SymExpr>) = ([], [])
    for handle in terms {
      let monomial = arena.term(of: handle).monomial
      for position in 0..<arena.factorCount(monomial) {
        let base = arena.factor(monomial, position).base
        if seen.insert(base).inserted { generators.append(base) }
      }
    }
    var ranks: [SymExpr: Int] = [:]
    for (rank, generator) in sorted(generators, arena).enumerated() { ranks[generator] = rank }
    let keyed = terms.map { handle in
      (handle, Self.powers(in: arena.term(of: handle).monomial, ranks, arena))
    }
    return keyed.sorted { Self.isHigher($0.1, $1.1) }.map(\.0)
  }

  /// A factor of a monomial: the rank of its base among the generators of a sum, and its exponent.
  private typealias Power = (rank: Int, exponent: Int)

  /// The powers of a monomial by rank; generators that it does not contain have exponent 0.
  private static func powers(
    in monomial: SymExpr, _ ranks: [SymExpr: Int], _ arena: borrowing ExprArena
  ) -> [Power] {
    var powers: [Power] = []
    for position in 0..<arena.factorCount(monomial) {
      let factor = arena.factor(monomial, position)
      if let rank = ranks[factor.base] { powers.append((rank, factor.exponent)) }
    }
    return powers.sorted { $0.rank < $1.rank }
  }

  /// Whether the first exponent that differs is greater in `a`.
  private static func isHigher(_ a: [Power], _ b: [Power]) -> Bool {
    for (x, y) in zip(a, b) {
      if x.rank != y.rank { return x.rank < y.rank }
      if x.exponent != y.exponent { return x.exponent > y.exponent }
    }
    return a.count > b.count
  }

  /// The factors of a monomial as `str` shows them.
  mutating func factors(of monomial: SymExpr, _ arena: borrowing ExprArena) -> [SymExpr] {
    let record = arena.record(of: monomial)
    guard record.kind == .product else { return [monomial] }
    if let factors = known[monomial] { return factors }
    let factors = sorted(arena.operands(of: record), arena)
    known[monomial] = factors
    return factors
  }

  /// The operands of a commutative call, as `str` shows them.
  mutating func sorted(_ operands: [SymExpr], _ arena: borrowing ExprArena) -> [SymExpr] {
    operands.sorted { precedes($0, $1, arena) }
  }

  /// The operands of `And` and `Or`, and in `srepr` of `Max` and `Min`, as sympy holds them: small ones first.
  mutating func smallFirst(_ operands: [SymExpr], _ arena: borrowing ExprArena) -> [SymExpr] {
    operands.map { (Self.size(of: $0, arena), $0) }
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

  private mutating func precedes(_ a: SymExpr, _ b: SymExpr, _ arena: borrowing ExprArena) -> Bool {
    compare(a, b, arena) < 0
  }

  /// Compares by class, arguments, exponent and coefficient; negative when `a` comes first.
  private mutating func compare(_ a: SymExpr, _ b: SymExpr, _ arena: borrowing ExprArena) -> Int {
    if a == b { return 0 }
    let (x, y) = (SortKey(a, arena), SortKey(b, arena))
    if x.rank != y.rank { return x.rank < y.rank ? -1 : 1 }
    if x.inner != y.inner {
      let order =
        x.rank == SortKey.symbolRank ? Self.compareNames(x.inner, y.inner, arena) : compareInside(x, y, arena)
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
  private mutating func compareInside(_ x: SortKey, _ y: SortKey, _ arena: borrowing ExprArena) -> Int {
    if x.rank == SortKey.numberRank { return 0 }
    let (p, q) = (Self.name(of: x.inner, arena), Self.name(of: y.inner, arena))
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

  private mutating func arguments(of e: SymExpr, _ arena: borrowing ExprArena) -> [SymExpr] {
    switch arena.record(of: e).kind {
    case .product: factors(of: e, arena)
    case .sum: terms(of: e, arena)
    default: sharedHeldArguments(of: e, arena)
    }
  }

  private mutating func sharedHeldArguments(of e: SymExpr, _ arena: borrowing ExprArena) -> [SymExpr] {
    if let arguments = known[e] { return arguments }
    let arguments = heldArguments(of: arena.record(of: e), arena)
    known[e] = arguments
    return arguments
  }

  /// The operands of a record that is neither a sum nor a product: those of `And`, `Or`, `Max` and `Min` sorted, small
  /// ones first.
  mutating func heldArguments(of record: ExprArena.Record, _ arena: borrowing ExprArena) -> [SymExpr] {
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
