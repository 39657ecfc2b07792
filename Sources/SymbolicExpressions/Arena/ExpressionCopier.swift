/// Copies expressions from one arena into another.
///
/// Symbols keep their names.
package struct ExpressionCopier {
  private var known: [SymExpr: SymExpr] = [:]
  private let dropped: SymbolAssumptions

  /// Creates a copier that drops the assumptions `dropped` of symbols.
  package init(dropping dropped: SymbolAssumptions = []) { self.dropped = dropped }

  /// Copies `expression` from `source` into `target`.
  package mutating func copy(
    _ expression: SymExpr, from source: borrowing ExprArena, into target: inout ExprArena
  ) -> SymExpr {
    if expression.small != nil { return expression }
    if let copied = known[expression] { return copied }
    let result = copied(expression, source, &target)
    known[expression] = result
    return result
  }

  private mutating func copied(
    _ expression: SymExpr, _ source: borrowing ExprArena, _ target: inout ExprArena
  ) -> SymExpr {
    switch source.view(of: expression) {
    case .integer(let value): return target.integer(value)
    case .float(let value): return target.float(value)
    case .boolean, .infinite, .tooLarge: return expression
    case .symbol(let symbol):
      let assumptions = source.assumptions(of: symbol).subtracting(dropped)
      return target.symbol(source.name(of: symbol), assumptions)
    case .add(let terms): return target.sum(copies(terms, source, &target))
    case .mul(let factors): return target.product(copies(factors, source, &target))
    case .pow(let base, let exponent):
      return target.pow(copy(base, from: source, into: &target), target.integer(exponent))
    case .call(let function, let operands):
      guard let copy = target.apply(function, copies(operands, source, &target)) else {
        preconditionFailure("\(function.name) takes another number of operands than \(operands.count)")
      }
      return copy
    case .relation(let kind, let lhs, let rhs):
      return target.relation(
        kind, copy(lhs, from: source, into: &target), copy(rhs, from: source, into: &target))
    case .and(let parts): return target.and(copies(parts, source, &target))
    case .or(let parts): return target.or(copies(parts, source, &target))
    case .not(let part): return target.not(copy(part, from: source, into: &target))
    }
  }

  private mutating func copies(
    _ expressions: [SymExpr], _ source: borrowing ExprArena, _ target: inout ExprArena
  ) -> [SymExpr] {
    expressions.map { copy($0, from: source, into: &target) }
  }
}
