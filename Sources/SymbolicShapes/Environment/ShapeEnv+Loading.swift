public import SymbolicExpressions

/// What an archive says about symbols apart from declaring them.
extension ShapeEnv {
  /// Sets the hint of the symbol in `expression`.
  ///
  /// For a sum or product, solves for its symbol if only one symbol has no hint yet.
  public func setHint(_ hint: SymExpr.Number, of expression: SymExpr) {
    if let symbol = arena.asSymbol(expression) {
      reserveColumns(through: symbol)
      if !arena.assumptions(of: symbol).contains(.unbacked) { facts.hints[Int(symbol.index)] = hint }
      changedFromOutside()
      return
    }
    guard case .int(let value) = hint, !arena.hasUnbacked(expression) else { return }
    reserveColumnsForAllSymbols()
    let unknown = arena.freeSymbols(of: expression).filter { facts.hints[Int($0.index)] == nil }
    guard unknown.count == 1, let symbol = unknown.first else { return }
    let known = substitutingHints(in: expression)
    let equation = arena.eq(known, arena.integer(value))
    if let (_, solution) = arena.trySolve(equation, for: arena.handle(of: symbol)),
      case .int(let hint)? = arena.evaluate(solution, { _ in nil })
    {
      facts.hints[Int(symbol.index)] = .int(hint)
      changedFromOutside()
    }
  }

  /// Declares a symbol that a run created as an unconstrained unbacked symbol of the program.
  public func adopt(_ symbol: SymExpr.Symbol) {
    let assumptions = arena.assumptions(of: symbol)
    let isInteger = assumptions.contains(.integer)
    declare(
      arena.name(of: symbol), assumptions, kind: isInteger ? .unbackedInt : .unbackedFloat,
      range: isInteger ? .int(.unbounded) : .float(.unbounded), hint: nil)
  }

  /// Sets the kind of a parsed symbol.
  public func setKind(_ kind: SymbolKind, of symbol: SymExpr.Symbol) {
    reserveColumns(through: symbol)
    facts.kinds[Int(symbol.index)] = kind
    noteNumber(of: arena.name(of: symbol), kind)
    changedFromOutside()
  }

  /// Narrows the range of the one symbol of `expression` so that the expression lies in `range`.
  public func constrain(_ expression: SymExpr, _ range: IntRange) {
    var conditions: [SymExpr] = []
    if range.lower != .min { conditions.append(arena.ge(expression, arena.integer(range.lower))) }
    if range.upper != .max { conditions.append(arena.le(expression, arena.integer(range.upper))) }
    for condition in conditions {
      facts.given.conditions.append(condition)
      changedFromOutside()
      if (try? learn(condition, .declared, as: condition)) == nil { noteContradiction() }
    }
  }
}
