// sympy's internal order of operands (`Basic.compare`), which differs from the order in which it prints them.

extension ExprArena {
  /// The operands of `e` in sympy's internal order, which passes that turn expressions into nodes follow.
  ///
  /// Numbers come first in sums and products.
  public func heldOperands(of e: SymExpr) -> [SymExpr] {
    var order = HeldOrder()
    return order.operands(of: e, self)
  }
}

/// The order of operands; it keeps those of shared parts, which would else be sorted once for each use.
private struct HeldOrder {
  private var known: [SymExpr: [SymExpr]] = [:]

  mutating func operands(of e: SymExpr, _ arena: borrowing ExprArena) -> [SymExpr] {
    guard e.small == nil else { return [] }
    if let operands = known[e] { return operands }
    let operands = sortedOperands(of: e, arena)
    known[e] = operands
    return operands
  }

  private mutating func sortedOperands(of e: SymExpr, _ arena: borrowing ExprArena) -> [SymExpr] {
    let record = arena.record(of: e)
    switch record.kind {
    case .sum: return numbersFirst((0..<arena.termCount(e)).map { arena.termHandle(e, $0) }, arena)
    case .product: return numbersFirst(arena.operands(of: record), arena)
    case .scale:
      let monomial = SymExpr(bits: record.rhs)
      let inner = arena.record(of: monomial)
      let factors = inner.kind == .product ? arena.operands(of: inner) : [monomial]
      return numbersFirst([SymExpr(bits: record.lhs)] + factors, arena)
    default:
      var order = PrintingOrder()
      return order.heldArguments(of: record, arena)
    }
  }

  private mutating func numbersFirst(_ operands: [SymExpr], _ arena: borrowing ExprArena) -> [SymExpr] {
    operands.filter { arena.isLiteral($0) }
      + operands.filter { !arena.isLiteral($0) }.sorted { compare($0, $1, arena) < 0 }
  }

  /// Negative if `a` comes first: compares by class, then by the operands from the left.
  private mutating func compare(_ a: SymExpr, _ b: SymExpr, _ arena: borrowing ExprArena) -> Int {
    if a == b { return 0 }
    let (x, y) = (HeldClass(a, arena), HeldClass(b, arena))
    if x.rank != y.rank { return x.rank < y.rank ? -1 : 1 }
    if x.name != y.name { return x.name < y.name ? -1 : 1 }
    if let p = arena.doubleValue(of: a), let q = arena.doubleValue(of: b) {
      return p < q ? -1 : p > q ? 1 : 0
    }
    if let p = arena.asSymbol(a), let q = arena.asSymbol(b) { return arena.compareHeld(p, q) }
    let (first, second) = (operands(of: a, arena), operands(of: b, arena))
    if first.count != second.count { return first.count - second.count }
    for (p, q) in zip(first, second) {
      let order = compare(p, q, arena)
      if order != 0 { return order }
    }
    return 0
  }
}

extension ExprArena {
  /// Orders symbols with fewer assumptions first, then by name.
  fileprivate func compareHeld(_ a: SymExpr.Symbol, _ b: SymExpr.Symbol) -> Int {
    let (x, y) = (assumptionCount(a), assumptionCount(b))
    if x != y { return x - y }
    return name(of: a) < name(of: b) ? -1 : name(of: a) > name(of: b) ? 1 : 0
  }

  /// A number that grows with what sympy derives from a symbol's assumptions.
  private func assumptionCount(_ symbol: SymExpr.Symbol) -> Int {
    let assumptions = assumptions(of: symbol)
    guard assumptions.contains(.integer) else { return assumptions.contains(.real) ? 1 : 0 }
    if assumptions.contains(.positive) || assumptions.contains(.negative) { return 4 }
    return assumptions.contains(.nonnegative) || assumptions.contains(.nonpositive) ? 3 : 2
  }
}

/// The rank of a class in sympy's list of classes, and its name, which orders classes outside the list.
private struct HeldClass {
  var rank: Int
  var name = ""

  init(_ e: SymExpr, _ arena: borrowing ExprArena) {
    if let value = arena.integerValue(of: e) {
      rank = value == 0 ? 0 : value == 1 ? 1 : value == -1 ? 5 : 7
      return
    }
    if arena.doubleValue(of: e) != nil {
      rank = 9
      return
    }
    let record = arena.record(of: e)
    switch record.kind {
    case .symbol: rank = 13
    case .power: rank = 15
    case .product, .scale: rank = 16
    case .sum: rank = 17
    case .relation:
      rank =
        switch record.relation {
        case .eq: 60
        case .ne: 61
        case .gt: 62
        case .lt: 63
        case .ge: 64
        case .le: 65
        }
    case .and: (rank, name) = (Self.unlisted, "And")
    case .or: (rank, name) = (Self.unlisted, "Or")
    case .not: (rank, name) = (Self.unlisted, "Not")
    case .unary, .binary, .nary:
      if record.callee == .abs { rank = 20 } else { (rank, name) = (Self.unlisted, record.callee.name) }
    // The booleans.
    case .constant, .integer, .float: rank = Self.unlisted
    }
  }

  /// The rank of classes outside sympy's list, after all others.
  private static let unlisted = 100
}
