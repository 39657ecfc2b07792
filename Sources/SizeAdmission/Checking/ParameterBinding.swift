import SymbolicExpressions
import SymbolicShapes

/// The values of a program's symbols in terms of the given sizes.
///
/// A symbol that is itself a size has the value of that size. One that occurs only in derived sizes, such as `2*s0`, is
/// solved for: `s0 = size // 2`, and the size must be a multiple of 2.
struct ParameterBinding {
  /// The parameters that are given, in order.
  let parameters: [SizeRules.Parameter]
  /// The value of each symbol, in symbols of parameters.
  private(set) var values: [SymExpr.Symbol: SymExpr] = [:]
  /// The symbols that are themselves sizes.
  private var names: [SymExpr.Symbol: SymExpr] = [:]

  init(_ rules: SizeRules, given: [SizeRules.Parameter]) {
    parameters = given
    let shapes = rules.shapes
    for parameter in parameters {
      if let symbol = shapes.arena.asSymbol(parameter.expected), values[symbol] == nil {
        values[symbol] = parameter.given
      }
    }
    names = values
    // Each round solves at least one more symbol, or is the last.
    while parameters.contains(where: { solve($0, shapes) }) {}
  }

  private mutating func solve(_ parameter: SizeRules.Parameter, _ shapes: ShapeEnv) -> Bool {
    let unknown = shapes.arena.freeSymbols(of: parameter.expected).filter { values[$0] == nil }
    guard unknown.count == 1, let symbol = unknown.first,
      let (_, terms) = shapes.arena.linearForm(of: parameter.expected)
    else { return false }
    let handle = shapes.arena.handle(of: symbol)
    let own = terms.filter { shapes.arena.contains($0.monomial, symbol) }
    guard own.count == 1, own[0].monomial == handle else { return false }
    let coefficient = shapes.arena.integer(own[0].coefficient)
    let rest = shapes.arena.sub(parameter.expected, shapes.arena.mul(coefficient, handle))
    let numerator = shapes.arena.sub(parameter.given, applied(to: rest, shapes))
    values[symbol] = shapes.arena.floorDiv(numerator, coefficient)
    return true
  }

  /// `expression` in symbols of parameters, as far as their values are known.
  func applied(to expression: SymExpr, _ shapes: ShapeEnv) -> SymExpr {
    shapes.arena.substitute(expression) { values[$0] }
  }

  /// `expression` as a person reads it: a symbol that is a size is written as that size.
  func text(of expression: SymExpr, _ shapes: ShapeEnv) -> String {
    let named = shapes.arena.substitute(expression) { names[$0] }
    // A condition that holds by the choice of names is shown with the symbols.
    let shown = shapes.arena.booleanValue(of: named) == nil ? named : expression
    guard case .relation(let kind, let lhs, let rhs) = shapes.arena.view(of: shown), !kind.isInequality else {
      return shapes.text(raw: shown)
    }
    return "\(shapes.text(raw: lhs)) \(kind.symbol) \(shapes.text(raw: rhs))"
  }
}
