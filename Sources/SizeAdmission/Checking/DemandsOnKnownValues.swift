import SymbolicExpressions
import SymbolicShapes

extension ShapeEnv {
  /// The conditions on the sizes under which some run-time values satisfy `condition`.
  ///
  /// ```text
  /// s25 + u0 <= s76,  u0 >= 0       s25 <= s76
  /// 2*u0 + 2*u1 == s27              s27 % 2 == 0
  /// ```
  ///
  /// Handles linear relations, and minima and maxima that equal one of their operands.
  func demandsOnKnownValues(of condition: SymExpr) -> [SymExpr] {
    switch arena.view(of: condition) {
    case .and(let parts): return parts.flatMap { demandsOnKnownValues(of: $0) }
    case .relation(let kind, let lhs, let rhs):
      if kind == .eq, let plain = comparisons(lhs, rhs) ?? comparisons(rhs, lhs) {
        return plain.flatMap { demandsOnKnownValues(of: $0) }
      }
      return demands(kind, lhs, rhs)
    default: return []
    }
  }

  /// `Min(a, b) == b` as `b <= a`.
  private func comparisons(_ call: SymExpr, _ operand: SymExpr) -> [SymExpr]? {
    guard case .call(let function, let operands) = arena.view(of: call), function == .min || function == .max,
      operands.contains(operand)
    else { return nil }
    return operands.filter { $0 != operand }.map {
      function == .min ? arena.le(operand, $0) : arena.ge(operand, $0)
    }
  }

  private func demands(_ kind: RelationKind, _ lhs: SymExpr, _ rhs: SymExpr) -> [SymExpr] {
    let difference = arena.sub(lhs, rhs)
    guard let (_, terms) = arena.linearForm(of: difference) else { return [] }
    var known = difference
    // Bounds on the sum of the unknown terms; `nil` if unbounded.
    var (least, most): (Int?, Int?) = (0, 0)
    var divisor = 0
    for (coefficient, monomial) in terms where arena.hasUnbacked(monomial) {
      guard arena.asSymbol(monomial) != nil, case .int(let range) = bound(of: monomial) else { return [] }
      known = arena.sub(known, arena.mul(arena.integer(coefficient), monomial))
      let lower = range.lower > .min + 2 ? range.lower : nil
      let upper = range.isBoundedAbove ? range.upper : nil
      least = Self.sum(least, Self.product(coefficient, coefficient > 0 ? lower : upper))
      most = Self.sum(most, Self.product(coefficient, coefficient > 0 ? upper : lower))
      divisor = Self.commonDivisor(divisor, coefficient)
    }
    guard divisor != 0, arena.hasSymbols(known), !arena.hasUnbacked(known) else { return [] }
    let atMost = least.map { arena.add(known, arena.integer($0)) }
    let atLeast = most.map { arena.add(known, arena.integer($0)) }
    let demands: [SymExpr?] =
      switch kind {
      case .ne: []
      case .le: [atMost.map { arena.le($0, .zero) }]
      case .lt: [atMost.map { arena.lt($0, .zero) }]
      case .ge: [atLeast.map { arena.ge($0, .zero) }]
      case .gt: [atLeast.map { arena.gt($0, .zero) }]
      case .eq:
        [
          atMost.map { arena.le($0, .zero) }, atLeast.map { arena.ge($0, .zero) },
          divisor > 1 ? arena.eq(arena.pythonMod(known, arena.integer(divisor)), .zero) : nil,
        ]
      }
    return demands.compactMap { $0 }.filter { $0 != .true }
  }

  private static func sum(_ a: Int?, _ b: Int?) -> Int? {
    guard let a, let b else { return nil }
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? nil : sum
  }

  private static func product(_ a: Int, _ b: Int?) -> Int? {
    guard let b else { return nil }
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? nil : product
  }

  private static func commonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a.magnitude, b.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    return Int(clamping: a)
  }
}
