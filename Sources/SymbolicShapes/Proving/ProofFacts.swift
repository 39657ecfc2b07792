import SymbolicExpressions

/// The facts that a proof may use, indexed by the symbols they contain.
struct ProofFacts {
  /// The ranges of symbols, as far as ``deriveRanges(_:_:)`` found them.
  var ranges = SymbolRanges()
  var reasons = RangeReasons()
  private(set) var conditions: ContiguousArray<(expression: SymExpr, premise: Premise)> = []
  /// The numbers of conditions that must not be used.
  var removed: Set<Int32> = []
  /// How often a condition was looked at to narrow ranges.
  var narrowings = 0
  private var numbers: [Premise: Int32] = [:]
  /// Numbers of conditions, by symbol.
  private var bySymbol: ContiguousArray<ContiguousArray<Int32>> = []

  mutating func add(_ expression: SymExpr, _ premise: Premise, _ arena: borrowing ExprArena) {
    guard arena.booleanValue(of: expression) == nil else { return }
    let number = Int32(truncatingIfNeeded: conditions.count)
    conditions.append((expression, premise))
    numbers[premise] = number
    for position in 0..<arena.freeSymbolCount(of: expression) {
      let index = Int(arena.freeSymbol(of: expression, at: position).index)
      while bySymbol.count <= index { bySymbol.append([]) }
      bySymbol[index].append(number)
    }
  }

  /// Conditions that contain one of `symbols`, those with the fewest other symbols first.
  func conditions(
    about symbols: Set<SymExpr.Symbol>, except used: Set<Int32>, atMost limit: Int,
    _ arena: borrowing ExprArena
  ) -> [Int32] {
    var found: [(strangers: Int, number: Int32)] = []
    var seen = used
    for symbol in symbols where Int(symbol.index) < bySymbol.count {
      // If thousands of facts contain one symbol, only the latest are considered.
      for number in bySymbol[Int(symbol.index)].suffix(4 * limit) where seen.insert(number).inserted {
        let expression = conditions[Int(number)].expression
        var strangers = 0
        for position in 0..<arena.freeSymbolCount(of: expression)
        where !symbols.contains(arena.freeSymbol(of: expression, at: position)) { strangers += 1 }
        found.append((strangers, number))
      }
    }
    return found.sorted { ($0.strangers, $0.number) < ($1.strangers, $1.number) }.prefix(limit).map(\.number)
  }

  /// The number of a condition.
  func number(of premise: Premise) -> Int32? { numbers[premise] }

  /// The conditions that contain `symbol`; if there are thousands, the latest.
  func conditions(about symbol: SymExpr.Symbol) -> ArraySlice<Int32> {
    Int(symbol.index) < bySymbol.count
      ? bySymbol[Int(symbol.index)].suffix(Self.mostLookedAt) : []
  }

  private static let mostLookedAt = 192
}
