public import SymbolicExpressions

/// Values of symbols.
public struct Assignment: Sendable {
  /// The value of each symbol, in the order of their making.
  public let values: [(symbol: SymExpr.Symbol, value: SymExpr.Number)]

  /// Makes it from its parts.
  public init(_ values: some Sequence<(symbol: SymExpr.Symbol, value: SymExpr.Number)>) {
    self.values = values.sorted { $0.symbol < $1.symbol }
  }

  /// The value of a symbol.
  public subscript(symbol: SymExpr.Symbol) -> SymExpr.Number? { values.first { $0.symbol == symbol }?.value }
}

/// What a search for an assignment came to.
public enum AssignmentAnswer: Sendable {
  /// One was found.
  case found(Assignment)
  /// There is none: every assignment was tried.
  case impossible
  /// The search ended without one, and does not say that there is none.
  case notFound

  /// The assignment, if one was found.
  public var assignment: Assignment? {
    if case .found(let assignment) = self { assignment } else { nil }
  }
}

extension ShapeEnv {
  /// Values of symbols under which `conditions` and everything that is known of their symbols hold.
  ///
  /// Replaced symbols among those of the conditions have values too. Small values are preferred.
  ///
  /// Conditions are evaluated at most `budget` times.
  ///
  /// - Complexity: linear in the number of facts, and `budget`.
  public func assignment(where conditions: [SymBool], budget: Int = 20_000) -> AssignmentAnswer {
    var search = AssignmentSearch(self, where: conditions.map(\.expression), preferring: .small)
    let answer = search.run(budget: budget)
    guard case .found(let found) = answer else { return answer }
    var values = found.values
    for symbol in Set(conditions.flatMap { arena.freeSymbols(of: $0.expression) }) where found[symbol] == nil
    {
      if let value = arena.evaluate(find(symbol), { found[$0] }) { values.append((symbol, value)) }
    }
    return .found(Assignment(values))
  }

  /// The value of `expression` under `assignment`; replaced symbols are what stands for them.
  public func value(of expression: SymExpr, under assignment: Assignment) -> SymExpr.Number? {
    arena.evaluate(resolve(expression)) { assignment[$0] }
  }
}
