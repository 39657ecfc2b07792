// Signs that follow from the assumptions of symbols and from the form of an expression. sympy uses them to decide
// relations when it builds them.

import DenseTables

extension ExprArena {
  /// What sympy knows about the sign of `e`.
  ///
  /// - Complexity: O(size of `e`) the first time, then O(1).
  /// - Source: sympy 1.14, `is_extended_positive` and similar; `torch/utils/_sympy/functions.py`.
  public mutating func sign(of e: SymExpr) -> SymExpr.Sign {
    if let value = e.small { return SymExpr.Sign(value) }
    let derived = signs[e.index]
    if derived & Self.known != 0 {
      return SymExpr.Sign(rawValue: derived & ~Self.known)
    }
    let sign = sort(of: e) == .int ? derivedSign(of: e) : []
    signs[e.index] = sign.rawValue | Self.known
    return sign
  }

  private static var known: UInt8 { 0x80 }

  private mutating func derivedSign(of e: SymExpr) -> SymExpr.Sign {
    let record = record(of: e)
    switch record.kind {
    case .integer: return SymExpr.Sign(record.integer)
    case .symbol: return sign(of: symbols.assumptions[Int(record.lhs)])
    case .sum: return sign(ofSum: e)
    case .product, .scale:
      var result = SymExpr.Sign.positive
      for position in 0..<record.operandCount { result = result * sign(of: operand(record, position)) }
      return result
    case .power:
      let base = sign(of: SymExpr(bits: record.lhs))
      let isEven = record.exponent % 2 == 0
      return isEven ? base.intersection(.nonZero).union(.nonNegative) : base
    case .unary, .binary, .nary: return sign(ofCall: record)
    case .constant, .float, .relation, .and, .or, .not: return []
    }
  }

  private func sign(of assumptions: SymbolAssumptions) -> SymExpr.Sign {
    if assumptions.contains(.positive) { return .positive }
    if assumptions.contains(.negative) { return .negative }
    if assumptions.contains(.nonnegative) { return .nonNegative }
    return assumptions.contains(.nonpositive) ? .nonPositive : []
  }

  private mutating func sign(ofCall record: Record) -> SymExpr.Sign {
    let operands = operands(of: record).map { sign(of: $0) }
    switch record.callee {
    case .floorDiv, .cleanDiv, .modularIndexing:
      return operands.allSatisfy { $0.contains(.nonNegative) } ? .nonNegative : []
    case .mod, .abs: return .nonNegative
    case .pythonMod:
      return operands[1].isSuperset(of: .positive)
        ? .nonNegative : operands[1].isSuperset(of: .negative) ? .nonPositive : []
    case .max: return extremumSign(operands)
    case .min: return extremumSign(operands.map(\.negated)).negated
    case .where: return operands[1].intersection(operands[2])
    default: return []
    }
  }

  /// The sign of the largest number: positive if one is, negative if all are.
  private func extremumSign(_ signs: [SymExpr.Sign]) -> SymExpr.Sign {
    if signs.contains(where: { $0.isSuperset(of: .positive) }) { return .positive }
    if signs.contains(where: { $0.contains(.nonNegative) }) { return .nonNegative }
    return signs.dropFirst().reduce(signs[0]) { $0.intersection($1) }.intersection(.negative)
  }

  /// The sign of a sum, from the signs of its summands.
  ///
  /// With a constant, also from the smallest value of the other summand, or from how a polynomial in one symbol grows.
  private mutating func sign(ofSum e: SymExpr) -> SymExpr.Sign {
    let count = termCount(e)
    let result = SymExpr.Sign.sum((0..<count).map { sign(of: termHandle(e, $0)) })
    guard result == [], let constant = integerValue(of: termHandle(e, count - 1)), mayExpand else {
      return result
    }
    let byGrowth = polynomial(expanded(e)).map(\.signByGrowth) ?? []
    if count > 2 { return byGrowth }
    return byGrowth.union(signBeside(constant, termHandle(e, 0)))
  }

  private mutating func signBeside(_ constant: Int, _ other: SymExpr) -> SymExpr.Sign {
    let sign = sign(of: other)
    guard let closest = closestToZero(other, sign) else { return [] }
    let (extreme, overflow) = closest.addingReportingOverflow(constant)
    if overflow { return [] }
    if sign.contains(.nonNegative), extreme >= 0 { return extreme > 0 ? .positive : .nonNegative }
    if sign.contains(.nonPositive), extreme <= 0 { return extreme < 0 ? .negative : .nonPositive }
    return []
  }

  /// The value nearest to 0 that sympy assumes for a term of known sign, depending on whether it is even or composite.
  ///
  /// Source: `_monotonic_sign`.
  private mutating func closestToZero(_ e: SymExpr, _ sign: SymExpr.Sign) -> Int? {
    if sign.isSuperset(of: .positive) {
      if isComposite(e) { return isOdd(e) == true ? 9 : 4 }
      return isOdd(e) == false ? 2 : 1
    }
    if sign.isSuperset(of: .negative) { return isOdd(e) == false ? -2 : -1 }
    return sign == [] || sign == .nonZero ? nil : 0
  }

  /// Whether two factors of a positive term are known to be greater than 1.
  private mutating func isComposite(_ e: SymExpr) -> Bool {
    let kind = record(of: e).kind
    guard kind == .product || kind == .scale || kind == .power else { return false }
    let term = term(of: e)
    var count = if let coefficient = integerValue(of: term.coefficient), coefficient > 1 { 1 } else { 0 }
    for position in 0..<factorCount(term.monomial) {
      let (base, exponent) = factor(term.monomial, position)
      guard sign(of: sub(base, .one)).isSuperset(of: .positive) else { continue }
      if exponent > 1, factorCount(term.monomial) == 1, term.coefficient == .one { return true }
      count += 1
    }
    return count > 1
  }

  /// `e` as a polynomial, if its only symbol is a positive one.
  private func polynomial(_ e: SymExpr) -> UnivariatePolynomial? {
    guard freeSymbolCount(of: e) == 1, assumptions(of: freeSymbol(of: e, at: 0)).contains(.positive),
      let form = linearForm(of: e)
    else { return nil }
    var coefficients = [form.constant]
    for (coefficient, monomial) in form.terms {
      guard factorCount(monomial) == 1 else { return nil }
      let (base, exponent) = factor(monomial, 0)
      guard asSymbol(base) != nil, exponent <= Self.maxExpandedPower else { return nil }
      while coefficients.count <= exponent { coefficients.append(0) }
      coefficients[exponent] = coefficient
    }
    return UnivariatePolynomial(coefficients: coefficients)
  }
}
