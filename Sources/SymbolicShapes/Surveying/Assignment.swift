public import SymbolicExpressions

/// Values of symbols.
public struct Assignment: Sendable {
  /// The value of each symbol, in the order in which they were created.
  public let values: [(symbol: SymExpr.Symbol, value: SymExpr.Number)]

  /// Creates an assignment from its values.
  public init(_ values: some Sequence<(symbol: SymExpr.Symbol, value: SymExpr.Number)>) {
    self.values = values.sorted { $0.symbol < $1.symbol }
  }

  /// The value of a symbol.
  public subscript(symbol: SymExpr.Symbol) -> SymExpr.Number? { values.first { $0.symbol == symbol }?.value }
}

/// The result of searching for an assignment.
public enum AssignmentAnswer: Sendable {
  /// An assignment was found.
  case found(Assignment)
  /// There is none: every assignment was tried.
  case impossible
  /// The search found none, which does not mean that none exists.
  case notFound

  /// The assignment, if one was found.
  public var assignment: Assignment? {
    if case .found(let assignment) = self { assignment } else { nil }
  }
}

extension ShapeEnv {
  /// Values of symbols that satisfy `conditions` and everything known about their symbols.
  ///
  /// Replaced symbols in the conditions get values, too. Small values are preferred.
  ///
  /// Evaluates conditions at most `budget` times.
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

  /// The value of `expression` under `assignment`; replaced symbols take the values of their replacements.
  public func value(of expression: SymExpr, under assignment: Assignment) -> SymExpr.Number? {
    arena.evaluate(resolve(expression)) { assignment[$0] }
  }
}
