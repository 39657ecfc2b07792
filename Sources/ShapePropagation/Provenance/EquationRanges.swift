public import SymbolicExpressions
public import SymbolicShapes

/// The ranges of symbols that follow from equations: `s5*s65 + 8 == 40` leaves 1 … 32 for `s5`.
///
/// PyTorch keeps such an equation beside the ranges, which stay as they were.
public struct EquationRanges {
  /// A range, with the equation it follows from.
  public struct Entry {
    /// The values that the equation allows, within the range that is known without it.
    public let range: IntRange
    /// The equation.
    public let equation: SymExpr
    /// The step that caused it.
    public let origin: ShapeEnv.Origin
  }

  private var entries: [SymExpr.Symbol: Entry] = [:]

  /// Collects what the guards and runtime asserts of `shapes` say.
  public init(_ shapes: ShapeEnv) {
    for fact in shapes.guards { note(fact.expression, fact.origin, shapes) }
    for fact in shapes.runtimeAsserts { note(fact.assert.expression, fact.assert.origin, shapes) }
  }

  /// The narrowest range of `symbol` that follows from one equation; `nil` if none says more than what is known.
  public subscript(symbol: SymExpr.Symbol) -> Entry? { entries[symbol] }

  private mutating func note(_ condition: SymExpr, _ origin: ShapeEnv.Origin, _ shapes: ShapeEnv) {
    guard case .relation(.eq, let lhs, let rhs) = shapes.arena.view(of: shapes.resolve(condition)) else {
      return
    }
    let whole = shapes.arena.add(lhs, shapes.arena.mul(shapes.arena.integer(-1), rhs))
    let symbols = shapes.arena.freeSymbols(of: whole)
    guard symbols.count <= Self.mostSymbols, case .add(let terms) = shapes.arena.view(of: whole) else {
      return
    }
    for symbol in symbols {
      let own = terms.filter { shapes.arena.contains($0, symbol) }
      guard own.count == 1, let term = own.first, case .int(let known)? = shapes.range(of: symbol),
        let allowed = Self.range(of: symbol, in: term, of: whole, shapes)
      else { continue }
      let before = entries[symbol]?.range ?? known
      let lower = Swift.max(before.lower, allowed.lower)
      let upper = Swift.min(before.upper, allowed.upper)
      guard lower <= upper, lower > before.lower || upper < before.upper else { continue }
      entries[symbol] = Entry(
        range: IntRange(lower: lower, upper: upper), equation: condition, origin: origin)
    }
  }

  private static let mostSymbols = 16

  /// The values of `symbol` for which `whole`, of which `term` is a part, can be 0.
  private static func range(
    of symbol: SymExpr.Symbol, in term: SymExpr, of whole: SymExpr, _ shapes: ShapeEnv
  ) -> IntRange? {
    var (coefficient, others) = (1, [SymExpr]())
    let factors: [SymExpr] =
      if case .mul(let factors) = shapes.arena.view(of: term) { factors } else { [term] }
    for factor in factors {
      if let number = shapes.arena.integerValue(of: factor) {
        coefficient = number
      } else if shapes.arena.asSymbol(factor) != symbol {
        others.append(factor)
      }
    }
    let minus = shapes.arena.integer(-1)
    let rest = shapes.arena.add(whole, shapes.arena.mul(minus, term))
    // The rest and the term add up to 0.
    let opposite = coefficient > 0 ? shapes.arena.mul(minus, rest) : rest
    let product = others.reduce(shapes.arena.integer(1)) { shapes.arena.mul($0, $1) }
    let divisor = coefficient.magnitude
    guard factors.contains(where: { shapes.arena.asSymbol($0) == symbol }), divisor > 0, divisor <= Int.max,
      case .int(let total) = shapes.bound(of: opposite), case .int(let other) = shapes.bound(of: product),
      other.lower >= 0
    else { return nil }
    let isPositive = total.lower > 0
    // A product that is not 0 has no factor 0.
    let least = isPositive ? Swift.max(other.lower, 1) : other.lower
    let step = Int(divisor)
    var (lower, upper) = (Int.min, Int.max)
    if total.isBoundedAbove, total.upper >= 0, least >= 1 { upper = total.upper / step / least }
    if isPositive {
      let needed = (total.lower - 1) / step + 1
      lower = other.isBoundedAbove ? (needed - 1) / Swift.max(other.upper, 1) + 1 : 1
    }
    return IntRange(lower: lower, upper: upper)
  }
}

extension ShapeEnv {
  /// The range of a symbol as text, narrowed by what follows from equations.
  public func rangeText(of symbol: SymExpr.Symbol, _ equations: EquationRanges) -> String {
    equations[symbol].map { ShapeEnv.text(of: $0.range) } ?? rangeText(of: symbol)
  }
}
