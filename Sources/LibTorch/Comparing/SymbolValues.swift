import SymbolicExpressions
import SymbolicShapes

/// The numbers that the symbols of a program took in one run.
struct SymbolValues {
  private let shapes: ShapeEnv
  private(set) var values: [SymExpr.Symbol: SymExpr.Number] = [:]

  init(_ shapes: ShapeEnv) { self.shapes = shapes }

  /// The value of an expression; `nil` when a symbol in it has none yet.
  func value(_ expression: SymExpr) -> SymExpr.Number? {
    shapes.arena.evaluate(shapes.resolve(expression)) { values[$0] }
  }

  /// The value of an integer expression.
  func int(_ expression: SymExpr) -> Int? {
    if case .int(let value)? = value(expression) { value } else { nil }
  }

  /// Notes the value of a symbol, under all its names.
  mutating func set(_ symbol: SymExpr.Symbol, _ value: SymExpr.Number) {
    if values[symbol] == nil { values[symbol] = value }
    let known = shapes.find(symbol)
    if let other = shapes.arena.asSymbol(known), values[other] == nil { values[other] = value }
  }

  /// Takes the value of `expression` from a run, and finds with it the value of the one symbol that had none.
  ///
  /// `2*s0 + 1` being 9 gives `s0` the value 4.
  mutating func learn(_ expression: SymExpr, _ real: SymExpr.Number) {
    let expression = shapes.resolve(expression)
    if let symbol = shapes.arena.asSymbol(expression) { return set(symbol, real) }
    guard case .int(let real) = real, let (constant, terms) = shapes.arena.linearForm(of: expression) else {
      return
    }
    var rest = constant
    var unknown: (symbol: SymExpr.Symbol, coefficient: Int)?
    for term in terms {
      if let known = int(term.monomial) {
        let (product, overflows) = known.multipliedReportingOverflow(by: term.coefficient)
        let (sum, overflowsToo) = rest.addingReportingOverflow(product)
        if overflows || overflowsToo { return }
        rest = sum
      } else if unknown == nil, let symbol = shapes.arena.asSymbol(term.monomial) {
        unknown = (symbol, term.coefficient)
      } else {
        return
      }
    }
    let (difference, overflows) = real.subtractingReportingOverflow(rest)
    guard let unknown, !overflows, unknown.coefficient != 0, unknown.coefficient != -1 || difference != .min,
      difference % unknown.coefficient == 0
    else { return }
    set(unknown.symbol, .int(difference / unknown.coefficient))
  }

  /// Names and values, in the order of the names.
  var byName: [(name: String, value: SymExpr.Number)] {
    values.map { (shapes.arena.name(of: $0.key), $0.value) }.sorted { $0.name < $1.name }
  }
}
