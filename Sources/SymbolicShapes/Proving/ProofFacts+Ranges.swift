import SymbolicExpressions

/// Ranges of symbols, derived by sound steps only from the given facts and the conditions.
extension ProofFacts {
  private static let mostPasses = 3
  private static let mostTerms = 16
  /// A range that rests on more conditions than this would make an unreadable proof.
  private static let mostReasons = 24

  /// Narrows `given` by every linear condition.
  mutating func deriveRanges(_ given: SymbolRanges, _ arena: inout ExprArena) {
    ranges = given
    reasons = RangeReasons()
    narrow(by: conditions.indices.map { Int32(truncatingIfNeeded: $0) }, &arena)
  }

  /// These facts without some of the conditions; ranges that rest on a removed condition are derived again.
  func without(_ removed: Set<Int32>, _ given: SymbolRanges, _ arena: inout ExprArena) -> ProofFacts {
    var fewer = self
    fewer.removed.formUnion(removed)
    fewer.reasons = reasons.sharing()
    var numbers: Set<Int32> = []
    for symbol in reasons.symbols(restingOn: removed) {
      fewer.ranges.ranges[Int(symbol.index)] = given.ranges[Int(symbol.index)]
      fewer.reasons[symbol] = []
      numbers.formUnion(conditions(about: symbol))
    }
    fewer.narrow(by: Array(numbers), &arena)
    return fewer
  }

  /// Narrows ranges by these conditions, then by the conditions on the narrowed symbols, for a few rounds.
  mutating func narrow(by numbers: [Int32], _ arena: inout ExprArena) {
    var pending = Set(numbers).subtracting(removed)
    for _ in 0..<Self.mostPasses where !pending.isEmpty {
      var narrowed: Set<SymExpr.Symbol> = []
      for number in pending.sorted() {
        narrowings += 1
        narrow(by: conditions[Int(number)].expression, number, &narrowed, &arena)
      }
      pending = Set(narrowed.flatMap(conditions(about:))).subtracting(removed)
    }
  }

  private mutating func narrow(
    by condition: SymExpr, _ number: Int32, _ narrowed: inout Set<SymExpr.Symbol>, _ arena: inout ExprArena
  ) {
    switch arena.view(of: condition) {
    case .and(let parts): for part in parts { narrow(by: part, number, &narrowed, &arena) }
    case .relation(let kind, let lhs, let rhs) where kind != .ne:
      guard arena.isInteger(lhs), arena.isInteger(rhs),
        let form = arena.linearForm(of: arena.sub(lhs, rhs)), form.terms.count <= Self.mostTerms
      else { return }
      let strictly = kind == .lt || kind == .gt ? 1 : 0
      // Σ c·m + k ≤ −strictly for `<`, `≤`, `=`; mirrored for `>`, `≥`, `=`.
      if kind == .lt || kind == .le || kind == .eq {
        narrow(
          form.terms, atMost: (-strictly).subtractingReportingOverflow(form.constant), number, &narrowed,
          &arena)
      }
      if kind == .gt || kind == .ge || kind == .eq {
        let mirrored = form.terms.map { (coefficient: 0 &- $0.coefficient, monomial: $0.monomial) }
        narrow(
          mirrored, atMost: form.constant.subtractingReportingOverflow(strictly), number, &narrowed, &arena)
      }
    default: break
    }
  }

  /// `Σ c·m ≤ limit`: bounds each symbol by what the least values of the others leave.
  private mutating func narrow(
    _ terms: [(coefficient: Int, monomial: SymExpr)], atMost limit: (partialValue: Int, overflow: Bool),
    _ number: Int32, _ narrowed: inout Set<SymExpr.Symbol>, _ arena: inout ExprArena
  ) {
    guard !limit.overflow else { return }
    let leasts = terms.map { term -> Int? in
      guard case .int(let range) = arena.range(of: term.monomial, in: ranges), term.coefficient != .min else {
        return nil
      }
      let end = term.coefficient > 0 ? range.lower : range.upper
      let (least, overflow) = end.multipliedReportingOverflow(by: term.coefficient)
      return end == .min || end == .max || overflow ? nil : least
    }
    for (position, term) in terms.enumerated() {
      guard let symbol = arena.asSymbol(term.monomial), term.coefficient != .min else { continue }
      var left = limit.partialValue
      var isKnown = true
      for (other, least) in leasts.enumerated() where other != position {
        guard let least, case let (rest, overflow) = left.subtractingReportingOverflow(least), !overflow
        else {
          isKnown = false
          break
        }
        left = rest
      }
      guard isKnown, left != .min else { continue }
      let coefficient = term.coefficient
      let range =
        coefficient > 0
        ? IntRange(lower: .min, upper: floorQuotient(left, coefficient))
        : IntRange(lower: -floorQuotient(left, -coefficient), upper: .max)
      if intersect(symbol, range, number, others: terms, arena) { narrowed.insert(symbol) }
    }
  }

  private mutating func intersect(
    _ symbol: SymExpr.Symbol, _ range: IntRange, _ number: Int32,
    others: [(coefficient: Int, monomial: SymExpr)], _ arena: borrowing ExprArena
  ) -> Bool {
    let index = Int(symbol.index)
    guard index < ranges.ranges.count, case .int(let old) = ranges.ranges[index] else { return false }
    let new = old.intersection(range)
    guard new != old, !new.isEmpty else { return false }
    var because = reasons[symbol].union([number])
    for other in others {
      for position in 0..<arena.freeSymbolCount(of: other.monomial) {
        because.formUnion(reasons[arena.freeSymbol(of: other.monomial, at: position)])
      }
    }
    guard because.count <= Self.mostReasons else { return false }
    ranges.ranges[index] = .int(new)
    reasons[symbol] = because
    return true
  }

  /// `premises` plus the conditions that the ranges among them rest on.
  func withReasons(_ premises: [Premise], _ arena: borrowing ExprArena) -> [Premise] {
    var numbers: Set<Int32> = []
    for premise in premises {
      switch premise {
      case .range(let symbol): numbers.formUnion(reasons[symbol])
      case .bounds(let expression):
        for symbol in arena.freeSymbols(of: expression) { numbers.formUnion(reasons[symbol]) }
      default: break
      }
    }
    let added = numbers.sorted().map { conditions[Int($0)].premise }
    return premises + added.filter { !premises.contains($0) }
  }
}
