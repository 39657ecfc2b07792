// Max and Min: flat, without duplicates, all literals merged into one.

extension ExprArena {
  /// `Max` or `Min` of all operands, with the laws of PyTorch's `MinMaxBase`.
  mutating func extremum(_ function: SymFunction, _ operands: [SymExpr]) -> SymExpr {
    var literal: SymExpr?
    var others: [SymExpr] = []
    for operand in operands {
      for part in flattened(operand, function) {
        if isAbsorbing(part) { return part }
        if isLiteral(part) {
          literal = literal.map { extremeLiteral(function, $0, part) } ?? part
        } else if !others.contains(part) {
          others.append(part)
        }
      }
    }
    if let value = literal, isInfinite(value) {
      // The identity element is dropped; the absorbing element is the result.
      let isPositive = value == .infinity || value == .intInfinity
      if others.isEmpty || isPositive == (function == .max) { return value }
      literal = nil
    }
    others.sort { $0.bits < $1.bits }
    absorb(function, literal, &others)
    factorOut(function, &others)
    if others.count == 2, literal == nil, let winner = largerMultiple(function, others[0], others[1]) {
      return winner
    }
    if others.count == 1, let literal, let winner = againstLiteral(function, literal, others[0]) {
      return winner
    }
    let result = (literal.map { [$0] } ?? []) + others
    return result.count == 1 ? result[0] : internCall(function, result)
  }

  private func flattened(_ e: SymExpr, _ function: SymFunction) -> [SymExpr] {
    operands(of: e, function) ?? [e]
  }

  /// The operands of a call of `function`; nil if `e` is anything else.
  func operands(of e: SymExpr, _ function: SymFunction) -> [SymExpr]? {
    guard e.small == nil else { return nil }
    let record = record(of: e)
    guard record.function == function.rawValue else { return nil }
    switch record.kind {
    case .unary, .binary, .nary: return (0..<record.operandCount).map { operand(record, $0) }
    default: return nil
    }
  }

  private func extremeLiteral(_ function: SymFunction, _ a: SymExpr, _ b: SymExpr) -> SymExpr {
    let aIsLess: Bool
    if let x = integerValue(of: a), let y = integerValue(of: b) {
      aIsLess = x < y
    } else if let x = doubleValue(of: a), let y = doubleValue(of: b) {
      aIsLess = x < y
    } else {
      return .nan
    }
    return aIsLess == (function == .max) ? b : a
  }

  /// `Max(0, x ≥ 0) → x`, `Max(1, x > 0) → x`, and for `Min` the literal.
  private mutating func againstLiteral(_ function: SymFunction, _ literal: SymExpr, _ x: SymExpr) -> SymExpr?
  {
    guard let value = integerValue(of: literal), value == 0 || value == 1, sort(of: x) == .int,
      sign(of: x).isSuperset(of: value == 0 ? .nonNegative : .positive)
    else { return nil }
    return function == .max ? x : literal
  }

  /// `Max(c₁·x, c₂·x) → c·x` if the sign of `x` is known.
  private mutating func largerMultiple(_ function: SymFunction, _ a: SymExpr, _ b: SymExpr) -> SymExpr? {
    if isSum(a) || isSum(b) { return nil }
    let (x, y) = (term(of: a), term(of: b))
    guard x.monomial == y.monomial, sort(of: x.monomial) == .int,
      let c = integerValue(of: x.coefficient), let d = integerValue(of: y.coefficient)
    else { return nil }
    let sign = sign(of: x.monomial)
    guard sign.contains(.nonNegative) || sign.contains(.nonPositive) else { return nil }
    let aIsLess = (c < d) == sign.contains(.nonNegative)
    return aIsLess == (function == .max) ? b : a
  }

  /// `Max(a, Min(a, b)) → a`, and `Max(3, Min(2, x)) → 3`: an operand that another one dominates is dropped.
  private func absorb(_ function: SymFunction, _ literal: SymExpr?, _ others: inout [SymExpr]) {
    guard others.count > 1 || literal != nil else { return }
    let opposite: SymFunction = function == .max ? .min : .max
    let all = others
    others.removeAll { candidate in
      guard let inner = operands(of: candidate, opposite) else { return false }
      if inner.contains(where: { all.contains($0) }) { return true }
      guard let literal, let bound = inner.first(where: { isLiteral($0) }) else { return false }
      return extremeLiteral(function, literal, bound) == literal
    }
  }

  /// `Max(Min(x, y), Min(x, z)) → Min(x, Max(y, z))`.
  private mutating func factorOut(_ function: SymFunction, _ others: inout [SymExpr]) {
    let opposite: SymFunction = function == .max ? .min : .max
    let inner = others.compactMap { operands(of: $0, opposite) }
    guard inner.count > 1, let first = inner.first else { return }
    let common = first.filter { operand in inner.allSatisfy { $0.contains(operand) } }
    guard !common.isEmpty else { return }
    let differences = inner.map { operands in operands.filter { !common.contains($0) } }
    var factored = common
    if differences.allSatisfy({ !$0.isEmpty }) {
      factored.append(extremum(function, differences.map { extremum(opposite, $0) }))
    }
    others.removeAll { operands(of: $0, opposite) != nil }
    others.append(extremum(opposite, factored))
    others.sort { $0.bits < $1.bits }
  }
}
