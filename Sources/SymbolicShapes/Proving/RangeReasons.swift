import SymbolicExpressions

/// The numbers of the conditions that each symbol's range rests on.
///
/// A copy without some of the conditions shares whatever it does not change.
struct RangeReasons {
  private var own: [SymExpr.Symbol: Set<Int32>] = [:]
  /// The symbols whose range rests, or once rested, on a condition.
  private var symbols: [Int32: [SymExpr.Symbol]] = [:]
  /// The entries that a copy changed: few, while `own` may be large.
  private var changed: [SymExpr.Symbol: Set<Int32>]?

  /// The conditions behind the range of `symbol`.
  subscript(symbol: SymExpr.Symbol) -> Set<Int32> {
    get { changed?[symbol] ?? own[symbol] ?? [] }
    set {
      guard changed == nil else {
        changed?[symbol] = newValue
        return
      }
      for number in newValue.subtracting(own[symbol] ?? []) { symbols[number, default: []].append(symbol) }
      own[symbol] = newValue
    }
  }

  /// The symbols whose range rests on one of `conditions`.
  func symbols(restingOn conditions: Set<Int32>) -> Set<SymExpr.Symbol> {
    var found = Set(conditions.flatMap { symbols[$0] ?? [] })
    if let changed { found.formUnion(changed.keys) }
    return found.filter { !self[$0].isDisjoint(with: conditions) }
  }

  /// A copy that stores its changes separately.
  func sharing() -> RangeReasons {
    var copy = self
    copy.changed = changed ?? [:]
    return copy
  }
}
