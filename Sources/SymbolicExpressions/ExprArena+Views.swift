// Looking at expressions from outside.

/// An expression taken apart by one level.
public enum ExprView {
  case integer(Int)
  case float(Double)
  /// `int_oo`, `-int_oo`, `oo`, `-oo` or `nan`, by handle.
  case infinite(SymExpr)
  case boolean(Bool)
  case symbol(Symbol)
  case add([SymExpr])
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
  /// The top of an expression; operands are handles.
  public func view(of e: SymExpr) -> ExprView {
    if let value = integerValue(of: e) { return .integer(value) }
    let record = records[e.index]
    switch record.kind {
    case .constant:
      if let value = booleanValue(of: e) { return .boolean(value) }
      return e == .tooLarge ? .tooLarge : .infinite(e)
    case .integer, .float: return .float(doubleValue(of: e) ?? .nan)
    case .symbol: return .symbol(Symbol(index: record.lhs))
    case .sum: return .add(operands(of: record))
    case .scale:
      let coefficient = SymExpr(bits: record.lhs)
      let monomial = SymExpr(bits: record.rhs)
      if records[monomial.index].kind == .product { return .mul([coefficient] + operands(of: records[monomial.index])) }
      return .mul([coefficient, monomial])
    case .product: return .mul(operands(of: record))
    case .power: return .pow(SymExpr(bits: record.lhs), SymExpr(bits: record.rhs).small ?? 1)
    case .unary, .binary, .nary:
      guard let function = SymFunction(rawValue: record.function) else { return .tooLarge }
      return .call(function, operands(of: record))
    case .relation:
      guard let kind = RelationKind(rawValue: record.function) else { return .tooLarge }
      return .relation(kind, SymExpr(bits: record.lhs), SymExpr(bits: record.rhs))
    case .and: return .and(operands(of: record))
    case .or: return .or(operands(of: record))
    case .not: return .not(SymExpr(bits: record.lhs))
    }
  }

  func operands(of record: Record) -> [SymExpr] { (0..<record.operandCount).map { operand(record, $0) } }

  /// The distinct calls of `function` in `e`, inner ones after those that contain them.
  public func atoms(of e: SymExpr, calling function: SymFunction) -> [SymExpr] {
    var found: [SymExpr] = []
    visit(e) { part, record in
      switch record.kind {
      case .unary, .binary, .nary:
        if record.function == function.rawValue, !found.contains(part) { found.append(part) }
      default: break
      }
    }
    return found
  }

  /// Calls `body` for every recorded part of `e`, outside first.
  private func visit(_ e: SymExpr, _ body: (SymExpr, Record) -> Void) {
    guard e.small == nil else { return }
    let record = records[e.index]
    body(e, record)
    switch record.kind {
    case .constant, .integer, .float, .symbol: return
    default: for position in 0..<record.operandCount { visit(operand(record, position), body) }
    }
  }

  /// Whether `e` holds a product or power of symbols, or two atoms that share a symbol: what intervals blur.
  public func isNonlinear(_ e: SymExpr) -> Bool {
    var found = false
    var occurrences: [UInt32: Int] = [:]
    visit(e) { _, record in
      switch record.kind {
      case .product, .power: found = true
      case .symbol:
        occurrences[record.lhs, default: 0] += 1
        if occurrences[record.lhs, default: 0] > 1 { found = true }
      default: break
      }
    }
    return found
  }

  /// Whether `e` can only be an integer.
  public func isInteger(_ e: SymExpr) -> Bool { sort(of: e) == .int && e != .tooLarge }

  /// `e` as a constant and coefficients of monomials.
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
}
