extension ExprArena {
  /// Replaces symbols and builds the expression anew, so all laws apply to the result.
  ///
  /// - Parameters:
  ///   - e: the expression to replace in.
  ///   - replacement: the expression to put in place of a symbol, or nil to keep it.
  /// - Returns: the new expression, in normal form.
  public mutating func substitute(_ e: SymExpr, _ replacement: (Symbol) -> SymExpr?) -> SymExpr {
    guard e.small == nil else { return e }
    if let symbol = asSymbol(e) { return replacement(symbol) ?? e }
    var changes: [UInt32: SymExpr] = [:]
    for position in 0..<freeSymbolCount(of: e) {
      let symbol = freeSymbol(of: e, at: position)
      guard let value = replacement(symbol), value != handle(of: symbol) else { continue }
      changes[handle(of: symbol).bits] = value
    }
    return changes.isEmpty ? e : rebuild(e, &changes)
  }

  /// Replaces one subexpression, an atom or a whole expression, wherever it occurs as an operand.
  public mutating func replace(_ e: SymExpr, atom: SymExpr, with value: SymExpr) -> SymExpr {
    if e == atom { return value }
    var changes = [atom.bits: value]
    return rebuild(e, &changes)
  }

  /// Rebuilds `e` from changed operands; `changes` also remembers what was done.
  private mutating func rebuild(_ e: SymExpr, _ changes: inout [UInt32: SymExpr]) -> SymExpr {
    if let known = changes[e.bits] { return known }
    guard e.small == nil else { return e }
    let record = records[e.index]
    let count = record.operandCount
    guard count > 0 else { return e }
    var operands: [SymExpr] = []
    operands.reserveCapacity(count)
    var changed = false
    for position in 0..<count {
      let operand = operand(record, position)
      let new = rebuild(operand, &changes)
      changed = changed || new != operand
      operands.append(new)
    }
    let result = changed ? build(record, operands) : e
    changes[e.bits] = result
    return result
  }

  /// Builds an expression like `record` from other operands.
  private mutating func build(_ record: Record, _ operands: [SymExpr]) -> SymExpr {
    switch record.kind {
    case .constant, .integer, .float, .symbol: return .nan
    case .sum: return sum(operands)
    case .product, .scale: return product(operands)
    case .power: return pow(operands[0], operands[1])
    case .unary, .binary, .nary:
      guard let function = SymFunction(rawValue: record.function) else { return .nan }
      return apply(function, operands) ?? .nan
    case .relation:
      guard let kind = RelationKind(rawValue: record.function) else { return .nan }
      return relation(kind, operands[0], operands[1])
    case .and: return and(operands)
    case .or: return or(operands)
    case .not: return not(operands[0])
    }
  }
}
