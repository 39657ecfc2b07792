/// The results of the current rebuild, by expression.
///
/// Entries of earlier rebuilds are recognized by their number and need not be cleared.
struct RebuiltColumn {
  private struct Entry {
    var rebuild: UInt32
    var result: UInt32
  }

  private var entries: ContiguousArray<Entry> = []
  private var current: UInt32 = 0

  mutating func reserveCapacity(_ count: Int) {
    entries.reserveCapacity(count)
  }

  /// Starts a new rebuild of expressions below `count`.
  mutating func begin(_ count: Int) {
    if current == .max {
      entries.removeAll(keepingCapacity: true)
      current = 0
    }
    current += 1
    if entries.count < count {
      entries.append(
        contentsOf: repeatElement(Entry(rebuild: 0, result: 0), count: count - entries.count + count / 2))
    }
  }

  subscript(e: SymExpr) -> SymExpr? {
    get {
      entries[e.index].rebuild == current ? SymExpr(bits: entries[e.index].result) : nil
    }
    set {
      // Entries of rebuild 0 count as absent.
      entries[e.index] =
        newValue.map { Entry(rebuild: current, result: $0.bits) } ?? Entry(rebuild: 0, result: 0)
    }
  }
}

extension ExprArena {
  /// Replaces symbols and rebuilds the expression, so that all laws apply to the result.
  ///
  /// - Parameters:
  ///   - e: the expression.
  ///   - isExpanding: whether products of sums are expanded, as in the normal form.
  ///   - replacement: the expression that replaces a symbol, or nil to keep it.
  /// - Returns: the new expression, in normal form unless products are kept.
  /// - Complexity: O(*n*) for *n* distinct parts, plus the cost of building them.
  public mutating func substitute(
    _ e: SymExpr, isExpanding: Bool = true, _ replacement: (SymExpr.Symbol) -> SymExpr?
  ) -> SymExpr {
    guard e.small == nil else { return e }
    if let symbol = asSymbol(e) { return replacement(symbol) ?? e }
    rebuilt.begin(e.index)
    var changes = false
    for position in 0..<freeSymbolCount(of: e) {
      let symbol = freeSymbol(of: e, at: position)
      guard let value = replacement(symbol), value != handle(of: symbol) else { continue }
      rebuilt[handle(of: symbol)] = value
      changes = true
    }
    return changes ? rebuild(e, isExpanding) : e
  }

  /// Replaces one subexpression, an atom or a whole expression, wherever it occurs as an operand.
  public mutating func replace(_ e: SymExpr, atom: SymExpr, with value: SymExpr) -> SymExpr {
    if e == atom { return value }
    guard e.small == nil, atom.small == nil, atom.index < e.index else { return e }
    rebuilt.begin(e.index)
    rebuilt[atom] = value
    return rebuild(e, true)
  }

  /// Rebuilds `e` from changed operands.
  ///
  /// Operands have lower numbers than the expressions that contain them, so the column holds them all.
  private mutating func rebuild(_ e: SymExpr, _ isExpanding: Bool) -> SymExpr {
    guard e.small == nil else { return e }
    counted.rebuilds &+= 1
    let record = record(of: e)
    let count = record.operandCount
    guard count > 0 else { return e }
    if !record.isPooled {
      let (a, b) = (SymExpr(bits: record.lhs), SymExpr(bits: record.rhs))
      let newA = rebuiltOperand(a, isExpanding)
      let newB = count == 2 ? rebuiltOperand(b, isExpanding) : b
      if newA == a, newB == b { return e }
      return build(record, count == 2 ? [newA, newB] : [newA], isExpanding)
    }
    var operands: [SymExpr] = []
    operands.reserveCapacity(count)
    var changed = false
    for position in 0..<count {
      let operand = operand(record, position)
      let new = rebuiltOperand(operand, isExpanding)
      changed = changed || new != operand
      operands.append(new)
    }
    return changed ? build(record, operands, isExpanding) : e
  }

  private mutating func rebuiltOperand(_ e: SymExpr, _ isExpanding: Bool) -> SymExpr {
    guard e.small == nil else { return e }
    if let known = rebuilt[e] { return known }
    let result = rebuild(e, isExpanding)
    rebuilt[e] = result
    return result
  }

  /// Builds an expression like `record` from other operands.
  mutating func build(_ record: Record, _ operands: [SymExpr], _ isExpanding: Bool = true) -> SymExpr {
    if !isExpanding, let product = buildUnexpanded(record, operands) { return product }
    switch record.kind {
    case .constant, .integer, .float, .symbol: preconditionFailure("nothing to build from operands")
    case .sum: return sum(operands)
    case .product, .scale: return product(operands)
    case .power: return pow(operands[0], operands[1])
    case .unary, .binary, .nary:
      guard let result = apply(record.callee, operands) else {
        preconditionFailure("\(record.callee) was made of \(operands.count) operands")
      }
      return result
    case .relation: return relation(record.relation, operands[0], operands[1])
    case .and: return and(operands)
    case .or: return or(operands)
    case .not: return not(operands[0])
    }
  }
}
