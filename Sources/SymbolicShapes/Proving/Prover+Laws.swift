import SymbolicExpressions

/// The meaning of the variables of a problem.
extension Prover {
  /// Adds the range of `monomial` and the laws of its function or product.
  mutating func addLaws(of monomial: SymExpr) {
    addRange(of: monomial)
    switch shapes.arena.view(of: monomial) {
    case .call(let function, let arguments): addLaws(of: function, monomial, arguments)
    case .mul(let factors): addProductLaws(monomial, factors)
    case .pow(let base, let exponent) where exponent >= 2:
      addProductLaws(monomial, [base, shapes.arena.pow(base, shapes.arena.integer(exponent - 1))])
      if exponent == 2 {
        // x² ≥ x and x² ≥ −x hold for integers.
        let negative = shapes.arena.neg(base)
        hold([shapes.arena.ge(monomial, base), shapes.arena.ge(monomial, negative)], monomial)
      }
    default: break
    }
  }

  /// Adds the interval that the ranges of the symbols imply.
  private mutating func addRange(of monomial: SymExpr) {
    guard let variable = variables[monomial] else { return }
    let range = range(of: monomial)
    let premise = boundsPremise(monomial)
    for (end, sign) in [(range.lower, 1), (range.upper, -1)] where isFinite(end) {
      var row = LinearRow(variable: variable, coefficient: sign)
      row.constant = -sign * end
      system.require(nonNegative: resting(row, on: premise))
    }
  }

  func boundsPremise(_ expression: SymExpr) -> Premise {
    shapes.arena.asSymbol(expression).map { .range($0) } ?? .bounds(expression)
  }

  func range(of expression: SymExpr) -> IntRange {
    guard case .int(let range) = shapes.arena.range(of: expression, in: facts.ranges) else {
      return .unbounded
    }
    return range
  }

  /// Bounds near the limits of 64 bits mean "no bound" (PyTorch's sizes end at 2⁶³ − 2).
  private func isFinite(_ end: Int) -> Bool { end > .min + 8 && end < .max - 8 }

  /// Adds conditions that follow from the meaning of `monomial`.
  private mutating func hold(_ conditions: [SymExpr], _ monomial: SymExpr) {
    for condition in conditions {
      assume(Assumption(condition: condition, holds: true, premise: .meaning(of: monomial)))
    }
  }

  /// Adds that one of the `alternatives`, each a conjunction, follows from the meaning of `monomial`.
  private mutating func holdOne(of alternatives: [[SymExpr]], _ monomial: SymExpr) {
    choose(
      Choice(
        alternatives: alternatives.map { conditions in
          conditions.map { Assumption(condition: $0, holds: true, premise: .meaning(of: monomial)) }
        }, premise: nil))
  }

  private mutating func addLaws(of function: SymFunction, _ call: SymExpr, _ arguments: [SymExpr]) {
    switch function {
    case .floorDiv, .cleanDiv: addFloorLaws(call, arguments[0], arguments[1])
    case .mod, .pythonMod: addRemainderLaws(call, arguments[0], arguments[1])
    case .modularIndexing:
      guard range(of: arguments[0]).lower >= 0, range(of: arguments[1]).lower >= 1,
        range(of: arguments[2]).lower >= 1
      else { return }
      let quotient = shapes.arena.floorDiv(arguments[0], arguments[1])
      hold([shapes.arena.eq(call, shapes.arena.mod(quotient, arguments[2]))], call)
    case .max, .min:
      let isMax = function == .max
      hold(arguments.map { isMax ? shapes.arena.ge(call, $0) : shapes.arena.le(call, $0) }, call)
      holdOne(of: arguments.map { [isMax ? shapes.arena.le(call, $0) : shapes.arena.ge(call, $0)] }, call)
    case .abs:
      let negative = shapes.arena.neg(arguments[0])
      hold([shapes.arena.ge(call, arguments[0]), shapes.arena.ge(call, negative)], call)
      holdOne(
        of: [[shapes.arena.le(call, arguments[0])], [shapes.arena.le(call, negative)]], call)
    case .where:
      holdOne(
        of: [
          [arguments[0], shapes.arena.eq(call, arguments[1])],
          [shapes.arena.not(arguments[0]), shapes.arena.eq(call, arguments[2])],
        ], call)
    case .identity: hold([shapes.arena.eq(call, arguments[0])], call)
    default: break
    }
  }

  /// `d·q ≤ n ≤ d·q + d − 1` for `d ≥ 1`, mirrored for `d ≤ −1`; and `(k·d + r)//d = k + r//d`.
  private mutating func addFloorLaws(_ quotient: SymExpr, _ n: SymExpr, _ d: SymExpr) {
    let product = shapes.arena.mul(quotient, d)
    let rest = shapes.arena.sub(n, product)
    whereSigned(d, quotient) { arena, isPositive in
      var laws =
        isPositive
        ? [arena.ge(rest, .zero), arena.lt(rest, d)] : [arena.le(rest, .zero), arena.gt(rest, d)]
      if arena.integerValue(of: d) == nil, let split = arena.splitMultiples(of: d, in: n),
        split.multiples != .zero
      {
        let smaller = Self.quotient(split.rest, d, isPositive, &arena)
        laws.append(arena.eq(quotient, arena.add(split.multiples, smaller)))
      }
      return laws
    }
  }

  /// `m = n − d·(n//d)`, and `0 ≤ m < d` for `d ≥ 1`, mirrored for `d ≤ −1`.
  private mutating func addRemainderLaws(_ remainder: SymExpr, _ n: SymExpr, _ d: SymExpr) {
    whereSigned(d, remainder) { arena, isPositive in
      let bounds =
        isPositive
        ? [arena.ge(remainder, .zero), arena.lt(remainder, d)]
        : [arena.le(remainder, .zero), arena.gt(remainder, d)]
      let quotient = Self.quotient(n, d, isPositive, &arena)
      return bounds + [arena.eq(remainder, arena.sub(n, arena.mul(quotient, d)))]
    }
  }

  /// `n//d` for a `d` of this sign.
  ///
  /// Written with a positive divisor: the arena applies the law `(n//c)//d → n//(c·d)` for every `d`, as PyTorch does,
  /// but it holds for positive ones only.
  private static func quotient(
    _ n: SymExpr, _ d: SymExpr, _ isPositive: Bool, _ arena: inout ExprArena
  ) -> SymExpr {
    if isPositive { return arena.floorDiv(n, d) }
    let (negativeN, negativeD) = (arena.neg(n), arena.neg(d))
    return arena.floorDiv(negativeN, negativeD)
  }

  /// Adds the `laws` for the sign of `d`, or a choice of both if the sign is unknown.
  ///
  /// A quotient by 0 has no value.
  private mutating func whereSigned(
    _ d: SymExpr, _ monomial: SymExpr, _ laws: (inout ExprArena, Bool) -> [SymExpr]
  ) {
    let range = range(of: d)
    if range.lower >= 1 || range.upper <= -1 {
      hold(laws(&shapes.arena, range.lower >= 1), monomial)
    } else {
      let positive = shapes.arena.ge(d, .one)
      let negative = shapes.arena.le(d, .minusOne)
      holdOne(
        of: [[positive] + laws(&shapes.arena, true), [negative] + laws(&shapes.arena, false)], monomial)
    }
  }
}
