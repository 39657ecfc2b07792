import SymbolicExpressions
import SymbolicShapes

extension ShapeEnv {
  /// The symbol whose doubling makes `size` grow most from `example`, and how many times larger it gets; `nil` when
  /// the size depends on none.
  func dominantSymbol(
    of size: SymInt, at example: CostAssignment
  ) -> (symbol: SymExpr.Symbol, growth: Double)? {
    guard let expression = size.symbolicExpression, case .known(let base) = example.value(of: size, self),
      base > 0
    else { return nil }
    var best: (symbol: SymExpr.Symbol, growth: Double)?
    for symbol in Array(arena.freeSymbols(of: resolve(expression))).sorted(by: { $0.index < $1.index }) {
      guard let value = example[symbol] else { continue }
      let (doubled, overflow) = Swift.max(value, 1).multipliedReportingOverflow(by: 2)
      guard !overflow else { continue }
      var larger = example
      larger.set(symbol, to: doubled)
      guard case .known(let grown) = larger.value(of: size, self) else { continue }
      let growth = Double(grown) / Double(base)
      if growth > best?.growth ?? 0 { best = (symbol, growth) }
    }
    return best
  }
}
