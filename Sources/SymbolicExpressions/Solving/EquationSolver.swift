/// Isolates one part of a relation, step by step, until it has the form `thing kind right`.
///
/// Source: `torch/utils/_sympy/solve.py`, v2.13.
struct EquationSolver {
  private let thing: SymExpr
  private var kind: RelationKind
  private var left: SymExpr
  private var right: SymExpr

  /// The relation `e`, turned so that `thing` is on the left; nil if it is on both sides or on neither.
  init?(_ e: SymExpr, for thing: SymExpr, _ arena: borrowing ExprArena) {
    guard case .relation(let kind, let left, let right) = arena.view(of: e) else { return nil }
    self.thing = thing
    switch (arena.occurs(thing, in: left), arena.occurs(thing, in: right)) {
    case (true, false): (self.kind, self.left, self.right) = (kind, left, right)
    case (false, true): (self.kind, self.left, self.right) = (kind.mirrored, right, left)
    default: return nil
    }
  }

  mutating func solve(
    _ arena: inout ExprArena, floorDivInequality: Bool
  ) -> (kind: RelationKind, right: SymExpr)? {
    guard arena.sort(of: left) == .int, arena.sort(of: right) == .int else {
      return left == thing ? (kind, right) : nil
    }
    for _ in 0..<5 {
      let before = (left, right)
      moveSummands(&arena)
      divide(&arena)
      if floorDivInequality { unfoldFloorDiv(&arena) }
      // If the relation is already decided, nothing is left to solve.
      if arena.isAbsorbing(right) || arena.booleanValue(of: arena.relation(kind, left, right)) != nil {
        return nil
      }
      if before == (left, right) { break }
    }
    return left == thing ? (kind, right) : nil
  }

  /// Moves the summands without `thing` to the right.
  private mutating func moveSummands(_ arena: inout ExprArena) {
    guard arena.isSum(left), left != thing else { return }
    let terms = (0..<arena.termCount(left)).map { arena.termHandle(left, $0) }
    let moved = arena.sum(terms.filter { !arena.occurs(thing, in: $0) })
    left = arena.sub(left, moved)
    right = arena.sub(right, moved)
  }

  /// Divides by the factors without `thing` whose sign is known.
  private mutating func divide(_ arena: inout ExprArena) {
    guard !arena.isSum(left), left != thing, kind.isInequality || right != .zero else { return }
    let term = arena.term(of: left)
    var (kept, divisor) = (SymExpr.one, term.coefficient)
    for position in 0..<arena.factorCount(term.monomial) {
      let factor = arena.factor(term.monomial, position)
      let handle = arena.power(factor.base, factor.exponent)
      if arena.occurs(thing, in: handle) {
        kept = arena.mul(kept, handle)
      } else {
        divisor = arena.mul(divisor, handle)
      }
    }
    guard divisor != .one, !arena.isAbsorbing(divisor) else { return }
    if kind.isInequality {
      let sign = arena.sign(of: divisor)
      guard sign.isSuperset(of: .negative) || sign.contains(.nonNegative) else { return }
      if sign.isSuperset(of: .negative) { kind = kind.mirrored }
    }
    left = kept
    let quotient = arena.isMultiple(right, of: divisor) ? arena.dividedExactly(right, by: divisor) : nil
    right = quotient ?? arena.apply(.intTrueDiv, right, divisor)
  }

  /// Rewrites a relation on `x // d`, `d > 0`, as one on `x`, unless that is decided.
  private mutating func unfoldFloorDiv(_ arena: inout ExprArena) {
    guard let (n, d) = arena.quotient(left), arena.sign(of: d).isSuperset(of: .positive),
      arena.sort(of: right) == .int
    else { return }
    // `x // d == r` means `r·d ≤ x` and `x < (r + 1)·d`.
    let (lower, upper) = (arena.mul(right, d), arena.mul(arena.add(right, .one), d))
    let isAtLeast = arena.relation(.ge, n, lower)
    let isBelow = arena.relation(.lt, n, upper)
    let unfolded: (RelationKind, SymExpr)? =
      switch kind {
      case .ge: (.ge, lower)
      case .gt: (.ge, upper)
      case .lt: (.lt, lower)
      case .le: (.lt, upper)
      // If one half holds, the other remains.
      case .eq: isAtLeast == .true ? (.lt, upper) : isBelow == .true ? (.ge, lower) : nil
      case .ne: isAtLeast == .true ? (.ge, upper) : isBelow == .true ? (.lt, lower) : nil
      }
    guard let (newKind, newRight) = unfolded,
      arena.booleanValue(of: arena.relation(newKind, n, newRight)) == nil
    else { return }
    (kind, left, right) = (newKind, n, newRight)
  }
}
