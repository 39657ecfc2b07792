/// An expression and its operands as an enum, for code outside the hot path.
public enum ExprView: Equatable, Sendable {
  case integer(Int)
  case float(Double)
  case boolean(Bool)
  /// `int_oo`, `-int_oo`, `oo`, `-oo` or `nan`, by handle.
  case infinite(SymExpr)
  case symbol(SymExpr.Symbol)
  /// At least two terms.
  case add([SymExpr])
  /// At least two factors; a coefficient is the first.
  case mul([SymExpr])
  case pow(SymExpr, Int)
  case call(SymFunction, [SymExpr])
  case relation(RelationKind, SymExpr, SymExpr)
  case and([SymExpr])
  case or([SymExpr])
  case not(SymExpr)
  case tooLarge
}

extension ExprArena {
  /// The outermost operation of `e` and its operands.
  public func view(of e: SymExpr) -> ExprView {
    if let value = e.small { return .integer(value) }
    let record = record(of: e)
    switch record.kind {
    case .constant:
      if let value = booleanValue(of: e) { return .boolean(value) }
      return e == .tooLarge ? .tooLarge : .infinite(e)
    case .integer: return .integer(record.integer)
    case .float: return .float(record.double)
    case .symbol: return .symbol(SymExpr.Symbol(index: record.lhs))
    case .sum: return .add(operands(of: record))
    case .product: return .mul(operands(of: record))
    case .scale:
      let monomial = SymExpr(bits: record.rhs)
      let factors =
        self.record(of: monomial).kind == .product ? operands(of: self.record(of: monomial)) : [monomial]
      return .mul([SymExpr(bits: record.lhs)] + factors)
    case .power: return .pow(SymExpr(bits: record.lhs), record.exponent)
    case .unary, .binary, .nary: return .call(record.callee, operands(of: record))
    case .relation: return .relation(record.relation, SymExpr(bits: record.lhs), SymExpr(bits: record.rhs))
    case .and: return .and(operands(of: record))
    case .or: return .or(operands(of: record))
    case .not: return .not(SymExpr(bits: record.lhs))
    }
  }

  func operands(of record: Record) -> [SymExpr] {
    (0..<record.operandCount).map { operand(record, $0) }
  }

  /// `e` as a constant plus coefficients times monomials; nil if a coefficient is not a 64-bit integer.
  public func linearForm(of e: SymExpr) -> (constant: Int, terms: [(coefficient: Int, monomial: SymExpr)])? {
    var constant = 0
    var terms: [(coefficient: Int, monomial: SymExpr)] = []
    for position in 0..<termCount(e) {
      let term = term(e, position)
      guard let coefficient = integerValue(of: term.coefficient) else { return nil }
      if term.monomial == .one { constant = coefficient } else { terms.append((coefficient, term.monomial)) }
    }
    return (constant, terms)
  }

  /// Whether `e` is a boolean rather than a number.
  public func isCondition(_ e: SymExpr) -> Bool { sort(of: e) == .bool }

  /// Whether `e` is always an integer.
  public func isInteger(_ e: SymExpr) -> Bool { sort(of: e) == .int && e != .tooLarge }

  /// The distinct calls of `function` in `e`, outer calls before the calls inside them.
  public func atoms(of e: SymExpr, calling function: SymFunction) -> [SymExpr] {
    var found: [SymExpr] = []
    guard flags(of: e).isSuperset(of: Flags(calling: function.rawValue)) else { return found }
    visit(e) { part, record in
      guard record.function == function.rawValue, record.isCall, !found.contains(part) else { return }
      found.append(part)
    }
    return found
  }

  /// The distinct products in `e` that have `factor` among their factors, with the other factors.
  ///
  /// A coefficient is a factor.
  public func products(in e: SymExpr, with factor: SymExpr) -> [(product: SymExpr, others: [SymExpr])] {
    var found: [(product: SymExpr, others: [SymExpr])] = []
    visit(e) { part, record in
      guard record.kind == .product || record.kind == .scale, case .mul(var factors) = view(of: part),
        let position = factors.firstIndex(of: factor), !found.contains(where: { $0.product == part })
      else { return }
      factors.remove(at: position)
      found.append((part, factors))
    }
    return found
  }

  /// Whether `e` compares two sums of symbols times literals in which no symbol occurs twice.
  ///
  /// Interval arithmetic decides these exactly.
  public func isLinearRelation(_ e: SymExpr) -> Bool {
    guard e.small == nil, record(of: e).kind == .relation else { return false }
    let record = record(of: e)
    let (lhs, rhs) = (SymExpr(bits: record.lhs), SymExpr(bits: record.rhs))
    guard sort(of: lhs) == .int, sort(of: rhs) == .int else { return false }
    return isLinear(lhs) && isLinear(rhs)
      && freeSymbolCount(of: e) == freeSymbolCount(of: lhs) + freeSymbolCount(of: rhs)
  }

  private func isLinear(_ e: SymExpr) -> Bool {
    for position in 0..<termCount(e) {
      let monomial = term(e, position).monomial
      if monomial != .one, asSymbol(monomial) == nil { return false }
    }
    return true
  }

  /// Calls `body` for every recorded subexpression of `e`, outermost first.
  private func visit(_ e: SymExpr, _ body: (SymExpr, Record) -> Void) {
    guard e.small == nil else { return }
    let record = record(of: e)
    body(e, record)
    for position in 0..<record.operandCount { visit(operand(record, position), body) }
  }
}
